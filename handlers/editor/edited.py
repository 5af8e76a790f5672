"""A playbook with one part of it as a form was filled in, and what is wrong with that, by the name of its field."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import ValidationError

from handlers.editor.condition_text import Unreadable, condition_read
from handlers.editor.fields import Section
from handlers.editor.reading import Values, read
from handlers.editor.writing import Data, Written, part_of, written
from handlers.playbooks.keywords import unheard
from handlers.playbooks.metrics import mistakes_in
from handlers.playbooks.mistakes import Path, found_in_words, in_words, sentence
from handlers.playbooks.playbook import APART, Playbook
from handlers.playbooks.templates import checked

_NAMING = frozenset({"attribute", "needs", "assignee_attribute"})
"""Keys that name an attribute."""


@dataclass(frozen=True)
class Edited:
    """A part of a playbook, as `data`: filled in just now, or as it is saved.

    `book` is the playbook with it, None where something is wrong. `mistakes` tell what, by where it stands in the part;
    what is about no field of it has an empty path.
    """

    section: Section
    data: Data
    book: Playbook | None
    mistakes: tuple[tuple[Path, str], ...] = ()

    @cached_property
    def form(self) -> Written:
        """The fields of it."""
        return written(self.section, self.data)

    def errors(self) -> Iterator[tuple[str, str]]:
        """Yield what is wrong, in a sentence, by the name of its field; empty where it stands in none."""
        for path, words in self.mistakes:
            yield self.name_of(path), f"{words[:1].upper()}{words[1:]}{'' if words.endswith(('.', '?', '!')) else '.'}"

    def name_of(self, path: Path) -> str:
        """Return the name of the field at a path, or of the entry that it is about."""
        places = self.form.places
        length = next((count for count in range(len(path), 0, -1) if path[:count] in places), 0)
        head = [places[path[:length]]] if length else []
        keys = ["assignee" if step == "assignees" else step for step in path[length:] if isinstance(step, str)]
        for count in range(len(keys), -1, -1):
            name = ".".join([*head, *keys[:count]])
            if name in self.form.values or any(one.startswith(f"{name}.") for one in self.form.values):
                return name
        return ""


def edited(book: Playbook, section: Section, values: Values) -> Edited:
    """Return what becomes of a playbook by a form of one of its parts."""
    data = read(section, values, part_of(book, section))
    data = _as_named(data, {one.name.casefold(): one.name for one in book.attributes})
    fit, unread = _without_unread(data)
    mistakes = [(path, sentence(f"condition_{why}")) for path, why in unread]
    said = book.model_dump(mode="json", by_alias=True)
    try:
        whole = {key: one for key, one in said.items() if key not in section.keys} | fit
        made = Playbook.model_validate(whole, context=APART)
    except ValidationError as error:
        mistakes += [(each["loc"], in_words(each, None)) for each in error.errors(include_url=False)]
        return Edited(section, data, None, tuple(mistakes))
    # What is wrong in another part because of this one stands in no field of it.
    mistakes += [(one.path if one.path[0] in section.keys else (), one.words) for one in made.disagreements()]
    mistakes += [one for one in _unfit(made) if one[0][0] in section.keys]
    return Edited(section, data, None if mistakes else made, tuple(mistakes))


def unedited(book: Playbook, section: Section) -> Edited:
    """Return a part as it is saved."""
    return Edited(section, part_of(book, section), book)


def _unfit(book: Playbook) -> Iterator[tuple[Path, str]]:
    """Yield what could be stored and yet does not work: words that nobody can say, texts that cannot be filled in."""
    for word in book.keywords:
        if (why := unheard(word)) is not None:
            yield ("keywords",), sentence(f"unheard_{why}", word=found_in_words(word))
    for row, checklist in enumerate(book.checklists):
        for number, task in enumerate(checklist.tasks):
            for word in task.done_when.says if task.done_when else ():
                if (why := unheard(word)) is not None:
                    path: Path = ("checklists", row, "tasks", number, "done_when", "says")
                    yield path, sentence(f"unheard_{why}", word=found_in_words(word))
    for one in checked(book.definition()):
        yield one.path, sentence("in_text", line=one.line, column=one.column, words=one.words)
    metrics, has_working = book.retrospective.metrics, book.working is not None
    for at, key, words in mistakes_in(metrics, book.task_titles, has_working=has_working):
        yield ("retrospective", "metrics", at, key), words


def _as_named(data: Any, names: Mapping[str, str], key: str = "") -> Any:
    """Return values in which attributes are called as they are written themselves, whatever capitals people used."""
    if isinstance(data, Mapping):
        return {each: _as_named(one, names, each) for each, one in data.items()}
    if isinstance(data, list):
        return [_as_named(one, names, key) for one in data]
    return names.get(data.casefold(), data) if key in _NAMING and isinstance(data, str) else data


def _without_unread(data: Any, path: Path = ()) -> tuple[Any, list[tuple[Path, str]]]:
    """Return values without the conditions that could not be read, and where these stand, with a word for why."""
    if isinstance(data, list):
        parts = [_without_unread(one, (*path, at)) for at, one in enumerate(data)]
        return [one for one, _ in parts], [each for _, wrong in parts for each in wrong]
    if not isinstance(data, Mapping):
        return data, []
    found, wrong = {}, list[tuple[Path, str]]()
    for key, one in data.items():
        if key == "when" and isinstance(one, str):
            wrong.append(((*path, key), _why(one)))
            continue
        found[key], more = _without_unread(one, (*path, key))
        wrong += more
    return found, wrong


def _why(text: str) -> str:
    try:
        condition_read(text)
    except Unreadable as unreadable:
        return unreadable.why
    return "missing"
