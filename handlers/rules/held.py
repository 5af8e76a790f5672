"""What of a playbook is off until somebody who may has looked at it: commands that people wrote, imported addresses."""

import hashlib
from typing import Literal

from handlers.context import Context
from handlers.events import Person
from handlers.playbooks.playbook import Playbook
from handlers.rules.run_request import stored
from handlers.rules.run_texts import as_written
from store import PlaybookRow, Run

Held = Literal["commands", "webhooks"]


def is_held(ctx: Context, run: Run, what: Held) -> bool:
    """Return whether commands or webhooks of a run's playbook wait to be confirmed; of a bare checklist none do.

    Commands were confirmed with all that the version in use says: a run that has others has some that nobody confirmed.
    """
    row = ctx.store.playbook(run.playbook_id) if run.playbook_id is not None else None
    if row is None or what in row.held:
        return row is not None
    if what == "webhooks" or not row.is_made_here:
        return False
    confirmed = stored(ctx, row).commands if row.version and not run.is_trial else ()
    return not set(as_written(run).commands) <= set(confirmed)


def hold_commands(row: PlaybookRow, before: Playbook | None, after: Playbook, asker: Person) -> None:
    """Have commands off that somebody brings into a playbook, unless they look after the server, whose rights it is."""
    if not after.commands:
        row.held = [one for one in row.held if one != "commands"]
    elif not asker.is_admin and set(after.commands) - set(before.commands if before is not None else ()):
        row.held = [*dict.fromkeys([*row.held, "commands"])]


def held_of(row: PlaybookRow, book: Playbook) -> tuple[str, ...]:
    """Return the commands and addresses of a playbook that wait to be confirmed, each once."""
    commands = book.commands if "commands" in row.held else ()
    urls = (one.url for one in book.webhooks) if "webhooks" in row.held else ()
    return tuple(dict.fromkeys((*commands, *urls)))


def mark_of(row: PlaybookRow, book: Playbook) -> str:
    """Return what tells whether what waits to be confirmed is still what somebody has looked at."""
    return hashlib.sha256("\n".join(held_of(row, book)).encode()).hexdigest()[:16]
