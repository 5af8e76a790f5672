"""What of an imported playbook is off until one of its admins has looked at it."""

from typing import Literal

from handlers.context import Context
from handlers.playbooks.playbook import Playbook
from store import PlaybookRow, Run

Held = Literal["commands", "webhooks"]


def is_held(ctx: Context, run: Run, what: Held) -> bool:
    """Return whether commands or webhooks of a run's playbook wait to be confirmed; of a bare checklist none do."""
    row = ctx.store.playbook(run.playbook_id) if run.playbook_id is not None else None
    return row is not None and what in row.held


def held_of(row: PlaybookRow, book: Playbook) -> tuple[str, ...]:
    """Return the commands and addresses of a playbook that wait to be confirmed, each once."""
    commands = book.commands if "commands" in row.held else ()
    urls = (one.url for one in book.webhooks) if "webhooks" in row.held else ()
    return tuple(dict.fromkeys((*commands, *urls)))
