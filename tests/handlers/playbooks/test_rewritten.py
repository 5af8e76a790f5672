"""A file comes to say what another playbook does: only lines that differ change, and comments stay with their own."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.library.shelf import starter_files
from handlers.playbooks.differences import differences
from handlers.playbooks.edit_text import NotEditable, rewritten
from handlers.playbooks.file import read_playbook
from handlers.playbooks.playbook import Playbook
from handlers.playbooks.write_yaml import written
from tests.any_playbook import playbooks

TEXT = """\
# Ours; ask @ann before you change it.
title: Incident response

# What starts it.
keywords:
  # the usual one
  - sev-1
  - fire # rare

  # rarely said
  - "outage: all"
updates:
  every: 30m  # agreed on with support
  # who is told
  broadcast: ["~ops"]
checklists:
  # at once
  - title: Triage
    tasks:
      - Acknowledge the alert
      # The bridge is in the wiki.
      - title: Open a bridge call   # loud
        # not sooner
        due: 15m # minutes
        description: |
          Ring:

            the bell
          # no comment
      # only in the EU
      - Tell legal

  # when it is known
  - title: Fix
    tasks: [Roll back, "Tell support, too", Watch]
"""


def after(**keys: Any) -> Playbook:
    return Playbook.model_validate(read_playbook(TEXT, "f").definition() | keys)


def tasks(*lists: tuple[str, list[Any]]) -> list[dict[str, Any]]:
    return [{"title": title, "tasks": some} for title, some in lists]


CALL = {"title": "Open a bridge call", "due": "15m", "description": "Ring:\n\n  the bell\n# no comment"}
TELL = {"title": "Tell legal", "assignee": "owner"}
TRIAGE = ["Acknowledge the alert", CALL, "Tell legal"]
SAY = {"title": "Say", "due": "1d"}
FIX = ["Roll back", "Tell support, too", "Watch"]


def changed(book: Playbook) -> tuple[list[str], list[str]]:
    """Return the lines that are gone and those that are new, in the text that says what a playbook does."""
    made = rewritten(TEXT, book)
    assert read_playbook(made, "f") == book
    old, new = TEXT.splitlines(), made.splitlines()
    return [line for line in old if line not in new], [line for line in new if line not in old]


@pytest.mark.parametrize(
    ("keys", "gone", "new"),
    [
        ({}, [], []),
        ({"title": "Incidents"}, ["title: Incident response"], ["title: Incidents", "key: incident-response"]),
        ({"description": "Any\nof them"}, [], ["description: |", "  Any", "  of them"]),
        ({"keywords": ["fire", "sev-1", "outage: all"]}, [], []),
        ({"keywords": ["sev-1", "fire"]}, ['  - "outage: all"'], []),
        ({"keywords": ["#new", "sev-1", "fire", "outage: all"]}, [], ["  - '#new'"]),
        (
            {"updates": {"every": "1h", "broadcast": ["~ops", "~all"], "template": "What?"}},
            ["  every: 30m  # agreed on with support", '  broadcast: ["~ops"]'],
            ["  every: 1h  # agreed on with support", "  template: What?", '  broadcast: ["~ops", ~all]'],
        ),
        ({"updates": {"every": "30m"}}, ['  broadcast: ["~ops"]'], ["  broadcast: []"]),
        ({"channel": {"visibility": "private"}}, [], ["channel:", "  visibility: private"]),
        ({"checklists": tasks(("Triage", ["Tell legal", *TRIAGE[:2]]), ("Fix", FIX))}, [], []),
        ({"checklists": tasks(("Fix", FIX), ("Triage", TRIAGE))}, [], []),
        (
            {"checklists": tasks(("Triage", [TRIAGE[0], CALL | {"due": "1h"}, TRIAGE[2]]), ("Fix", FIX))},
            ["        due: 15m # minutes"],
            ["        due: 1h # minutes"],
        ),
        (
            {"checklists": tasks(("Triage", [*TRIAGE[:2], TELL]), ("Fix", FIX))},
            ["      - Tell legal"],
            ["      - title: Tell legal", "        assignee: owner"],
        ),
        (
            {"checklists": tasks(("Triage", [*TRIAGE[:1], "Tell legal"]), ("Fix", [*FIX, "Look"]))},
            [
                "      - title: Open a bridge call   # loud",
                "        # not sooner",
                "        due: 15m # minutes",
                "        description: |",
                "          Ring:",
                "            the bell",
                "          # no comment",
                '    tasks: [Roll back, "Tell support, too", Watch]',
            ],
            ['    tasks: [Roll back, "Tell support, too", Watch, Look]'],
        ),
        (
            {"checklists": tasks(("Triage", TRIAGE), ("Fix", FIX), ("Learn", ["Write", SAY]))},
            [],
            ["  - title: Learn", "      - Write", "      - title: Say", "        due: 1d"],
        ),
        (
            {"checklists": tasks(("Triage", TRIAGE))},
            ["  - title: Fix", '    tasks: [Roll back, "Tell support, too", Watch]'],
            [],
        ),
        ({"insights": "~ops", "checklists": tasks(("Triage", TRIAGE), ("Fix", FIX))}, [], ["insights: ~ops"]),
    ],
    ids=str,
)
def test_only_the_lines_that_differ_change(keys: dict[str, Any], gone: list[str], new: list[str]) -> None:
    assert changed(after(**keys)) == (gone, new)


def test_a_task_that_moves_takes_its_comments_along() -> None:
    made = rewritten(TEXT, after(checklists=tasks(("Triage", TRIAGE[:2]), ("Learn", ["Tell legal"]), ("Fix", FIX))))
    assert "  - title: Learn\n    tasks:\n      # only in the EU\n      - Tell legal\n" in made
    assert made.count("only in the EU") == 1


def test_the_comment_of_what_is_taken_out_is_nobody_elses() -> None:
    made = rewritten(TEXT, after(keywords=["fire", "outage: all"]))
    assert "  # the usual one\n\n  - fire # rare\n" in made


def test_ends_of_lines_and_marks_stay_as_they_were() -> None:
    text = "\ufeff" + TEXT.replace("\n", "\r\n").removesuffix("\r\n")
    made = rewritten(text, after(welcome="Hello\nyou"))
    assert made.startswith("\ufeff#")
    assert "\r\nwelcome: |\r\n  Hello\r\n  you\r\n" in made
    assert made.count("\n") == made.count("\r\n")
    assert not made.endswith("\n")


def test_what_says_the_same_is_not_touched() -> None:
    assert rewritten(TEXT, read_playbook(TEXT, "f")) is TEXT


def test_a_comment_within_brackets_is_for_people_to_keep() -> None:
    text = "title: T\nkeywords: [a, # first\n  b]\n"
    with pytest.raises(NotEditable):
        rewritten(text, Playbook(title="T", keywords=("b",)))


@pytest.mark.parametrize(("name", "text"), list(starter_files()))
def test_a_starter_comes_to_say_what_another_does(name: str, text: str) -> None:
    ours = read_playbook(text, name)
    for other, theirs in starter_files():
        wish = read_playbook(theirs, other)
        made = rewritten(text, wish)
        assert read_playbook(made, name) == wish
    assert ours == read_playbook(rewritten(text, ours), name)


@given(playbooks(), playbooks())
@settings(max_examples=30, deadline=None)
def test_what_was_written_here_comes_to_say_anything(one: Playbook, other: Playbook) -> None:
    assert read_playbook(rewritten(written(one), other), "f") == other


LENGTHS = st.sampled_from(["5m", "1h", None])


# No two of them are alike: that would be one with another title.
NAMES = ("Call", "Look out", "Mend", "Wipe disks", "X-ray", "Quiz Joe", "Bring tea", "Vote")


def _task(number: int, due: str | None, words: str) -> Any:
    said = {"title": NAMES[number], "due": due, "description": words}
    return {key: value for key, value in said.items() if value}


WORDS = st.sampled_from(["", "", "one line", "two\n# lines\n  in"])
TASKS = st.builds(_task, st.integers(0, 7), LENGTHS, WORDS)
KEYWORDS = st.lists(st.sampled_from(["a1", "b2", "c3", "#d"]), max_size=4, unique=True)


def _made(lists: list[tuple[str, list[Any]]], keywords: list[str], every: str | None) -> Playbook:
    seen: set[str] = set()
    made = []
    for title, some in lists:
        own = [one for one in {task["title"]: task for task in some}.values() if one["title"] not in seen]
        seen.update(one["title"] for one in own)
        made.append({"title": title, "tasks": own})
    said = {"title": "T", "keywords": keywords, "checklists": made, "updates": {"every": every} if every else {}}
    return Playbook.model_validate(said)


BOOKS = st.builds(
    _made,
    st.lists(
        st.tuples(st.sampled_from(["List A", "List B", "List C"]), st.lists(TASKS, max_size=5)),
        max_size=3,
        unique_by=lambda one: one[0],
    ),
    KEYWORDS,
    LENGTHS,
)


def _commented(text: str, above: list[bool], beside: list[bool]) -> str:
    """Write a comment of its own above and beside the lines that something begins in."""
    begins = {node.start_mark.line for node in _begun(yaml.compose(text, Loader=yaml.SafeLoader))}
    made = []
    for number, line in enumerate(text.splitlines()):
        here = line.strip().removeprefix("- ")
        if number in begins and above[number % len(above)]:
            made.append(f"{line[: len(line) - len(line.lstrip())]}# above {here}")
        is_value = number in begins and beside[number % len(beside)] and "'" not in line
        made.append(f"{line}  # beside {here}" if is_value else line)
    return "\n".join(made) + "\n"


def _begun(node: Any) -> Iterator[Any]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield key
            yield from _begun(value)
    elif isinstance(node, yaml.SequenceNode):
        for one in node.value:
            yield one
            yield from _begun(one)


FLAGS = st.lists(st.booleans(), min_size=1, max_size=7)


@given(BOOKS, BOOKS, FLAGS, FLAGS)
@settings(max_examples=80, deadline=None)
def test_no_comment_is_lost_or_ends_up_at_another_item(
    before: Playbook, wish: Playbook, above: list[bool], beside: list[bool]
) -> None:
    text = _commented(written(before), above, beside)
    assert read_playbook(text, "f") == before
    made = rewritten(text, wish)
    assert read_playbook(made, "f") == wish

    lines = [line.strip().removeprefix("- ") for line in made.splitlines()]
    titles = {one.before: one.after for one in differences(before, wish) if one.path.endswith("› title")}
    named = {task.title for task in wish.tasks} | {one.title for one in wish.checklists} | set(wish.keywords)
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        own = _now(line.removeprefix("# above "), titles)
        if line.startswith("# above ") and own in named:
            # It stands above its own, and nobody else's.
            assert _name(following) == own
        elif line.startswith("# above "):
            assert _name(following) not in named - {own}
        said, mark, words = line.partition("  # beside ")
        if mark and (_now(words, titles) in named or _name(said) in named):
            assert _name(said) == _now(words, titles)
    for line in filter(_is_comment, text.splitlines()):
        assert _now(line.strip().removeprefix("# above "), titles) not in named or line.strip() in lines


def _name(line: str) -> str:
    """Return what an entry is known by, from the line that it begins in."""
    return line.partition("  #")[0].removeprefix("title: ").strip("'")


def _now(line: str, titles: Mapping[str, str]) -> str:
    """Return what an entry is known by now."""
    return titles.get(_name(line), _name(line))


def _is_comment(line: str) -> bool:
    return line.strip().startswith("# above ")
