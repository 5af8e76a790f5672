"""What is still to be done when a run is over: the lines that say so, and the checklist that stays workable."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from handlers.context import Context
from handlers.events import Person
from handlers.rules import permissions, teams
from handlers.rules.assignees import ROLE, roles_of
from handlers.rules.ordering import TITLE_LIMIT
from handlers.text import follow_up_lines, times
from handlers.text.readers import Reader
from handlers.text.words import shorten
from store import Checklist, RetroSection, Run, Task

Lack = Literal["owner", "date"]


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A line of a retrospective that becomes a task; `assignees` are ids of people, or roles; `due_at` is in UTC.

    It `is_late` if that is over before there is a task.
    """

    title: str
    assignees: tuple[str, ...]
    due_at: datetime | None
    is_late: bool = False

    @property
    def lacks(self) -> tuple[Lack, ...]:
        """Return what it needs for somebody to do it at some time."""
        lacks: dict[Lack, bool] = {"owner": not self.assignees, "date": self.due_at is None}
        return tuple(name for name, is_missing in lacks.items() if is_missing)


def written_in(ctx: Context, run: Run, sections: Iterable[RetroSection]) -> list[FollowUp]:
    """Return the follow-ups that people wrote into sections, each title once; a time counts from when it was written.

    Raises `Unsure` where it is not known who is in the run's team.
    """
    found: dict[str, FollowUp] = {}
    for section in sections:
        if section.kind != "facts":
            to = ctx.reader_of(section.written_by or None)
            for line in follow_up_lines.lines(section.text):
                one = _read(ctx, run, line, to, section.written_at or ctx.now)
                found.setdefault(key_of(one.title), one)
    return list(found.values())


def key_of(title: str) -> str:
    """Return what two titles have in common that mean the same follow-up."""
    return " ".join(title.casefold().split())


def _read(ctx: Context, run: Run, line: follow_up_lines.Line, to: Reader, now: datetime) -> FollowUp:
    for title, words, more in line.timed():
        try:
            due_at = times.parse(words, to.zone, now, to.language)
        except times.Unreadable:
            continue
        people = _assignees(ctx, run, (*line.names, *more))
        return FollowUp(shorten(title, TITLE_LIMIT), people, due_at, is_late=due_at <= ctx.now)
    return FollowUp(shorten(line.text, TITLE_LIMIT), _assignees(ctx, run, line.names), None)


def _assignees(ctx: Context, run: Run, names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for name in names for one in _called(ctx, run, name)))


def _called(ctx: Context, run: Run, name: str) -> Iterator[str]:
    """Yield the id of who is called so and can have a task here, or the role."""
    if name in roles_of(ctx, run):
        yield f"{ROLE}{name}"
        return
    person = ctx.store.person_named(name)
    if person is not None and person.is_active and not person.is_bot and not teams.outside(ctx, run, [person.id]):
        yield person.id


def list_of(ctx: Context, run: Run) -> Checklist | None:
    """Return the checklist of what is to be done afterwards; None where there is none."""
    return next((row for row in ctx.store.checklists(run.id) if row.kind == "follow_ups"), None)


def age_of(ctx: Context, task: Task) -> int | None:
    """Return for how many days something is agreed on that is to be done afterwards; None of any other task."""
    row = ctx.store.checklist(task.checklist_id)
    if row is None or row.kind != "follow_ups" or task.added_at is None:
        return None
    return (ctx.now - task.added_at).days


def is_workable(ctx: Context, run: Run, checklist_id: int | None = None) -> bool:
    """Return whether people work on a run's tasks: as long as it is in progress, afterwards on its follow-ups.

    Without a checklist this tells whether there is anything to work on.
    """
    if run.is_active:
        return True
    after = list_of(ctx, run)
    return after is not None and checklist_id in (None, after.id)


def require_workable(ctx: Context, run: Run, checklist_ids: Iterable[int], by: Person) -> None:
    """Raise `Refused` where a run is over, and not all of some checklists are for what is to be done afterwards."""
    if not all(is_workable(ctx, run, each) for each in checklist_ids):
        raise permissions.finished(ctx, run, by)
