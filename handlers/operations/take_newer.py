"""A run takes over what a newer version of its playbook says, as far as somebody wants it; what was done stays done."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from handlers.context import Context
from handlers.effects import Doing
from handlers.events import Person
from handlers.operations.change_tasks import settled
from handlers.operations.create_run import Present, task_row
from handlers.playbooks.changes import NotThere
from handlers.playbooks.differences import Difference, differences
from handlers.playbooks.pairs import At, paired, paired_tasks
from handlers.playbooks.playbook import Playbook, playbook_of
from handlers.playbooks.playbook import Task as PlannedTask
from handlers.playbooks.take_differences import taken
from handlers.rules import ordering, permissions, planned_people
from handlers.rules.action_rows import renew_rows
from handlers.rules.change_log import count_anew
from handlers.rules.planned_tasks import settle_conditions
from handlers.rules.run_request import stored
from handlers.rules.run_texts import as_written, refilled
from handlers.rules.run_values import values_of_run
from store import Checklist, PlaybookRow, RoleHolder, Run, Task

OF_A_RUN = frozenset(
    {
        ("actions",),
        ("attributes",),
        ("channel", "archive"),
        ("checklists",),
        ("membership",),
        ("only_owner_finishes",),
        ("retrospective",),
        ("roles",),
        ("updates",),
        ("webhooks",),
        ("welcome",),
        ("working",),
    }
)
"""The keys of a playbook that say something to a run that is in progress; the others are about its beginning."""
SEEN = ("title", "description", "assignees", "due_at", "command", "words", "words_by", "by_update")
"""What a playbook says of a task, by the columns of its row."""


@dataclass(frozen=True, slots=True)
class Newer:
    """What a newer version of a run's playbook changes in it, and the version."""

    row: PlaybookRow
    version: int
    lines: tuple[Difference, ...]


def newer_of(ctx: Context, run: Run) -> Newer | None:
    """Return what a newer version would change in a run; None where it follows the one in use, or none."""
    row = ctx.store.playbook(run.playbook_id) if run.playbook_id is not None else None
    if row is None or row.version <= run.playbook_version or run.is_trial:
        return None
    found = differences(as_written(run), stored(ctx, row))
    lines = tuple(one for one in found if not one.is_move and (one.new or one.old)[:1] and _is_of_a_run(one))
    return Newer(row, row.version, lines) if lines else None


def take_newer(ctx: Context, run: Run, lines: Collection[Difference], by: Person) -> Doing[tuple[Difference, ...]]:
    """Take some lines of a newer version over; return those. Raises `Refused` where they cannot be by themselves."""
    permissions.require(ctx, "change", by, run)
    if not run.is_active:
        raise permissions.finished(ctx, run, by)
    newer = newer_of(ctx, run)
    chosen = tuple(one for one in (newer.lines if newer is not None else ()) if one in lines)
    if newer is None or not chosen:
        raise ctx.refused("editing", "no_newer")
    before = playbook_of(run.definition)
    try:
        written = taken(as_written(run), stored(ctx, newer.row), chosen)
    except (NotThere, ValueError):
        raise ctx.refused("editing", "not_alone") from None
    after, texts = refilled(ctx, run, written, values_of_run(ctx, run))
    _Taking(ctx, run, before, after).done()
    run.definition, run.texts = after.definition(), texts
    renew_rows(ctx, run)
    if run.update_every == before.updates.every:
        run.update_every = after.updates.every
    if newer_of(ctx, run) is None:
        run.playbook_version = newer.version
    settle_conditions(ctx, run)
    ctx.note(run, "upgraded", by.id, subject=str(newer.version), lines=len(chosen))
    ctx.rearranged.add(run.id)
    yield from settled(ctx, run)
    return chosen


def _is_of_a_run(one: Difference) -> bool:
    place = one.new or one.old
    return place[:1] in OF_A_RUN or place[:2] in OF_A_RUN


class _Taking:
    """A run's tasks while they become those of another version of its playbook."""

    def __init__(self, ctx: Context, run: Run, before: Playbook, after: Playbook) -> None:
        self.ctx, self.run, self.before, self.after = ctx, run, before, after
        named = [*planned_people.all_named(before), *planned_people.all_named(after)]
        self.present: Present = planned_people.there(ctx, run.team_id, named)
        self.lists = paired("checklists", before.checklists, after.checklists)
        self.pairs = paired_tasks(before.checklists, after.checklists, self.lists)
        self.old, self.new = _numbered(before), _numbered(after)
        self.tasks = [one for one in ctx.store.task_rows(run.id) if one.removed_at is None]
        self.rows = self._rows()

    def done(self) -> None:
        """Make all that differs so in the run."""
        self._rename()
        kept = {number: self.pairs.get(at) for at, number in self.old.items()}
        for task in list(self.ctx.store.task_rows(self.run.id)):
            if task.planned and task.planned in kept:
                self._follow(task, kept[task.planned])
        for there, number in self.new.items():
            if there not in self.pairs.values():
                self._add(there, number)
        held = {one.role for one in self.ctx.store.role_holders(self.run.id)}
        for role in self.after.roles:
            if role.name not in held:
                self.ctx.store.add(RoleHolder(run_id=self.run.id, role=role.name))
        count_anew(self.ctx, self.run)

    def _rows(self) -> dict[int, Checklist]:
        """Return the run's checklists by where they stand in the newer version, as far as there are some.

        One is known by its title, of several the one in which most of its tasks are; else, as people
        rename them, by these tasks alone.
        """
        back, free = {there: here for here, there in self.lists.items()}, [*self.ctx.store.checklists(self.run.id)]
        found = dict[int, Checklist]()
        for by_title in (True, False):
            for at in (at for at in range(len(self.after.checklists)) if at not in found):
                here = back.get(at)
                title = (self.after if here is None else self.before).checklists[at if here is None else here].title
                held = {row.id: self._count(row, here) for row in free}
                fit = [row for row in free if (row.title == title if by_title else held[row.id])]
                if fit:
                    found[at] = max(fit, key=lambda row: held[row.id])
                    free.remove(found[at])
        return found

    def _count(self, row: Checklist, here: int | None) -> int:
        """Return how many of the tasks that were planned for a checklist stand in this one."""
        planned = {number for at, number in self.old.items() if at[0] == here}
        return sum(task.checklist_id == row.id and task.planned in planned for task in self.tasks)

    def _row(self, at: int) -> Checklist:
        """Return the run's checklist for one of the newer version, made where there is none."""
        if at not in self.rows:
            self.rows[at] = ordering.add_checklist(self.ctx, self.run, self.after.checklists[at].title)
        return self.rows[at]

    def _rename(self) -> None:
        """Let checklists be called as they are now, unless people call them otherwise."""
        for here, there in self.lists.items():
            row = self.rows.get(there)
            if row is not None and row.title == self.before.checklists[here].title:
                row.title = self.after.checklists[there].title

    def _follow(self, task: Task, there: At | None) -> None:
        """Let a task be as it is planned now, unless people changed that; one that is out goes if it is untouched."""
        was = self._planned(self.before, next(at for at, number in self.old.items() if number == task.planned))
        if there is None:
            if not task.touched and task.state == "open" and task.removed_at is None:
                task.removed_at = self.ctx.now
            task.planned = 0
            return
        now = self._planned(self.after, there)
        before, after = self._as_row(was), self._as_row(now)
        for name in SEEN:
            if getattr(task, name) == getattr(before, name) != getattr(after, name):
                setattr(task, name, getattr(after, name))
        task.planned = self.new[there]

    def _add(self, there: At, number: int) -> None:
        row = self._row(there[0])
        task = task_row(self.ctx, self.run, number, row.id, 0, self._planned(self.after, there), self.present)
        task.added_at = self.ctx.now
        tasks = [one for one in self.ctx.store.tasks(self.run.id, hidden=True) if one.checklist_id == row.id]
        before = [at for at, one in enumerate(tasks, 1) if one.planned and self._stands_before(one, there)]
        task.position = len(tasks) + 1
        ordering.move(self.ctx, [self.ctx.store.add(task)], row, max(before, default=0) + 1)

    def _stands_before(self, task: Task, there: At) -> bool:
        at = next((at for at, number in self.new.items() if number == task.planned), None)
        return at is not None and at[0] == there[0] and at[1] < there[1]

    def _as_row(self, planned: PlannedTask) -> Task:
        return task_row(self.ctx, self.run, 0, 0, 0, planned, self.present)

    def _planned(self, book: Playbook, at: At) -> PlannedTask:
        return book.checklists[at[0]].tasks[at[1]]


def _numbered(book: Playbook) -> Mapping[At, int]:
    """Return the number of each task by where it stands."""
    places = ((row, at) for row, one in enumerate(book.checklists) for at in range(len(one.tasks)))
    return {place: number for number, place in enumerate(places, 1)}
