"""Who may do what: the one place that says so."""

from handlers.context import Context
from handlers.effects import Refuse
from handlers.events import Person
from handlers.words import zone
from store import Run


def may_start(asker: Person) -> bool:
    """Every member of a team may start its playbooks; guests may not."""
    return not asker.is_guest


def may_work(ctx: Context, asker: Person, run: Run) -> bool:
    """Participants, the owner and system administrators may change a run, its tasks and its updates."""
    if asker.is_admin or asker.id in (run.owner_id, run.creator_id):
        return True
    assert run.id is not None
    participant = ctx.store.participant(run.id, asker.id)
    return participant is not None and participant.is_in


def may_see(ctx: Context, asker: Person, run: Run) -> bool:
    """A run in a public channel is everybody's to see, one in a private channel its participants'."""
    return run.definition["channel"]["visibility"] == "public" or may_work(ctx, asker, run)


def not_yours(ctx: Context, run: Run) -> Refuse:
    """Say who may, and how to become one of them."""
    private = run.definition["channel"]["visibility"] == "private"
    said = ctx.say(
        "command",
        name=run.name,
        channel="" if private else run.channel_name,
        owner=ctx.username(run.owner_id),
    )
    return Refuse(title=said["not_yours_title"], text=said["not_yours"])


def finished(ctx: Context, run: Run, asker: Person) -> Refuse:
    """Say that a finished run does not change any more, and who ended it when."""
    who = ctx.username(run.finished_by) if run.finished_by else ""
    said = ctx.say("finish", run=run, who=who, zone=zone(asker.timezone))
    return Refuse(title=said["before_title"], text=said["before"])


def gone(ctx: Context) -> Refuse:
    """Say that what a message belongs to no longer exists."""
    said = ctx.say("command")
    return Refuse(title=said["gone_title"], text=said["gone"])
