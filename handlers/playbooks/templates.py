"""The texts of a playbook that are templates: which they are, what each knows, and where one is wrong."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from handlers.playbooks.mistakes import Path, sentence
from handlers.playbooks.playbook import Playbook
from handlers.text import jinja_mistakes, placeholders
from handlers.text.jinja_filters import FILTERS, TESTS
from handlers.text.jinja_syntax import ATTRIBUTES, identifier
from handlers.text.nearest import nearest
from handlers.text.placeholders import PLACEHOLDERS, TOKENS
from handlers.unsure import TextKind

_ALWAYS_CHECKED: tuple[Path, ...] = (("name",), ("summary",), ("channel", "name"), ("retrospective", "template"))
"""Texts in which a name in braces that nobody knows is a mistake, also where braces are plain text otherwise."""

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Template:
    """A text of a playbook, by where it stands."""

    path: Path
    text: str
    kind: TextKind = "markdown"

    @property
    def name(self) -> str:
        """What it is called where a run keeps what it says."""
        return " ".join(map(str, self.path))


@dataclass(frozen=True, slots=True)
class Unfit:
    """What is wrong in a template: at a line and a column of its text, counted from 1."""

    path: Path
    line: int
    column: int
    words: str


def templates_of(book: Playbook) -> list[Template]:
    """Return all texts of a playbook that are templates; what is empty is none."""
    return list(_templates(book.definition()))


def checked(definition: Json) -> list[Unfit]:
    """Return all that is wrong in the templates of a playbook's definition, which may be wrong in other ways, too.

    Nothing of them is carried out for that.
    """
    attributes = [one["name"] for one in _groups(definition, "attributes") if isinstance(one.get("name"), str)]
    wrong = {"jinja2": _in_jinja, "tokens": _in_tokens}.get(str(definition.get("templates")), _in_braces)
    return [one for template in _templates(definition) for one in wrong(template, attributes)]


def known_names(book: Playbook) -> tuple[str, ...]:
    """Return the names that a playbook's templates know, without those of attributes."""
    return TOKENS if book.templates == "tokens" else PLACEHOLDERS


def _templates(of: Json) -> Iterator[Template]:
    yield from _text(of, ("name",), "line")
    yield from _text(of, ("summary",))
    yield from _text(of, ("channel", "name"), "line")
    yield from _text(of, ("channel", "header"), "line")
    for path in (("welcome",), ("updates", "template"), ("retrospective", "template")):
        yield from _text(of, path)
    for at, _ in enumerate(_groups(of, "actions")):
        yield from _text(of, ("actions", at, "post"))
        # It names a task by its title, which is one.
        yield from _text(of, ("actions", at, "task"), "line")
    for row, checklist in enumerate(_groups(of, "checklists")):
        yield from _text(of, ("checklists", row, "title"), "line")
        for number, task in enumerate(_groups(checklist, "tasks")):
            yield from _task(of, ("checklists", row, "tasks", number), task)


def _task(of: Json, path: Path, task: Json) -> Iterator[Template]:
    yield from _text(of, (*path, "title") if task else path, "line")
    yield from _text(of, (*path, "description"))
    if task.get("command_is_template") in (True, "true"):
        yield from _text(of, (*path, "command"), "command")


def _text(of: Json, path: Path, kind: TextKind = "markdown") -> Iterator[Template]:
    found: Any = of
    for step in path:
        is_there = isinstance(found, dict) if isinstance(step, str) else isinstance(found, list)
        found = (found.get(step) if isinstance(step, str) else found[step]) if is_there else None
    if isinstance(found, list) and all(isinstance(one, str) for one in found):
        found = "\n".join(found)
    if isinstance(found, str) and found:
        yield Template(path, found, kind)


def _groups(of: Json, key: str) -> list[Json]:
    found = of.get(key)
    return [one if isinstance(one, dict) else {} for one in found] if isinstance(found, list) else []


def uses_attributes(book: Playbook, text: str) -> bool:
    """Return whether a template says something of attributes, whose values may not be known yet."""
    return bool(attributes_used(book, text))


def attributes_used(book: Playbook, text: str) -> list[str]:
    """Return the names of the attributes of which a template says something, or may say something."""
    names = [one.name for one in book.attributes]
    if book.templates != "jinja2":
        return [name for name in names if placeholders.uses(text, [name.casefold()])]
    used = jinja_mistakes.names_in(text)
    return [name for name in names if used & {ATTRIBUTES, identifier(name.casefold())}]


def _in_tokens(template: Template, attributes: list[str]) -> Iterator[Unfit]:
    """Find nothing: what is no token is literal."""
    yield from ()


def _in_braces(template: Template, attributes: list[str]) -> Iterator[Unfit]:
    if template.path not in _ALWAYS_CHECKED:
        return
    known = [*PLACEHOLDERS, *attributes]
    for one in placeholders.strange(template.text, {name.casefold() for name in known}):
        said = [f"{{{name}}}" for name in known]
        yield _unfit(template, one.at, sentence("placeholder", name=f"{{{one.name}}}", known=said))


def _in_jinja(template: Template, attributes: list[str]) -> Iterator[Unfit]:
    names = [*PLACEHOLDERS, *filter(None, map(identifier, attributes))]
    for one in jinja_mistakes.mistakes_in(template.text, names, [name.casefold() for name in attributes]):
        yield Unfit(template.path, one.line, one.column, _words(one, names, attributes))


def _words(one: jinja_mistakes.Wrong, names: list[str], attributes: list[str]) -> str:
    known = {"name": names, "attribute": attributes, "filter": [*FILTERS], "test": [*TESTS]}.get(one.why, [])
    return sentence(f"template_{one.why}", name=one.found, nearest=_like(one.found, known), known=known)


def _like(name: str, known: list[str]) -> str:
    return nearest(name.casefold(), known)


def _unfit(template: Template, at: int, words: str) -> Unfit:
    before = re.split(r"\r\n?|\n", template.text[:at])
    return Unfit(template.path, len(before), len(before[-1]) + 1, words)
