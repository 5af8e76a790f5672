"""What of `docs/` is made from the program, by `make docs-tables`: tables of rights, and the schema of a run's JSON."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from handlers.export.document import schema
from handlers.routes import BUTTONS, COMMANDS, DIALOGS, MORE, OF_LIST, OF_RETROSPECTIVE
from handlers.routes.rows import Command, InRun, TaskButton, WhereNumbered
from handlers.rules.permission_table import MAY, NOT_GUESTS, STRICT, Action, Part

DOCS = Path(__file__).parents[1] / "docs"
PAGE, SCHEMA = DOCS / "permissions.md", DOCS / "run-export.schema.json"
TABLE = re.compile(r"(<!-- table: (\w+) -->\n\n).*?(\n<!-- end -->)", re.DOTALL)

NUMBERED: Mapping[WhereNumbered, str] = {
    "nowhere": "",
    "of several": "before it; behind it where it is one of several here",
    "of here": "before it; behind it where it is a run of this channel",
    "first": "before or behind it",
    "around": "before or behind it, or at the end",
}


def page(text: str) -> str:
    """Return the page with its tables as the rows say."""
    return TABLE.sub(lambda match: f"{match[1]}{TABLES[match[2]]()}{match[3]}", text)


def parts() -> str:
    """What everybody may do to a run."""
    actions = get_args(Action)
    return _table(["", *actions], ([part, *(in_words(part, action) for action in actions)] for part in get_args(Part)))


def in_words(part: Any, action: Any) -> str:
    if part == "guest":
        return "never" if action in NOT_GUESTS else ""
    if part not in MAY[action]:
        return "–"
    return "yes" if part in STRICT.get(action, MAY[action]) else "yes, unless strict"


def commands() -> str:
    """What commands ask for."""
    rows = (
        [f"`{name}`", row.who, _about(row), NUMBERED[row.numbered], _finished(row)] for name, row in COMMANDS.items()
    )
    return _table(["command", "asks for", "is about", "takes `#12`", "means something in a finished run"], rows)


def controls() -> str:
    """What items of menus, buttons and dialogs ask for."""
    kinds = (
        *(("*More…*", MORE), ("*More…* of a draft", OF_RETROSPECTIVE), ("*Any task…*", OF_LIST)),
        *(("button", BUTTONS), ("dialog", DIALOGS)),
    )
    rows = ([kind, f"`{name}`", row.who, _finished(row)] for kind, found in kinds for name, row in found.items())
    return _table(["what", "name", "asks for", "means something in a finished run"], rows)


TABLES = {"parts": parts, "commands": commands, "controls": controls}


def _about(row: Command) -> str:
    if not isinstance(row, InRun):
        return "the same everywhere"
    return "a run" if row.otherwise is None else "a run, or the same everywhere"


def _finished(row: Any) -> str:
    if getattr(row, "follow_ups", False) or isinstance(row, TaskButton):
        return "for follow-ups"
    return _yes(getattr(row, "finished", False))


def _yes(holds: bool) -> str:
    return "yes" if holds else ""


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    SCHEMA.write_text(f"{json.dumps(schema(), indent=2, ensure_ascii=False)}\n", encoding="utf-8")
