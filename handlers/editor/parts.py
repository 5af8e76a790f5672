"""The parts of a playbook that are filled in one at a time: those without lists, and each entry of a list."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from handlers.editor.edited import Edited, edited
from handlers.editor.fields import BY_NAME, KEPT, SECTIONS, Blank, Items, Section
from handlers.editor.moves import moved
from handlers.editor.reading import ADDED
from handlers.editor.writing import part_of, written
from handlers.playbooks.actions import Action
from handlers.playbooks.attributes import Attribute
from handlers.playbooks.metrics import Metric
from handlers.playbooks.people import Role
from handlers.playbooks.playbook import Checklist, Playbook, Task
from handlers.playbooks.webhooks import Webhook

NEW = "new"
"""The id of an entry that is still to be made."""
MODELS: Mapping[str, type[BaseModel]] = {
    "checklists": Checklist,
    "tasks": Task,
    "roles": Role,
    "attributes": Attribute,
    "actions": Action,
    "webhooks": Webhook,
    "metrics": Metric,
}


@dataclass(frozen=True, slots=True)
class Part:
    """Fields of a section that stand in no list, or, of `items`, those of the entry `id`."""

    section: Section
    items: Items | None = None
    id: str = ""

    @property
    def name(self) -> str:
        """What it is called, as in `tasks.t3`."""
        return f"{self.items.name}.{self.id}" if self.items is not None else self.section.name

    @property
    def kind(self) -> str:
        return self.items.name if self.items is not None else self.section.name

    @property
    def is_new(self) -> bool:
        return self.id == NEW

    @property
    def is_pasted(self) -> bool:
        """Return whether it is filled in as a list: new tasks and checklists."""
        return self.is_new and self.kind in ("tasks", "checklists")

    @property
    def fields(self) -> tuple[Blank, ...]:
        fields = self.items.fields if self.items is not None else self.section.fields
        return tuple(one for one in fields if one != KEPT)

    def full(self, path: str) -> str:
        """Return the name of a field among those of its section."""
        return f"{self.name}.{path}" if self.items is not None else path

    def choices(self, field: Blank) -> tuple[str, ...]:
        """Return what can be chosen in a field."""
        return field.choices or _choices(MODELS.get(self.kind, Playbook), field.path)


def part_called(name: str) -> Part | None:
    """Return a part by its name; None where there is none."""
    kind, _, id = name.partition(".")
    if kind in BY_NAME and not id:
        return Part(BY_NAME[kind]) if BY_NAME[kind].fields else None
    found = next(((section, items) for section, items in _lists() if items.name == kind), None)
    return Part(*found, id) if found is not None and id else None


def values_of(book: Playbook, part: Part) -> dict[str, str]:
    """Return what stands in a part's fields, by their paths."""
    said = written(part.section, part_of(book, part.section)).values
    return {each: said[part.full(each)] for one in part.fields for each in _names(one) if part.full(each) in said}


def is_there(book: Playbook, part: Part) -> bool:
    """Return whether a playbook has an entry that is called so."""
    return part.items is None or part.is_new or bool(values_of(book, part))


def is_on_by_itself(part: Part, field: Blank) -> bool:
    """Return whether what a field says holds where an entry says nothing of it, as of a webhook that it is on."""
    known = MODELS[part.kind].model_fields.get(field.path) if part.kind in MODELS else None
    return known is not None and known.default is True


def filled_in(book: Playbook, part: Part, values: Mapping[str, str], do: str = "") -> Edited:
    """Return a playbook with a part as it was filled in; what is not among the `values`, by paths, stays as it is.

    `do` moves the entry `up` or `down`, or takes it out (`remove`).
    """
    said = dict(written(part.section, part_of(book, part.section)).values)
    if part.is_pasted:
        return edited(book, part.section, said | dict(values))
    said |= {part.full(path): value for path, value in values.items()}
    return edited(book, part.section, moved(part.section, said, f"{do}:{part.name}"))


def entries_of(book: Playbook, name: str) -> list[tuple[str, str]]:
    """Return the entries of a list by the names of their parts, and what each is known by."""
    section = next(section for section, items in _lists() if items.name == name)
    said = written(section, part_of(book, section))
    ids = [id for key, found in said.items.items() if key.partition(" ")[0] == name for id in found]
    return [(f"{name}.{id}", _title(said.values, f"{name}.{id}")) for id in ids]


def pasted_into(checklist: str) -> str:
    """Return the field that tasks are pasted into, of a checklist such as `checklists.c0`; empty for new ones."""
    return f"{checklist}.{ADDED}" if checklist else ADDED


def _title(values: Mapping[str, str], name: str) -> str:
    known = ("title", "name", "post", "command", "run", "webhook", "invite")
    return next((said for each in known if (said := values.get(f"{name}.{each}"))), name)


def _lists() -> Iterator[tuple[Section, Items]]:
    for section in SECTIONS:
        for items in section.lists:
            yield section, items
            if items.inside is not None:
                yield section, items.inside


def _names(one: Blank) -> tuple[str, ...]:
    return tuple(f"{one.path}.{choice}" for choice in one.choices) if one.kind == "many" else (one.path,)


@cache
def _choices(model: type[BaseModel], path: str) -> tuple[str, ...]:
    key, _, rest = path.partition(".")
    field = next(one for name, one in model.model_fields.items() if key in (name, one.alias))
    inside = next(
        (one for one in _kinds(field.annotation) if isinstance(one, type) and issubclass(one, BaseModel)), None
    )
    if rest and inside is not None:
        return _choices(inside, rest)
    said = [word for one in _kinds(field.annotation) if get_origin(one) is Literal for word in get_args(one)]
    return tuple(dict.fromkeys(("", *said) if type(None) in _kinds(field.annotation) else said))


def _kinds(annotation: Any) -> list[Any]:
    if get_origin(annotation) is Literal or not get_args(annotation):
        return [annotation]
    return [one for each in get_args(annotation) for one in _kinds(each)]
