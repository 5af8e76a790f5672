"""Playbooks that a run's playbook starts: in the name of who brought it about, as they could themselves."""

from collections.abc import Iterator

from handlers.context import Context, known_person
from handlers.effects import Content, Effects, Refused
from handlers.events import Person
from handlers.operations.automate import came_of
from handlers.operations.start_run import start_run
from handlers.rules import jobs
from handlers.rules.action_rows import action_of
from handlers.rules.run_request import Wish, stored_for
from handlers.text.words import folded
from handlers.views.keep import post
from store import ActionRow, Job, Message, PlaybookRow, Run

FARTHEST = 50
"""How many runs back it is looked for who started whom."""


def due(job: Job, ctx: Context) -> Effects:
    """Start the playbook of an action."""
    row = ctx.store.action_row(jobs.read(job, jobs.FollowUp).action_id)
    run = ctx.store.run(row.run_id) if row is not None else None
    if row is None or run is None or not row.is_under_way:
        return
    playbook = _playbook(ctx, run, row)
    if playbook is None:
        yield from came_of(ctx, run, row, "failed", "no_playbook")
    elif row.occasion == "start" and playbook.id in _started_by_start(ctx, run):
        yield from came_of(ctx, run, row, "failed", "circle")
    else:
        yield from _start(ctx, run, row, playbook)


def _start(ctx: Context, run: Run, row: ActionRow, playbook: PlaybookRow) -> Effects:
    # Said in a private channel, it begins a private run.
    wish = Wish(
        row=playbook,
        book=stored_for(ctx, playbook, run.channel_id or ""),
        asker=_asker(ctx, run, row),
        team_id=run.team_id,
        asked_in=run.channel_id or "",
    )
    try:
        started = yield from start_run(ctx, wish)
    except Refused as refused:
        yield from came_of(ctx, run, row, "failed", "refused", folded(refused.refusal.text))
        return
    row.made_run_id = started.run.id
    if run.channel_id and not run.closed_place:
        said = ctx.say(
            "why", ctx.readers_of(run), name=started.run.name, number=started.run.id, playbook=playbook.title
        )
        message = Message(kind="note", run_id=run.id, place_id=run.channel_id)
        yield from post(ctx, message, Content(said["began"]))
    yield from came_of(ctx, run, row, "done")


def _asker(ctx: Context, run: Run, row: ActionRow) -> Person:
    """Return in whose name it is started: who brought it about, or the run's owner."""
    known = ctx.store.person(row.by_id) or ctx.store.person(run.owner_id)
    assert known is not None
    return known_person(known)


def _playbook(ctx: Context, run: Run, row: ActionRow) -> PlaybookRow | None:
    action = action_of(row)
    return next((one for one in ctx.playbooks_in(run.team_id) if action is not None and one.key == action.run), None)


def _started_by_start(ctx: Context, run: Run) -> set[int]:
    """Return the playbooks of a run, and of those before it whose starts led here: nobody would end that."""
    return {one.playbook_id for one in _back(ctx, run) if one.playbook_id is not None}


def _back(ctx: Context, run: Run) -> Iterator[Run]:
    yield run
    for _ in range(FARTHEST):
        made_by = ctx.store.action_that_made(run.id)
        before = ctx.store.run(made_by.run_id, removed=True) if made_by is not None else None
        if made_by is None or before is None or made_by.occasion != "start":
            return
        run = before
        yield run
