"""Whose session opens pages, and until when."""

from datetime import timedelta

import pytest
from desk import ADMIN, ALICE, START, Desk

from handlers.context import Context
from handlers.pages.visitor import Visitor, visitor
from store import SESSION_AT_MOST, KnownPerson, key_of


def looks(desk: Desk, key: str) -> object:
    found = desk.ask(lambda store: visitor(Context(desk.now, store, desk.here, asks=False), key))
    return found.person.username if isinstance(found, Visitor) else found


def signed_in(desk: Desk, person_id: str = ALICE.id) -> str:
    desk.in_team(person_id)
    return key_of(desk.ask(lambda store: store.begin_page_session(person_id, desk.now)))


def test_a_session_is_known_by_its_secret_alone() -> None:
    desk = Desk()
    key = signed_in(desk)
    assert looks(desk, key) == "alice"
    assert looks(desk, key_of(key)) == "ended"
    assert looks(desk, "") == ""


@pytest.mark.parametrize(("days", "found"), [(6.9, "alice"), (7, "ended"), (400, "ended")])
def test_it_ends_by_itself(days: float, found: str) -> None:
    desk = Desk()
    key = signed_in(desk)
    desk.later(days=days)
    assert looks(desk, key) == found


def test_use_makes_it_last_but_not_for_ever() -> None:
    desk = Desk()
    key = signed_in(desk)
    while desk.now < START + SESSION_AT_MOST - timedelta(days=1):
        desk.later(days=1)
        desk.ask(lambda store: store.use_page_session(key, desk.now))
        assert looks(desk, key) == "alice"
    desk.later(days=1)
    assert looks(desk, key) == "ended"


@pytest.mark.parametrize(
    ("change", "why"), [({"is_active": False}, "deactivated"), ({"is_bot": True}, "deactivated"), ({}, "alice")]
)
def test_an_account_that_may_not_be_used_looks_at_nothing(change: dict[str, bool], why: str) -> None:
    desk = Desk()
    key = signed_in(desk)
    desk.ask(lambda store: store.learn(KnownPerson(id=ALICE.id, username="alice", seen_at=desk.now, **change)))
    assert looks(desk, key) == why


def test_who_is_in_no_team_looks_at_nothing_but_for_who_runs_the_server() -> None:
    desk = Desk()
    mine, roots = signed_in(desk), signed_in(desk, ADMIN.id)
    desk.strangers = {ALICE.id, ADMIN.id}
    desk.in_team(ALICE.id, ADMIN.id)
    assert looks(desk, mine) == "no_team"
    assert looks(desk, roots) == "root"


def test_of_much_that_was_written_in_vain_only_the_newest_is_kept() -> None:
    from store import Flash

    desk = Desk()
    key, written = signed_in(desk), {"description": "x" * 400_000}
    for _ in range(5):
        desk.ask(lambda store: store.tell_page_session(key, [Flash(text="no", values=written)]))
    told = desk.ask(lambda store: store.page_session(key)).told
    assert [bool(one.values) for one in told] == [False, False, False, False, True]


def test_what_is_to_be_told_is_told_once() -> None:
    from store import Flash

    desk = Desk()
    key = signed_in(desk)
    desk.ask(lambda store: store.tell_page_session(key, [Flash(text=f"{number}") for number in range(9)]))
    row = desk.ask(lambda store: store.page_session(key))
    assert [one.text for one in row.told] == ["4", "5", "6", "7", "8"]
    desk.ask(lambda store: store.use_page_session(key, desk.now))
    assert desk.ask(lambda store: store.page_session(key)).told == []
