"""Making a bare checklist, a run without a playbook, in any channel or direct message."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.context import Context
from handlers.effects import Doing
from handlers.events import Person, Place
from handlers.figures.keep import begin_figures
from handlers.operations.enter_channel import arrive
from handlers.playbooks.playbook import Playbook
from handlers.rules import pace, permissions, teams
from handlers.rules.places import require_member
from store import Checklist, Participant, Run, Task, new_key

TITLE_LIMIT = 150
LINE_LIMIT = 200
MOST = 200

_BOOK = Playbook.model_validate({"title": "Checklist", "key": "checklist"})
"""What stands in for the playbook that a bare checklist has not."""


@dataclass(frozen=True, slots=True)
class ChecklistMade:
    """The run that a checklist is, and how many tasks it has."""

    run: Run
    count: int


def make_checklist(ctx: Context, title: str, tasks: Sequence[str], by: Person, place: Place) -> Doing[ChecklistMade]:
    """Make a checklist with a task for each line. Raises `Refused` as `require_making` and `require_fit`."""
    require_making(ctx, by, place)
    require_fit(ctx, title, tasks)
    run = ctx.store.add(
        Run(
            key=new_key(),
            team_id=place.team_id,
            own_channel=False,
            definition=_BOOK.definition(),
            name=title,
            owner_id=by.id,
            creator_id=by.id,
            timezone=by.timezone,
            created_at=ctx.now,
        )
    )
    row = ctx.store.add(Checklist(run_id=run.id, position=1, title=title))
    ctx.store.add_all(
        [Task(run_id=run.id, checklist_id=row.id, position=at, title=line) for at, line in enumerate(tasks, 1)]
    )
    ctx.note(run, "started", by.id)
    begin_figures(ctx, run)
    _take_part(ctx, run, by)
    yield from arrive(ctx, run, place)
    return ChecklistMade(run, len(tasks))


def require_making(ctx: Context, by: Person, place: Place) -> None:
    """Raise `Refused` where the bot is not in a place, somebody is not in its team any more, or they make too many."""
    require_member(ctx, place)
    if not by.is_admin and place.kind in ("O", "P") and teams.outside_team(ctx, place.team_id, [by.id]):
        raise permissions.not_of_team(ctx)
    pace.require_start(ctx, by)


def require_fit(ctx: Context, title: str, tasks: Sequence[str]) -> None:
    """Raise `Refused` where a checklist has no title, or is too long."""
    fits = 0 < len(title) <= TITLE_LIMIT and len(tasks) <= MOST and all(0 < len(one) <= LINE_LIMIT for one in tasks)
    if not fits:
        raise ctx.refused("bare", "wrong", limit=TITLE_LIMIT, most=MOST)


def take_part(ctx: Context, person: Person, runs: Sequence[Run]) -> None:
    """Let whoever works where bare checklists are take part in them, of all the runs there."""
    for run in runs if not person.is_bot else ():
        if run.playbook_id is None and run.is_active and ctx.store.participant(run.id, person.id) is None:
            _take_part(ctx, run, person)


def _take_part(ctx: Context, run: Run, person: Person) -> None:
    ctx.store.add(Participant(run_id=run.id, person_id=person.id, joined_at=ctx.now, welcomed_at=ctx.now))
