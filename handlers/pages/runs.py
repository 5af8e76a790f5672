"""The page of all runs that somebody may see."""

from dataclasses import dataclass

from handlers.context import Context
from handlers.pages.asked import Asked
from handlers.rules import permissions


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run in the list."""

    number: int
    name: str


@dataclass(frozen=True, slots=True)
class RunsPage:
    """The list."""

    runs: tuple[RunLine, ...]


def runs_page(ctx: Context, asked: Asked) -> RunsPage:
    """Return the runs that this person may see, the active ones first."""
    seen = (run for run in ctx.store.runs(50) if permissions.is_listed(ctx, asked.asker, run))
    return RunsPage(tuple(RunLine(run.id, run.name) for run in seen))
