"""Following a run: its updates, overdue updates and end come by direct message."""

from handlers.context import Context
from handlers.effects import Answer, Effects
from handlers.events import ButtonPressed, CommandGiven
from handlers.messages.as_direct_message import told
from handlers.operations.follow_run import Following, follow_run, unfollow_run
from store import Run


def follow(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`follow`."""
    yield _answer(ctx, run, follow_run(ctx, run, event.asker))


def unfollow(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`unfollow`."""
    yield _answer(ctx, run, unfollow_run(ctx, run, event.asker))


def turned(event: ButtonPressed, run: Run, ctx: Context) -> Effects:
    """*Follow or unfollow* in the menu."""
    turn = follow_run if ctx.store.follower(run.id, event.asker.id) is None else unfollow_run
    yield from told(event, (_answer(ctx, run, turn(ctx, run, event.asker)),))


def _answer(ctx: Context, run: Run, now: Following) -> Answer:
    if now.follows:
        block = "following_before" if now.before else "following"
    else:
        block = "unfollowed" if now.before else "unfollowed_before"
    return ctx.answer("members", block, run=run, link=ctx.run_link(run))
