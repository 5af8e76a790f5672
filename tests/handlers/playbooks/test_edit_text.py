"""A change is made in a playbook's own text: comments and everything else stay, and the patch really applies."""

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.playbooks.changes import AddTask, PlaybookChange, RemoveKeyword, RemoveTask, SetDue, SetEvery, changed
from handlers.playbooks.edit_text import NotEditable, edited
from handlers.playbooks.file import PlaybookMistake, read_playbook
from handlers.playbooks.patch import patch, shown

TEXT = """\
# Ours; ask @ann before you change it.
title: Incident response
keywords:
  - sev-1   # the usual one
  # nobody says this any more
  - "outage: all"
  - fire
updates:
  every: 30m  # agreed on with support
checklists:
  - title: Triage
    tasks:
      - Acknowledge the alert
      # The bridge is in the wiki.
      - title: Open a bridge call   # loud
        due: 15m # minutes
        description: |
          Ring:

            the bell
      - Tell legal

  - title: Fix
    tasks: [Roll back, "Tell support, too", Watch]
"""
CHANGES: list[PlaybookChange] = [
    RemoveKeyword("sev-1"),
    RemoveKeyword("outage: all"),
    RemoveKeyword("fire"),
    SetEvery(5400),
    RemoveTask("Triage", "Acknowledge the alert"),
    RemoveTask("Triage", "Open a bridge call"),
    RemoveTask("Triage", "Tell legal"),
    RemoveTask("Fix", "Roll back"),
    RemoveTask("Fix", "Tell support, too"),
    RemoveTask("Fix", "Watch"),
    SetDue("Triage", "Open a bridge call", 2700),
    AddTask("Triage", "Page the vendor: now #1"),
    AddTask("Fix", "Look, then [leap]"),
    AddTask("Fix", "404"),
    SetDue("Fix", "Watch", 60),
]


def comments(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip().startswith("#")]


@pytest.mark.parametrize("change", CHANGES, ids=str)
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["unix", "windows"])
def test_a_change_means_what_it_says_and_nothing_else(change: PlaybookChange, newline: str) -> None:
    text = TEXT.replace("\n", newline)
    made = edited(text, change)

    assert read_playbook(made, "f") == changed(read_playbook(text, "f"), change)
    assert comments(made) == comments(text)
    assert ("\r\n" in made) == (newline == "\r\n")
    gone = len(set(text.split(newline)) - set(made.split(newline)))
    assert gone <= (1 if not isinstance(change, RemoveTask) else 6)


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_without_a_newline_at_the_end_it_is_the_same(change: PlaybookChange) -> None:
    made = edited(TEXT.rstrip("\n"), change)
    assert read_playbook(made, "f") == changed(read_playbook(TEXT, "f"), change)


def test_a_task_is_added_behind_the_last_one_and_its_comment() -> None:
    made = edited("title: T\nchecklists:\n- title: L\n  tasks:\n  - One # first\n", AddTask("L", "Two"))
    assert made == "title: T\nchecklists:\n- title: L\n  tasks:\n  - One # first\n  - Two\n"


def test_what_is_written_in_another_way_is_left_to_people() -> None:
    odd = "title: T\nkeywords:\n  -\n    sev-1\n  - b\n"
    with pytest.raises(NotEditable):
        edited(odd, RemoveKeyword("sev-1"))
    for change in (
        RemoveKeyword("gone"),
        RemoveTask("Triage", "Gone"),
        AddTask("Gone", "x"),
    ):
        with pytest.raises(NotEditable):
            edited(TEXT, change)
    with pytest.raises(NotEditable):
        edited("title: [", SetEvery(60))


def test_people_see_the_lines_that_differ() -> None:
    seen = shown(TEXT, edited(TEXT, SetDue("Triage", "Open a bridge call", 2700)))
    assert "-        due: 15m # minutes" in seen
    assert "+        due: 45m # minutes" in seen
    assert "@@" not in seen


@pytest.mark.parametrize("tool", [tool for tool in ("git", "patch") if shutil.which(tool)])
@pytest.mark.parametrize("name", ["incident.yaml", "books/our incident.yaml"])
@pytest.mark.parametrize("ending", ["\n", ""], ids=["newline", "no newline"])
def test_the_patch_applies(tool: str, name: str, ending: str, tmp_path: Path) -> None:
    before = TEXT.rstrip("\n") + ending
    after = before
    for change in (RemoveKeyword("outage: all"), SetEvery(5400), AddTask("Triage", "Page"), RemoveTask("Fix", "Watch")):
        after = edited(after, change)
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(before)
    (tmp_path / "the.patch").write_text(patch(before, after, name))
    command = ["git", "apply", "the.patch"] if tool == "git" else ["patch", "-p1", "-i", "the.patch"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr + done.stdout
    assert file.read_text() == after


TITLES = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=40)


@given(TITLES.map(str.strip).filter(bool))
@settings(max_examples=60, deadline=None)
def test_any_title_is_added_as_it_is_or_left_to_people(title: str) -> None:
    try:
        made = edited(TEXT, AddTask("Triage", title))
    except NotEditable:
        return
    try:
        added = read_playbook(made, "f").checklists[0].tasks[-1].title
    except PlaybookMistake as mistake:
        raise AssertionError(made) from mistake
    assert added == title
