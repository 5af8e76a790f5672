"""A part of a playbook read from the fields of a form, in the order in which they stand there."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from handlers.editor.condition_text import Unreadable, condition_read
from handlers.editor.fields import CHOSEN, Blank, Items, Section
from handlers.editor.pasted import pasted
from handlers.editor.writing import Data, at

Values = Mapping[str, str]

UNTITLED = "Tasks"
"""What a checklist is called whose tasks were pasted without a heading."""
UNSEEN = ("kept", "key")
"""What a form carries of an entry that nobody sees there."""
ADDED = "added"
"""The field that more tasks are pasted into: of a checklist as `checklists.c0.added`, of the whole part by itself."""


def read(section: Section, values: Values, before: Data) -> dict[str, Any]:
    """Return a part of a playbook as a form was filled in; what is empty is left out, and then is as usual.

    `before` is what it was, for what stands in no field. What cannot be read stays in words.
    """
    data: dict[str, Any] = {}
    for one in section.fields:
        _put(data, one, one.path, values)
    for items in section.lists:
        rows = _rows(items, values)
        _place(data, items.key, _with_pasted(rows, values) if items.inside is not None else rows)
    _drop_empty(data, section.optional, section.fields)
    return _coloured(data, before)


def _rows(items: Items, values: Values) -> list[dict[str, Any]]:
    """Return the entries of a list; those inside another belong to the last one that stands before them."""
    inside, found, owner = items.inside, list[dict[str, Any]](), None
    for name, one in dict.fromkeys(tuple(name.split(".")[:2]) for name in values if name.count(".") > 1):
        if name == items.name:
            row = _row(items, one, values)
            if inside is not None:
                row[inside.key] = []
            owner = row
            found.append(row)
        elif inside is not None and name == inside.name and owner is not None:
            task = _row(inside, one, values)
            owner[inside.key] += [task] if _is_there(inside, task) else []
    return [row for row in found if _is_there(items, row) or (inside is not None and row[inside.key])]


def _row(items: Items, one: str, values: Values) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for each in items.fields:
        _put(row, each, f"{items.name}.{one}.{each.path}", values)
    if items.inside is not None and (more := values.get(f"{items.name}.{one}.{ADDED}", "").strip()):
        row[ADDED] = more
    _drop_empty(row, items.optional, items.fields)
    return row


def _is_there(items: Items, row: Data) -> bool:
    """Return whether anything was written into an entry; what is chosen, ticked or unseen is not."""
    said = (one for one in items.fields if one.kind not in CHOSEN and one.path not in UNSEEN)
    return ADDED in row or any(at(row, one.path) or (one.kind == "assignees" and row.get("assignees")) for one in said)


def _with_pasted(rows: list[dict[str, Any]], values: Values) -> list[dict[str, Any]]:
    """Return checklists with what was pasted below them, and behind the last one."""
    found: list[dict[str, Any]] = []
    for row in [*rows, {"tasks": [], ADDED: values.get(ADDED, "")}]:
        added = row.pop(ADDED, "")
        is_there = bool(row.get("title") or row["tasks"])
        found += [row] if is_there else []
        for at_first, one in enumerate(pasted(added)):
            tasks = [{"title": task.title} | _described(task.description) for task in one.tasks]
            if one.title or (at_first == 0 and not is_there):
                found.append({"title": one.title or UNTITLED, "tasks": tasks})
            else:
                found[-1]["tasks"] += tasks
    return found


def _described(words: str) -> dict[str, str]:
    return {"description": words} if words else {}


def _put(data: dict[str, Any], one: Blank, name: str, values: Values) -> None:
    if one.kind == "many":
        chosen = [choice for choice in one.choices if values.get(f"{name}.{choice}")]
        if chosen:
            _place(data, one.path, chosen)
        return
    said = values.get(name)
    if said is None:
        return
    if one.kind == "tick":
        _place(data, one.path, bool(said))
    elif one.kind == "assignees":
        people = _names(said)
        data |= {"assignees": people} if len(people) > 1 else {"assignee": people[0]} if people else {}
    elif (value := _value(one, said.replace("\r\n", "\n").strip())) not in ("", []):
        _place(data, one.path, value)


def _value(one: Blank, said: str) -> Any:
    match one.kind:
        case "lines":
            return _lines(said)
        case "options":
            return [{"name": line} for line in _lines(said)]
        case "words" | "guests" | "assignees":
            return _names(said)
        case "commas":
            return [part.strip() for part in said.split(",") if part.strip()]
        case "person":
            return _person(said) if said != "creator" else said
        case "persons" | "members":
            return [_person(name) for name in _names(said)]
        case "channel":
            return _channel(said)
        case "channels":
            return [_channel(name) for name in _names(said)]
        case "links":
            return [_link(line) for line in _lines(said)]
        case "condition":
            return _condition(said)
        case _:
            return said


def _names(said: str) -> list[str]:
    """Return names with commas or spaces between; who is named twice stands there twice, as people who take turns."""
    return [name for name in re.split(r"[\s,;]+", said) if name not in ("", "and")]


def _lines(said: str) -> list[str]:
    return [line.strip() for line in said.split("\n") if line.strip()]


def _person(name: str) -> str:
    return name if not name or name.startswith(("@", "group:")) else f"@{name}"


def _channel(name: str) -> str:
    name = name.removeprefix("#")
    return name if not name or name.startswith("~") else f"~{name}"


def _link(line: str) -> dict[str, str]:
    title, _, url = line.rpartition(" ")
    return {"title": title.strip(), "url": url} if title.strip() else {"url": url}


def _condition(said: str) -> Any:
    try:
        return condition_read(said) if said else ""
    except Unreadable:
        return said


def _place(data: dict[str, Any], path: str, value: Any) -> None:
    *parts, key = path.split(".")
    for part in parts:
        data = data.setdefault(part, {})
    data[key] = value


def _drop_empty(data: dict[str, Any], optional: tuple[str, ...], fields: tuple[Blank, ...]) -> None:
    """Leave out parts in which nothing was filled in; what is chosen among several always is something."""
    for key in optional:
        said = (one.path for one in fields if one.path.startswith(f"{key}.") and one.kind != "choice")
        if not any(at(data, path) for path in said):
            data.pop(key, None)


def _coloured(data: dict[str, Any], before: Data) -> dict[str, Any]:
    """Give options the colours that they had, which stand in no field."""
    known = dict(_colours(before))
    for attribute in data.get("attributes", ()):
        for option in attribute.get("options") or ():
            if color := known.get((attribute.get("name"), option["name"])):
                option["color"] = color
    return data


def _colours(before: Data) -> Iterator[tuple[tuple[str, str], str]]:
    for attribute in before.get("attributes") or ():
        for option in attribute.get("options") or ():
            if option.get("color"):
                yield (attribute["name"], option["name"]), option["color"]
