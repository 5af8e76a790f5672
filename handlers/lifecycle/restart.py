"""After the end of a run: taking it up again, all as it was, and archiving its channel where the playbook says so."""

from collections.abc import Iterator

from handlers.context import Context
from handlers.effects import Answer, ChangeChannel, Content, Effect, Refuse
from handlers.events import ButtonPressed, CommandGiven, Person
from handlers.operations.create_run import open_channel
from handlers.rules import due_reminders, jobs, permissions
from handlers.rules.rotas import plan_turn
from handlers.views.card import refresh_card
from handlers.views.checklist import refresh_checklists
from handlers.views.keep import note
from store import Job, Run


def by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    """`restart`, and `restart #12` from wherever it is said."""
    if run.is_active and not event.run_id:
        over = [one for one in ctx.store.runs_in(event.place.id) if not one.is_active]
        allowed = [one for one in over if permissions.may(ctx, "finish", event.asker, one)]
        run = allowed[0] if len(allowed) == 1 else run
    yield from _restart(ctx, run, event.asker)


def by_button(event: ButtonPressed, run: Run, ctx: Context) -> Iterator[Effect]:
    """*Restart* on the card of a finished run."""
    yield from _restart(ctx, run, event.asker)


def archive_due(job: Job, ctx: Context) -> Iterator[Effect]:
    """The run has been over for long enough that everything is said: archive the channel that was opened for it."""
    run = ctx.store.run(job.run_id, removed=True)
    if run is None or run.is_active or run.channel_id is None or run.closed_place:
        return
    run.closed_place = "archived"
    yield ChangeChannel(run_id=run.id, place_id=run.channel_id, archived=True)


def _restart(ctx: Context, run: Run, asker: Person) -> Iterator[Effect]:
    said = ctx.say("restart", run=run)
    if run.is_active:
        yield Refuse(title=said["active_title"], text=said["active"])
        return
    ended = run.finished_at
    run.restart(ctx.now)
    ctx.note(run, "restarted", asker.id)
    ctx.store.cancel_jobs(ctx.now, "archive", run)
    if run.update_due_at is not None:
        jobs.plan(ctx, "update", run, run.update_due_at)
    due_reminders.plan(ctx, run)
    plan_turn(ctx, run, since=ended)
    yield from _show(ctx, run, asker)
    yield Answer(content=Content(ctx.say("restart", run=run, link=ctx.run_link(run))["answer"]))


def _show(ctx: Context, run: Run, asker: Person) -> Iterator[Effect]:
    if run.channel_id is None:
        yield from open_channel(ctx, run)
    elif run.closed_place == "archived":
        # What stands there is drawn anew when the server says that the channel can be used again.
        yield ChangeChannel(run_id=run.id, place_id=run.channel_id, archived=False)
    else:
        yield from note(ctx, run, ctx.say("restart", run=run, who=ctx.username(asker.id))["post"])
        yield from refresh_card(ctx, run)
        yield from refresh_checklists(ctx, run)
