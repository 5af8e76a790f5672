"""Asking for a retrospective: again and again until it is published or skipped, and switched on and off in a run."""

from handlers.context import Context
from handlers.effects import Effects
from handlers.events import ButtonPressed, CommandGiven, Press
from handlers.messages.as_direct_message import told
from handlers.operations.draft_retrospective import ask_for_retrospective, switch_retrospective
from handlers.payloads import SwitchOfRun
from handlers.rules import permissions
from store import Job, Run


def asked_again(job: Job, ctx: Context) -> Effects:
    """The draft waits for longer than the playbook wants: ask the owner again, as long as there is something to do."""
    run = ctx.store.run(job.run_id)
    if run is not None:
        yield from ask_for_retrospective(ctx, run)


def switched_off(event: ButtonPressed, run: Run, ctx: Context) -> Effects:
    """*None is needed* in the draft's menu."""
    yield from told(event, switched(event, run, ctx, on=False))


def switched_by_button(event: Press[SwitchOfRun], run: Run, ctx: Context) -> Effects:
    """*It needs none* or *It needs one* where somebody looks at what is not there yet."""
    yield from told(event, switched(event, run, ctx, on=event.payload.state == "on"))


def switched(event: CommandGiven | ButtonPressed, run: Run, ctx: Context, *, on: bool) -> Effects:
    """`retro on`, `retro off`."""
    permissions.require(ctx, "finish", event.asker, run)
    done = yield from switch_retrospective(ctx, run, event.asker, on=on)
    changed, unchanged = ("wanted_now", "wanted_before") if on else ("unwanted_now", "unwanted_before")
    yield ctx.answer("retro", changed if done.is_on != done.before else unchanged, run=run)
