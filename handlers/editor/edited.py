"""A playbook with one part of it as a form was filled in: together with what others saved meanwhile, and what is wrong."""

import base64
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import ValidationError

from handlers.editor.condition_text import Unreadable, condition_read
from handlers.editor.fields import Section
from handlers.editor.merging import Clash, merged
from handlers.editor.reading import Values, read
from handlers.editor.writing import Data, Written, part_of, written
from handlers.playbooks.keywords import unheard
from handlers.playbooks.metrics import mistakes_in
from handlers.playbooks.mistakes import Path, found_in_words, in_words, sentence
from handlers.playbooks.playbook import Playbook

MOST = 4_000_000
"""How many bytes a part has at most, as a form says what it was opened with."""


@dataclass(frozen=True)
class Edited:
    """A part as it was filled in: `data` with what others changed meanwhile, `now` as it is saved now.

    `book` is the playbook with it, None where something is wrong. `mistakes` tell what, by where it stands in the part;
    what is about no field of it has an empty path.
    """

    section: Section
    data: Data
    now: Data
    book: Playbook | None
    mistakes: tuple[tuple[Path, str], ...] = ()
    clashes: tuple[Clash, ...] = ()

    @cached_property
    def form(self) -> Written:
        """The fields of it."""
        return written(self.section, self.data)

    @property
    def base(self) -> str:
        """What a form carries, by which it is known later what it was opened with."""
        return packed(self.now)

    @property
    def is_changed(self) -> bool:
        return self.data != self.now

    def errors(self) -> Iterator[tuple[str, str]]:
        """Yield what is wrong by the name of the field where it stands; empty where it stands in none."""
        for path, words in self.mistakes:
            yield self.name_of(path), words

    def name_of(self, path: Path) -> str:
        """Return the name of the field at a path, or of the entry that it is about."""
        places = self.form.places
        length = next((count for count in range(len(path), 0, -1) if path[:count] in places), 0)
        head = [places[path[:length]]] if length else []
        keys = [str(step) for step in path[length:] if isinstance(step, str)]
        for count in range(len(keys), -1, -1):
            name = ".".join([*head, *keys[:count]])
            if name in self.form.values or any(one.startswith(f"{name}.") for one in self.form.values):
                return name
        return ".".join([*head, "assignee"]) if keys[:1] == ["assignees"] else ".".join(head)


def edited(book: Playbook, section: Section, values: Values, base: str) -> Edited:
    """Return what becomes of a playbook as it is saved now when a form is sent that was opened with a `base`."""
    now = as_read(book, section)
    known = unpacked(base)
    known = now if known is None else known
    both = merged(known, read(section, values, known), now)
    return _checked(book, section, both.value, now, both.clashes)


def unedited(book: Playbook, section: Section) -> Edited:
    """Return a part as it is saved."""
    now = as_read(book, section)
    return Edited(section, now, now, book)


def as_read(book: Playbook, section: Section) -> dict[str, Any]:
    """Return a part as its form would be read that nobody has changed."""
    part = part_of(book, section)
    return read(section, written(section, part).values, part)


def packed(data: Data) -> str:
    """Return JSON values as a word that a form carries."""
    return base64.b64encode(zlib.compress(json.dumps(data, sort_keys=True).encode())).decode()


def unpacked(word: str) -> dict[str, Any] | None:
    """Return the values of such a word; None where it is none."""
    try:
        found = json.loads(zlib.decompressobj().decompress(base64.b64decode(word, validate=True), MOST))
    except (ValueError, zlib.error):
        return None
    return found if isinstance(found, dict) else None


def _checked(book: Playbook, section: Section, data: Data, now: Data, clashes: tuple[Clash, ...]) -> Edited:
    fit, unread = _without_unread(data)
    mistakes = [(path, sentence(f"condition_{why}")) for path, why in unread]
    said = book.model_dump(mode="json", by_alias=True)
    try:
        made = Playbook.model_validate({key: one for key, one in said.items() if key not in section.keys} | fit)
    except ValidationError as error:
        mistakes += [(each["loc"], in_words(each, None)) for each in error.errors(include_url=False)]
        return Edited(section, data, now, None, tuple(mistakes), clashes)
    mistakes += [one for one in _unfit(made) if one[0][0] in section.keys]
    return Edited(section, data, now, None if mistakes else made, tuple(mistakes), clashes)


def _unfit(book: Playbook) -> Iterator[tuple[Path, str]]:
    """Yield what could be stored and yet does not work: words that nobody can say, metrics that nothing measures."""
    for word in book.keywords:
        if (why := unheard(word)) is not None:
            yield ("keywords",), sentence(f"unheard_{why}", word=found_in_words(word))
    for row, checklist in enumerate(book.checklists):
        for number, task in enumerate(checklist.tasks):
            for word in task.done_when.says if task.done_when else ():
                if (why := unheard(word)) is not None:
                    path: Path = ("checklists", row, "tasks", number, "done_when", "says")
                    yield path, sentence(f"unheard_{why}", word=found_in_words(word))
    metrics, has_working = book.retrospective.metrics, book.working is not None
    for at, key, words in mistakes_in(metrics, book.task_titles, has_working=has_working):
        yield ("retrospective", "metrics", at, key), words


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
