"""The dialog in which a part of a playbook is filled in, whichever it is."""

from collections.abc import Sequence
from typing import Any

from handlers.context import Context
from handlers.controls import EDIT_SAVE
from handlers.editor.fields import Blank
from handlers.editor.parts import Part, entries_of, is_on_by_itself, values_of
from handlers.effects import Ask, Entry, Kind, Option
from handlers.payloads import PartOfDraft
from handlers.playbooks.playbook import Playbook
from handlers.text.sentences import Said
from handlers.text.words import plain, shorten
from store import PlaybookRow

LINE, AREA = 150, 3000
"""How many characters a dialog's line and its larger field take on every server."""
NONE = "none"
"""What a menu of a dialog has in the place of an empty value, which clients take for none that was chosen."""
ALSO = ("up", "down", "remove")
ADDED, CHECKLIST, MOVE = "added", "checklist", "also"
_AREAS = frozenset({"text", "lines", "links", "options", "guests", "members", "persons", "channels"})


def part_dialog(ctx: Context, row: PlaybookRow, book: Playbook, part: Part) -> Ask:
    """Ask for what a part is to say; what is longer than a dialog takes is left to the page."""
    said = ctx.say("editing", title=shorten(book.title, 60))
    first, *rest = _pasted(said, book, part) if part.is_pasted else _filled(said, book, part)
    payload = PartOfDraft(row.id, row.revision, part.name)
    return EDIT_SAVE.ask(
        payload,
        said,
        first,
        *rest,
        intro=said["share_intro" if part.kind == "permissions" else "part_intro"],
        title=f"part_{part.kind}",
        submit="save",
    )


def shown_fields(book: Playbook, part: Part) -> dict[str, Blank]:
    """Return the fields that the dialog of a part has, by their names in it."""
    known = values_of(book, part)
    return {one.path: one for one in part.fields if len(known.get(one.path, "")) <= AREA}


def many_of(book: Playbook, part: Part, field: Blank) -> str:
    """Return what is chosen in a field of many, one after the other."""
    known = values_of(book, part)
    return ", ".join(choice for choice in field.choices if known.get(f"{field.path}.{choice}"))


def _filled(said: Said, book: Playbook, part: Part) -> list[Entry]:
    known = values_of(book, part)
    found = [
        _entry(said, part, one, many_of(book, part, one) if one.kind == "many" else known.get(name, ""))
        for name, one in shown_fields(book, part).items()
    ]
    if part.items is None or part.is_new:
        return found
    options = tuple(Option(said[f"also_{word}"], word) for word in ALSO)
    return [*found, Entry(name=MOVE, label=said["also"], kind="select", options=options, optional=True)]


def _pasted(said: Said, book: Playbook, part: Part) -> list[Entry]:
    text = Entry(name=ADDED, label=said[f"new_{part.kind}"], kind="textarea", help=said["added_help"], max_length=AREA)
    lists = entries_of(book, "checklists")
    if part.kind == "checklists" or not lists:
        return [text]
    options = tuple(Option(str(plain(shorten(title, 90))), name) for name, title in lists)
    where = Entry(
        name=CHECKLIST,
        label=said["checklist_label"],
        kind="select",
        default=lists[-1][0],
        options=options,
        optional=True,
    )
    return [text, where]


def _entry(said: Said, part: Part, one: Blank, value: str) -> Entry:
    key = one.path.replace(".", "_")
    label = next(block for block in (f"f_{part.kind}_{key}", f"f_{key}") if block in said)
    base: dict[str, Any] = {"name": one.path, "label": said[label], "help": said.get(f"{label}_help", "")}
    if one.kind == "tick":
        value = "on" if part.is_new and is_on_by_itself(part, one) else value
        return Entry(**base, kind="bool", default="true" if value else "false", optional=True)
    if one.kind == "choice":
        default = value or (NONE if "" in part.choices(one) else "")
        return Entry(
            **base, kind="select", default=default, options=_options(said, part.choices(one), key), optional=True
        )
    kind: Kind = "textarea" if one.kind in _AREAS or len(value) > LINE else "text"
    most = AREA if kind == "textarea" else LINE
    return Entry(**base, kind=kind, default=value, max_length=most, optional=True)


def _options(said: Said, choices: Sequence[str], key: str) -> tuple[Option, ...]:
    return tuple(Option(_choice(said, key, word), word or NONE) for word in choices)


def _choice(said: Said, key: str, word: str) -> str:
    name = (word or NONE).replace("-", "_")
    return next((said[block] for block in (f"o_{key}_{name}", f"o_{name}") if block in said), word)
