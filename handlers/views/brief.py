"""A run in one message, for who joins late or asks: how it stands, what happened, what is open and what is next."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from handlers.context import Context
from handlers.effects import Card, Colour, Content, unfolded
from handlers.events import Person
from handlers.rules.assignees import named
from handlers.rules.progress import Numbered, progress
from handlers.text.words import Safe, mention, shorten
from handlers.views.timeline import last_moments, moment_line
from store import Run

EVENTS = 4
TASKS = 4
"""How much of each is named, so that it fits a phone."""

TITLE_LIMIT = 70

LATE = timedelta(minutes=10)
"""Who joins a run that is older than this is told how it stands, and not only welcomed."""


def welcome(ctx: Context, run: Run, person: Person) -> Content:
    """Return what somebody is told who takes part now for the first time."""
    if ctx.now - run.created_at > LATE:
        return brief(ctx, run, person.id, is_new=True)
    standing = progress(ctx, run)
    coming = standing.open[0] if standing.open else None
    said = ctx.say(
        "people",
        ctx.reader_of(person.id),
        run=run,
        link=ctx.run_link(run),
        playbook=run.definition["title"],
        owner=ctx.username(run.owner_id),
        is_owner=person.id == run.owner_id,
        next_task={"number": Safe(coming.number), "title": coming.task.title} if coming else None,
        done=standing.done,
        total=standing.total,
    )
    return Content(said["welcome"])


def brief(ctx: Context, run: Run, person_id: str, *, is_new: bool = False) -> Content:
    """Return how a run stands, in a person's own time zone; somebody `is_new` who has just joined."""
    ctx = ctx.to(ctx.reader_of(person_id))
    standing = progress(ctx, run)
    late = [one for one in standing.open if one.task.is_overdue(ctx.now)]
    rest = [one for one in standing.open if one not in late]
    coming = min((one for one in rest if one.task.due_at), key=lambda one: one.task.due_at or ctx.now, default=None)
    said = ctx.say(
        "brief",
        run=run,
        link=ctx.run_link(run),
        owner=ctx.username(run.owner_id),
        is_owner=person_id == run.owner_id,
        playbook=run.definition.get("title", ""),
        roles=Safe(", ".join(roles_held(ctx, run))),
        late_update=run.is_update_late(ctx.now),
        done=standing.done,
        total=standing.total,
        late=[_task(ctx, run, one) for one in late[:TASKS]],
        more_late=max(0, len(late) - TASKS),
        rest=[_task(ctx, run, one) for one in rest[:TASKS]],
        more=max(0, len(rest) - TASKS),
        coming=_task(ctx, run, coming) if coming else None,
        moments=[moment_line(ctx, one) for one in last_moments(ctx, run, EVENTS)],
        safe=Safe,
    )
    head = said["head_finished"] if not run.is_active else said["head_welcome" if is_new else "head"]
    colour: Colour = "red" if late or run.is_update_late(ctx.now) else "blue"
    return Content(head, (Card(colour=colour, fields=unfolded(said["text"])),))


def roles_held(ctx: Context, run: Run) -> Iterator[str]:
    """Yield each named role of a run with who has it."""
    for one in ctx.store.role_holders(run.id):
        who = mention(ctx.username(one.person_id)) if one.person_id else ctx.say("brief")["nobody"]
        yield f"{one.role} {who}"


def _task(ctx: Context, run: Run, one: Numbered) -> dict[str, Any]:
    return {
        "number": Safe(one.number),
        "title": shorten(one.task.title, TITLE_LIMIT),
        "assignees": named(ctx, run, one.task.assignees),
        "due_at": one.task.due_at,
    }
