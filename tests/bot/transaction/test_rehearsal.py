"""Decisions of which nothing stays."""

import pytest
from desk import START

from bot.transaction.rehearsal import Rehearsal
from store import KnownTeam, Store


def learnt(store: Store) -> int:
    """Learn of a team, and return how many are known then."""
    store.learn(KnownTeam(id=f"t{len(store.teams())}", name="ops", seen_at=START))
    return len(store.teams())


async def test_nothing_of_a_rehearsal_stays() -> None:
    rehearsal = Rehearsal()
    assert [await rehearsal.ask(learnt) for _ in range(2)] == [1, 1]


async def test_what_breaks_in_a_rehearsal_comes_through_and_leaves_nothing_either() -> None:
    rehearsal = Rehearsal()

    def breaks(store: Store) -> None:
        learnt(store)
        raise LookupError("gone")

    with pytest.raises(LookupError):
        await rehearsal.ask(breaks)
    assert await rehearsal.ask(learnt) == 1
