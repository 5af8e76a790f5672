"""After the end of a run: taking it up again, and archiving its channel where the playbook says so."""

from collections.abc import Iterator

from handlers.context import Context
from handlers.effects import ChangeChannel, Effect
from handlers.events import ButtonPressed, CommandGiven, Person
from handlers.operations.end_run import restart_run
from handlers.rules import permissions
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


def _restart(ctx: Context, run: Run, by: Person) -> Iterator[Effect]:
    yield from restart_run(ctx, run, by)
    yield ctx.answer("restart", "answer", run=run, link=ctx.run_link(run))
