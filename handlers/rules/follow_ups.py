"""What is still to be done when a run is over: the lines that say so, and the checklist that stays workable."""

from collections.abc import Iterable
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

    It `is_late` if that is over before there is a task, and `is_done` if it is ticked off. `when` is how the time was
    written, `doubtful` where that can mean several; `unknown` are names of nobody who could have it.
    """

    title: str
    assignees: tuple[str, ...]
    due_at: datetime | None
    is_late: bool = False
    is_done: bool = False
    when: str = ""
    doubtful: str = ""
    unknown: tuple[str, ...] = ()

    @property
    def lacks(self) -> tuple[Lack, ...]:
        """Return what it needs for somebody to do it at some time."""
        lacks: dict[Lack, bool] = {"owner": not self.assignees, "date": self.due_at is None}
        return tuple(name for name, is_missing in lacks.items() if is_missing)

    @property
    def is_vague(self) -> bool:
        """Return whether something of it is not as whoever wrote it means it."""
        return bool(self.lacks or self.is_late or self.unknown)


def written_in(ctx: Context, run: Run, sections: Iterable[RetroSection]) -> list[FollowUp]:
    """Return the open follow-ups that people wrote into sections, each title once; times count from the writing.

    Raises `Unsure` where it is not known who is in the run's team.
    """
    found: dict[str, FollowUp] = {}
    for section in sections:
        for key, one in written(ctx, run, section, section.text).items():
            found.setdefault(key, one)
    return [one for one in found.values() if not one.is_done]


def written(ctx: Context, run: Run, section: RetroSection, text: str) -> dict[str, FollowUp]:
    """Return the follow-ups of a text of a section, those that are ticked off as well, by what they are known by."""
    found: dict[str, FollowUp] = {}
    if section.kind != "facts":
        to = ctx.reader_of(section.written_by or None)
        for line in follow_up_lines.lines(text, done=True):
            one = _read(ctx, run, line, to, section.written_at or ctx.now)
            found.setdefault(key_of(one.title), one)
    return found


def key_of(title: str) -> str:
    """Return what two titles have in common that mean the same follow-up."""
    return " ".join(title.casefold().split())


def _read(ctx: Context, run: Run, line: follow_up_lines.Line, to: Reader, now: datetime) -> FollowUp:
    title, names, due_at, when, doubtful = line.text, line.names, None, "", ""
    for before, words, more in line.timed():
        try:
            due_at = times.parse(words, to.zone, now, to.language)
        except times.Ambiguous:
            title, names, doubtful = line.without(more), (*line.names, *more), words
        except times.Unreadable:
            continue
        else:
            title, names, when = before, (*line.names, *more), words
        break
    called = {name: _called(ctx, run, name) for name in names}
    return FollowUp(
        title=shorten(title, TITLE_LIMIT),
        assignees=tuple(dict.fromkeys(found for found in called.values() if found)),
        due_at=due_at,
        is_late=due_at is not None and due_at <= ctx.now,
        is_done=line.is_done,
        when=when,
        doubtful=doubtful,
        unknown=tuple(name for name, found in called.items() if not found),
    )


def _called(ctx: Context, run: Run, name: str) -> str:
    """Return the id of who is called so and can have a task here, or the role; empty where there is nobody."""
    if name in roles_of(ctx, run):
        return f"{ROLE}{name}"
    person = ctx.store.person_named(name)
    if person is None or not person.is_active or person.is_bot or teams.outside(ctx, run, [person.id]):
        return ""
    return person.id


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
