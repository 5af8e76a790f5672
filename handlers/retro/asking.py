"""Asking for a retrospective: again and again until it is published or skipped, and switched on and off in a run."""

from handlers.context import Context
from handlers.effects import Effects
from handlers.events import CommandGiven
from handlers.operations.draft_retrospective import ask_for_retrospective, switch_retrospective
from handlers.rules import permissions
from store import Job, Run


def asked_again(job: Job, ctx: Context) -> Effects:
    """The draft waits for longer than the playbook wants: ask the owner again, as long as there is something to do."""
    run = ctx.store.run(job.run_id)
    if run is not None:
        yield from ask_for_retrospective(ctx, run)


def switched(event: CommandGiven, run: Run, ctx: Context, *, on: bool) -> Effects:
    """`retro on`, `retro off`."""
    permissions.require(ctx, "finish", event.asker, run)
    done = yield from switch_retrospective(ctx, run, event.asker, on=on)
    changed, unchanged = ("wanted_now", "wanted_before") if on else ("unwanted_now", "unwanted_before")
    yield ctx.answer("retro", changed if done.is_on != done.before else unchanged, run=run)
