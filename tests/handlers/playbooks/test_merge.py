"""Two changes of one playbook are put together: what both did is in it, and where they clash, both are told."""

from typing import Any

import pytest
from hypothesis import given, settings

from handlers.playbooks.merge import Clash, merged
from handlers.playbooks.playbook import Playbook, playbook_of
from tests.any_playbook import playbooks

BASE: dict[str, Any] = {
    "title": "Outage",
    "keywords": ["down", "sev-1"],
    "updates": {"every": "30m"},
    "roles": ["scribe"],
    "checklists": [
        {"title": "Look", "tasks": ["Confirm it", {"title": "Call", "due": "15m"}, "Ask around"]},
        {"title": "Mend", "tasks": ["Roll back", "Restart", "Watch"]},
    ],
}


def book(**said: Any) -> Playbook:
    return playbook_of({**BASE, **said})


def lists(look: list[Any] | None = None, mend: list[Any] | None = None) -> dict[str, Any]:
    first, second = BASE["checklists"]
    both = ("Look", look or first["tasks"]), ("Mend", mend or second["tasks"])
    return {"checklists": [{"title": title, "tasks": tasks} for title, tasks in both]}


@pytest.mark.parametrize(
    ("mine", "theirs", "both"),
    [
        ({"description": "A"}, {"keywords": ["down"]}, {"description": "A", "keywords": ["down"]}),
        ({"keywords": ["down", "fire", "sev-1"]}, {"keywords": ["sev-1"]}, {"keywords": ["fire", "sev-1"]}),
        ({"updates": {"every": "1h"}}, {"updates": {"every": "30m", "template": "x"}},
         {"updates": {"every": "1h", "template": "x"}}),
        (lists(["Confirm it", {"title": "Call", "due": "1h"}, "Ask around"]),
         lists(["Confirm it", {"title": "Call them", "due": "15m"}, "Ask around"]),
         lists(["Confirm it", {"title": "Call them", "due": "1h"}, "Ask around"])),
        (lists(mend=["Watch", "Roll back", "Restart"]), lists(mend=["Roll back", "Restart", "Breathe", "Watch"]),
         lists(mend=["Watch", "Roll back", "Restart", "Breathe"])),
        (lists(mend=["Roll back", "Watch"]), lists(mend=["Roll back", "Restart", "Watch", "Tell"]),
         lists(mend=["Roll back", "Watch", "Tell"])),
        ({"roles": ["scribe", "lead"]}, {"roles": []}, {"roles": ["lead"]}),
    ],
)  # fmt: skip
def test_what_both_did_is_in_it(mine: Any, theirs: Any, both: Any) -> None:
    found = merged(book(), book(**mine), book(**theirs))
    assert found.clashes == ()
    assert found.book == book(**both)


@pytest.mark.parametrize(
    ("mine", "theirs", "way"),
    [
        ({"description": "A"}, {"description": "B"}, ("description",)),
        ({"updates": {"every": "1h"}}, {"updates": {"every": "2h"}}, ("updates", "every")),
        (lists(["Confirm it", "Ask around"]), lists(["Confirm it", {"title": "Call", "due": "1h"}, "Ask around"]),
         ("checklists", "Look", "tasks", "Call")),
        ({"insights": "~ops"}, {"insights": "~sales"}, ("insights", "channel")),
    ],
)  # fmt: skip
def test_where_they_clash_both_are_told_and_either_can_count(mine: Any, theirs: Any, way: tuple[str, ...]) -> None:
    one, other = book(**mine), book(**theirs)
    (clash,) = merged(book(), one, other).clashes
    assert clash.way == way
    assert merged(book(), one, other, "mine").book == one
    assert merged(book(), one, other, "theirs").book == other


def test_changes_that_cannot_stand_together_clash_as_a_whole() -> None:
    mine = book(**lists(["Confirm it", {"title": "Call", "assignee": "scribe", "due": "15m"}, "Ask around"]))
    (clash,) = merged(book(), mine, book(roles=[])).clashes
    assert clash.way == ()
    assert "scribe" in clash.mine


def test_a_rota_is_one_thing() -> None:
    def rota(*people: str) -> Playbook:
        return book(roles=[{"name": "scribe", "rota": {"people": list(people), "from": "2026-01-05"}}])

    mine, theirs = rota("@ann", "@bob", "@ann"), rota("@bob", "@ann")
    (clash,) = merged(rota("@ann", "@bob"), mine, theirs).clashes
    assert clash == Clash(("roles", "scribe", "rota", "people"), "@ann, @bob, @ann", "@bob, @ann")
    assert clash.path == "roles › scribe › rota › people"


@given(playbooks(), playbooks())
@settings(max_examples=25)
def test_who_changed_nothing_takes_what_the_other_did(one: Playbook, other: Playbook) -> None:
    assert merged(one, one, other).book == other
    assert merged(one, other, one).book == other
    assert merged(one, other, other) == merged(other, other, other)


@given(playbooks(), playbooks(), playbooks())
@settings(max_examples=25)
def test_what_comes_of_any_two_is_a_playbook(base: Playbook, mine: Playbook, theirs: Playbook) -> None:
    found = merged(base, mine, theirs)
    assert playbook_of(found.book.definition()) == found.book
