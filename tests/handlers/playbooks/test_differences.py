"""What differs between two playbooks: told by titles, moves as moves, and taken over one by one or all together."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.playbooks.changes import NotThere
from handlers.playbooks.differences import Difference, counted, differences
from handlers.playbooks.playbook import Playbook
from handlers.playbooks.take_differences import taken
from tests.any_playbook import playbooks

BEFORE: dict[str, Any] = {
    "title": "Outage",
    "keywords": ["down", "sev-1"],
    "updates": {"every": "30m"},
    "roles": ["scribe"],
    "retrospective": {"metrics": [{"title": "Time to fix", "from": "started", "to": "finished", "target": "1h"}]},
    "checklists": [
        {"title": "Look", "tasks": ["Confirm it", {"title": "Call", "due": "15m"}, "Ask around"]},
        {"title": "Mend", "tasks": ["Roll back", "Restart", "Watch"]},
    ],
    "actions": [{"post": "Hello"}, {"on": "finish", "post": "Bye"}],
}


def told(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Return the differences as lines."""
    found = differences(Playbook.model_validate(before), Playbook.model_validate(after))
    return [_line(one) for one in found]


def _line(one: Difference) -> str:
    words = " -> ".join(word for word in (one.before, one.after) if word)
    return f"{one.sign} {one.path}: {words}" + (" (moved)" if one.is_move else "")


def changed(**keys: Any) -> dict[str, Any]:
    return BEFORE | keys


def lists(*found: tuple[str, list[Any]]) -> dict[str, Any]:
    return changed(checklists=[{"title": title, "tasks": tasks} for title, tasks in found])


LOOK, MEND = BEFORE["checklists"][0]["tasks"], BEFORE["checklists"][1]["tasks"]


@pytest.mark.parametrize(
    ("after", "lines"),
    [
        (BEFORE, []),
        (changed(title="Outages", key="outage"), ["~ title: Outage -> Outages"]),
        (changed(description="Any."), ["+ description: Any."]),
        (changed(keywords=["sev-1", "fire"]), ["+ keywords: fire", "- keywords: down"]),
        (changed(updates={"every": "1h 30m"}), ["~ updates › every: 30m -> 1h 30m"]),
        (changed(updates={}), ["~ updates › every: 30m -> never"]),
        (
            changed(roles=[{"name": "scribe", "person": "@ann"}, "commander"]),
            ["+ roles › scribe › person: @ann", "+ roles › commander: commander"],
        ),
        (changed(channel={"archive": True}), ["~ channel › archive: false -> true"]),
        (
            changed(retrospective={"metrics": [BEFORE["retrospective"]["metrics"][0] | {"target": "2h"}]}),
            ["~ retrospective › metrics › Time to fix › target: 1h -> 2h"],
        ),
        (
            changed(actions=[{"on": "finish", "post": "Bye"}, {"post": "Hello!"}]),
            [
                "~ actions › finish post: 2 -> 1 (moved)",
                "~ actions › start post › post: Hello -> Hello!",
            ],
        ),
        (
            lists(("Look", LOOK)),
            ["- Mend › Roll back: Roll back", "- Mend › Restart: Restart", "- Mend › Watch: Watch", "- Mend: Mend"],
        ),
        (
            lists(("Look", [LOOK[0], {"title": "Call", "due": "30m", "assignee": "scribe"}, LOOK[2]]), ("Mend", MEND)),
            ["+ Look › Call › assignee: scribe", "~ Look › Call › due: 15m -> 30m"],
        ),
        (
            lists(("Look", LOOK), ("Mend", ["Watch", "Roll back", "Restart"])),
            ["~ Mend › Watch: Mend 3 -> Mend 1 (moved)"],
        ),
        (
            lists(("Look", [*LOOK, "Restart"]), ("Mend", ["Roll back", "Watch"])),
            ["~ Look › Restart: Mend 2 -> Look 4 (moved)"],
        ),
        (lists(("Mend", MEND), ("Look", LOOK)), ["~ Mend: 2 -> 1 (moved)"]),
        (lists(("Look", LOOK), ("Repair", MEND)), ["~ Repair › title: Mend -> Repair"]),
        (
            lists(("Look", ["Confirm it now", *LOOK[1:]]), ("Mend", MEND)),
            ["~ Look › Confirm it now › title: Confirm it -> Confirm it now"],
        ),
        (
            lists(("Look", [*LOOK, {"title": "Tell", "due": "1d"}]), ("Mend", MEND)),
            ["+ Look › Tell: {title: Tell, due: 1d}"],
        ),
        (
            lists(("Look", LOOK), ("Mend", MEND), ("Learn", ["Write"])),
            ["+ Learn: Learn", "+ Learn › Write: Write"],
        ),
    ],
    ids=str,
)  # fmt: skip
def test_it_is_told_in_words(after: dict[str, Any], lines: list[str]) -> None:
    assert told(BEFORE, after) == lines


def test_they_are_counted_by_their_signs() -> None:
    found = differences(Playbook.model_validate(BEFORE), Playbook.model_validate(changed(keywords=["fire"])))
    assert counted(found) == {"+": 1, "~": 0, "-": 2}


@given(playbooks(), playbooks())
@settings(max_examples=30, deadline=None)
def test_there_are_some_exactly_where_playbooks_differ(one: Playbook, other: Playbook) -> None:
    assert differences(one, one) == ()
    assert bool(differences(one, other)) == (one != other)
    assert taken(one, other, differences(one, other)) == other


TITLES = st.sampled_from(["Call", "Look", "Ask", "Mend", "Wait", "Tell", "Roll back", "Watch the graphs"])
SHUFFLED = st.lists(
    st.tuples(st.sampled_from(["A1", "B22", "C333"]), st.lists(TITLES, max_size=4)),
    max_size=3,
    unique_by=lambda one: one[0],
).map(lambda found: lists(*_each_once(found)))


def _each_once(found: list[tuple[str, list[str]]]) -> list[tuple[str, list[Any]]]:
    seen: set[str] = set()
    made = []
    for title, tasks in found:
        own = [task for task in dict.fromkeys(tasks) if task not in seen]
        seen.update(own)
        made.append((title, list(own)))
    return made


@given(SHUFFLED, SHUFFLED, st.randoms(use_true_random=False))
@settings(max_examples=80, deadline=None)
def test_taking_them_one_after_the_other_leads_there_too(
    one: dict[str, Any], other: dict[str, Any], random: Any
) -> None:
    book, after = Playbook.model_validate(one), Playbook.model_validate(other)
    for _ in range(40):
        if not (left := differences(book, after)):
            break
        step = taken(book, after, [random.choice(left)])
        assert step != book or len(left) > 1
        book = step
    assert book == after


def test_one_is_taken_and_the_others_are_not() -> None:
    book = Playbook.model_validate(BEFORE)
    after = Playbook.model_validate(
        lists(("Look", [*LOOK, {"title": "Tell", "due": "1d"}]), ("Mend", ["Watch", "Roll back"]))
        | {"keywords": ["fire"]}
    )
    by_path = {one.path: one for one in differences(book, after)}
    made = taken(book, after, [by_path["Look › Tell"]])
    assert [task.title for task in made.checklists[0].tasks] == ["Confirm it", "Call", "Ask around", "Tell"]
    assert made.checklists[0].tasks[3].due == 86400
    assert (made.checklists[1:], made.keywords) == (book.checklists[1:], book.keywords)


def test_what_another_one_differs_in_is_taken_over_besides() -> None:
    base = Playbook.model_validate(BEFORE)
    mine = Playbook.model_validate(changed(updates={"every": "1h"}))
    theirs = Playbook.model_validate(changed(keywords=["fire"]))
    both = Playbook.model_validate(changed(updates={"every": "1h"}, keywords=["fire"]))
    assert taken(theirs, mine, differences(base, mine)) == both


def test_what_is_gone_meanwhile_cannot_be_changed() -> None:
    base = Playbook.model_validate(BEFORE)
    mine = Playbook.model_validate(changed(roles=[{"name": "scribe", "person": "@ann"}]))
    theirs = Playbook.model_validate(changed(roles=[]))
    with pytest.raises(NotThere):
        taken(theirs, mine, differences(base, mine))


def test_a_task_for_a_role_that_was_not_taken_over_is_refused() -> None:
    book = Playbook.model_validate(BEFORE)
    after = Playbook.model_validate(
        changed(
            roles=["scribe", "driver"],
            checklists=[
                {"title": "Look", "tasks": [*LOOK, {"title": "Drive", "assignee": "driver"}]},
                BEFORE["checklists"][1],
            ],
        )
    )
    task = next(one for one in differences(book, after) if one.path == "Look › Drive")
    with pytest.raises(ValueError, match="driver"):
        taken(book, after, [task])
