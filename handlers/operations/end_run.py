"""Ending a run, taking it up again, and deleting one that was made by mistake; whoever asks for it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.context import Context
from handlers.effects import ChangeChannel, Doing, Effects
from handlers.events import Person
from handlers.figures.keep import keep_figures
from handlers.operations.create_run import open_channel
from handlers.operations.draft_retrospective import begin_retrospective, pause_retrospective
from handlers.operations.happenings import happened
from handlers.rules import due_reminders, jobs, permissions
from handlers.rules.planned_tasks import settle_conditions
from handlers.rules.rotas import plan_turn
from handlers.views.announcement import announce, broadcast, unsay_finish
from handlers.views.card import refresh_card
from handlers.views.checklist import refresh_checklists
from handlers.views.keep import note_if_open, take_away
from handlers.views.prompt import refresh_prompt, refresh_questions
from handlers.views.reminder import close_reminders
from store import Run

OUTCOME_LIMIT = 1000
"""The longest word about what came of a run, in characters."""

SETTLE = timedelta(seconds=15)
"""How long after its messages a channel is archived: nothing can be taken out of an archived one."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A run is over; `kept` are the channels of its playbook that were not told, as everybody reads there."""

    run_id: int
    at: datetime
    kept: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Restarted:
    """A run goes on that was over since a time."""

    run_id: int
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Deleted:
    """A run is found by nobody any more; its own channel, where it has one, may be archived."""

    run_id: int
    is_archived: bool


def finish_run(ctx: Context, run: Run, by: Person, outcome: str = "", *, was_mistaken: bool = False) -> Doing[Finished]:
    """End a run, and say so in its channel and wherever its updates go, with what came of it.

    One that was started by mistake counts in no figure. Raises `Refused` where it is over, and where the outcome is too
    long.
    """
    require_end(ctx, run, by, outcome)
    run.finish(by.id, ctx.now)
    run.mistaken_at = ctx.now if was_mistaken else None
    ctx.note(run, "finished", by.id, subject=outcome)
    ctx.store.cancel_jobs(ctx.now, "update", run)
    due_reminders.plan(ctx, run)
    plan_turn(ctx, run)
    told = yield from announce(ctx, run, "finish", by, "green")
    yield from close_reminders(ctx, run, "over")
    yield from refresh_card(ctx, run)
    yield from refresh_checklists(ctx, run)
    yield from refresh_questions(ctx, run)
    yield from begin_retrospective(ctx, run, by)
    yield from happened(ctx, run, "run.finished", by.id)
    return Finished(run.id, ctx.now, told.kept)


def require_end(ctx: Context, run: Run, by: Person, outcome: str) -> None:
    """Raise `Refused` where a run is over, and where what came of it is too long to be told."""
    if not run.is_active:
        raise permissions.finished(ctx, run, by)
    if len(outcome) > OUTCOME_LIMIT:
        raise ctx.refused("finish", "too_long", count=len(outcome), limit=OUTCOME_LIMIT)


def restart_run(ctx: Context, run: Run, by: Person) -> Doing[Restarted]:
    """Take a run up again, all as it was. Raises `Refused` where it is in progress."""
    if run.is_active:
        raise ctx.refused("restart", "active", run=run)
    if run.imported_id:
        raise ctx.refused("restart", "imported", run=run)
    ended = run.finished_at
    run.restart(ctx.now)
    settle_conditions(ctx, run)
    yield from unsay_finish(ctx, run)
    ctx.note(run, "restarted", by.id)
    ctx.store.cancel_jobs(ctx.now, "archive", run)
    yield from pause_retrospective(ctx, run)
    if run.update_due_at is not None:
        jobs.plan(ctx, "update", run, run.update_due_at)
    due_reminders.plan(ctx, run)
    plan_turn(ctx, run, since=ended)
    yield from _show_again(ctx, run, by)
    yield from broadcast(ctx, run, "restart", by, "blue")
    yield from refresh_questions(ctx, run)
    keep_figures(ctx, run)
    yield from happened(ctx, run, "run.restarted", by.id)
    return Restarted(run.id, ended)


def delete_run(
    ctx: Context, run: Run, by: Person, *, keeps_channel: bool = False, is_said: bool = False
) -> Doing[Deleted]:
    """Take a run's messages away, and let nobody find it. Raises `Refused` while its channel is being opened.

    Its own channel is archived, unless that stays; where it lived in another one, that may be said there.
    """
    if run.state == "opening":
        raise ctx.refused("delete", "opening", run=run)
    ctx.store.cancel_all_jobs(ctx.now, run.id)
    for message in ctx.store.messages_of(run.id):
        yield from take_away(ctx, message)
    if run.is_active:
        run.finish(by.id, ctx.now)
    is_archived = run.own_channel and run.channel_id is not None and not run.closed_place and not keeps_channel
    if is_archived:
        jobs.plan(ctx, "archive", run, ctx.now + SETTLE)
    elif is_said:
        yield from note_if_open(ctx, run, ctx.say("delete", run=run, who=ctx.username(by.id)), "post")
    run.removed_at = ctx.now
    # They still know their run, so that no figure takes them for declined.
    for prompt in ctx.store.prompts_of(run.id):
        prompt.state, prompt.answered_by = "dismissed", by.id
        yield from refresh_prompt(ctx, prompt)
    yield from refresh_questions(ctx, run)
    return Deleted(run.id, is_archived)


def _show_again(ctx: Context, run: Run, by: Person) -> Effects:
    if run.channel_id is None:
        yield from open_channel(ctx, run)
    elif run.closed_place == "archived":
        # What stands there is drawn anew when the server says that the channel can be used again.
        yield ChangeChannel(run_id=run.id, place_id=run.channel_id, archived=False)
    else:
        yield from note_if_open(ctx, run, ctx.say("restart", run=run, who=ctx.username(by.id)), "post")
        yield from refresh_card(ctx, run)
        yield from refresh_checklists(ctx, run)
