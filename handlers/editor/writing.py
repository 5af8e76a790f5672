"""A part of a playbook written into the fields of a form."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from handlers.editor.condition_text import condition_written
from handlers.editor.fields import Blank, Items, Section
from handlers.playbooks.mistakes import Path
from handlers.playbooks.playbook import Playbook

Data = Mapping[str, Any]
"""A part of a playbook as JSON values, by the keys that people write."""


@dataclass(frozen=True, slots=True)
class Written:
    """The fields of a form by their names.

    `items` are the entries of each list by their ids; those inside another stand under its name and id, as `tasks c0`.
    `places` are the names of entries by where they stand in the part.
    """

    values: dict[str, str] = field(default_factory=dict)
    items: dict[str, tuple[str, ...]] = field(default_factory=dict)
    places: dict[Path, str] = field(default_factory=dict)


def part_of(book: Playbook, section: Section) -> dict[str, Any]:
    """Return a part of a playbook as JSON values, by the keys that people write."""
    said = book.model_dump(mode="json", by_alias=True)
    return {key: said[key] for key in section.keys}


def written(section: Section, data: Data) -> Written:
    """Return a part of a playbook as fields, which `reading.read` reads back."""
    found = Written()
    for one in section.fields:
        found.values.update(_field(one, one.path, data))
    for items in section.lists:
        _list(found, items, items.name, at(data, items.key) or (), (*items.key.split("."),))
    return found


def at(data: Any, path: str) -> Any:
    """Return what stands at a path with dots; None where nothing does."""
    for key in path.split("."):
        data = data.get(key) if isinstance(data, Mapping) else None
    return data


def _list(found: Written, items: Items, under: str, entries: Any, path: Path) -> None:
    ids, begin = [], _count(found, items.name)
    for number, entry in enumerate(entries):
        one = f"{items.name[0]}{begin + number}"
        ids.append(one)
        found.places[(*path, number)] = f"{items.name}.{one}"
        for each in items.fields:
            found.values.update(_field(each, f"{items.name}.{one}.{each.path}", entry))
        if items.inside is not None:
            inside = items.inside
            _list(found, inside, f"{inside.name} {one}", entry.get(inside.key) or (), (*path, number, inside.key))
    found.items[under] = tuple(ids)


def _count(found: Written, name: str) -> int:
    return sum(len(ids) for key, ids in found.items.items() if key.partition(" ")[0] == name)


def _field(one: Blank, name: str, data: Data) -> Iterator[tuple[str, str]]:
    value = at(data, one.path)
    match one.kind:
        case "many":
            yield from ((f"{name}.{choice}", "on" if choice in (value or ()) else "") for choice in one.choices)
        case "assignees":
            people = [data.get("assignee"), *(data.get("assignees") or ())]
            yield name, ", ".join(dict.fromkeys(filter(None, people)))
        case "tick":
            yield name, "on" if value else ""
        case _:
            yield name, _words(one, value)


def _words(one: Blank, value: Any) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    match one.kind:
        case "condition":
            return condition_written(value)
        case "lines":
            return "\n".join(value)
        case "options":
            return "\n".join(option["name"] for option in value)
        case "links":
            return "\n".join(" ".join(filter(None, (link.get("title"), link["url"]))) for link in value)
        case _:
            return ", ".join(value) if isinstance(value, list | tuple) else str(value)
