"""The times that people set of a run as fields of a dialog: which are asked for, how they are shown, what is read."""

from collections.abc import Sequence
from datetime import datetime

from handlers.context import Context
from handlers.controls import entry
from handlers.effects import Entry
from handlers.playbooks.milestones import BY_PEOPLE, ByPeople
from handlers.playbooks.playbook import Playbook
from handlers.text.readers import Reader

LIMIT = 60
"""How many characters a time has at most."""


def asked_at_the_end(book: Playbook) -> tuple[ByPeople, ...]:
    """Return the milestones that are offered when a run ends: those of the playbook's metrics, else the one of all."""
    used = {name for one in book.retrospective.metrics for name in (one.start, one.end)}
    return tuple(name for name in BY_PEOPLE if name in used) or ("mitigated",)


def field_of(name: str) -> str:
    """Return what the field of a milestone is called."""
    return name.replace("-", "_")


def in_field(at: datetime | None, reader: Reader) -> str:
    """Return a time as it stands in a field, in which it is read again; empty for none."""
    return f"{at.astimezone(reader.zone):%Y-%m-%d %H:%M}" if at is not None else ""


def time_entries(ctx: Context, times: Sequence[tuple[ByPeople, datetime | None]]) -> list[Entry]:
    """Return the fields of milestones with the times that they have."""
    said = ctx.say("time", name="")
    return [
        entry(said, field_of(name), default=in_field(at, ctx.reader), optional=True, max_length=LIMIT)
        for name, at in times
    ]
