"""The words that mean none: the same ones for every command and dialog that can take something away."""

import pytest
from desk import INCIDENT, Desk, one, started_run

from handlers import effects as do
from handlers.events import Place
from handlers.playbooks.playbook import Playbook
from handlers.text.arguments import NONE
from store import Run, Task

BOOK = Playbook.model_validate({**INCIDENT.definition(), "roles": [{"name": "scribe", "person": "@bob"}]})
WORDS = pytest.mark.parametrize("word", [*sorted(NONE), "No", "OFF"])


def begun() -> tuple[Desk, Place]:
    desk = Desk(BOOK)
    return desk, started_run(desk)


def task(desk: Desk) -> Task:
    found = desk.ask(lambda store: store.task(1))
    assert found is not None
    return found


def run(desk: Desk) -> Run:
    found = desk.ask(lambda store: store.run(1))
    assert found is not None
    return found


@WORDS
def test_every_command_takes_it(word: str) -> None:
    desk, place = begun()
    for given in ("@bob", word):
        desk.commands(f"assign 1.1 {given}", place=place)
    for part in ("due 1.1 tomorrow", "edit 1.1 description: Call", "edit 1.1 command: /call", 'done-when 1.1 "ok"'):
        desk.commands(part, place=place)
    before = task(desk)
    assert (before.assignees, before.description, before.command, before.words) == ([], "Call", "/call", ["ok"])
    assert before.due_at is not None
    for part in ("due 1.1", "edit 1.1 description:", "edit 1.1 command:", "done-when 1.1", "update", "role scribe"):
        written = f"update next={word} All is well" if part == "update" else f"{part} {word}"
        assert one(desk.commands(written, place=place), do.Answer)
    after = task(desk)
    assert (after.due_at, after.description, after.command, after.words) == (None, "", "", [])
    assert run(desk).update_due_at is None
    assert [row.person_id for row in desk.ask(lambda store: store.role_holders(1))] == [""]


@WORDS
def test_every_dialog_takes_it_where_a_time_people_or_a_command_are_written(word: str) -> None:
    desk, place = begun()
    for part in ("assign 1.1 @bob", "due 1.1 tomorrow", "edit 1.1 command: /call", 'done-when 1.1 "ok" by @bob'):
        desk.commands(part, place=place)
    dialog = one(desk.commands("edit 1.1", place=place), do.Ask).dialog
    filled = {entry.name: entry.default for entry in dialog.entries if not isinstance(entry.default, bool)}
    filled |= {"assignee": "", "others": word, "due": word, "command": word, "description": word, "title": word}
    assert not any(isinstance(effect, do.Correct) for effect in desk.submits(dialog, place=place, **filled))
    words = one(desk.commands("done-when 1.1", place=place), do.Ask).dialog
    desk.submits(words, words="ok", people=word, place=place)
    found = task(desk)
    assert (found.assignees, found.due_at, found.command, found.words_by) == ([], None, "", [])
    assert (found.title, found.description) == (word, word), "what is written into a field of text is the text"


@WORDS
def test_in_quotation_marks_it_is_the_word_itself_and_a_title_is_always_one(word: str) -> None:
    desk, place = begun()
    for part in ("edit 1.1 description:", "done-when 1.1"):
        desk.commands(f'{part} "{word}"', place=place)
    desk.commands(f"edit 1.1 {word}", place=place)
    assert (task(desk).description, task(desk).words, task(desk).title) == (word, [word], word)


def test_a_role_and_a_person_of_that_name_can_be_named() -> None:
    book = Playbook.model_validate({**INCIDENT.definition(), "roles": [{"name": "clear", "person": "@bob"}]})
    desk = Desk(book)
    place = started_run(desk)
    desk.commands("assign 1.1 clear", place=place)
    assert task(desk).assignees == ["role:clear"]
