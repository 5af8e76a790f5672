"""Following a run: its updates, overdue updates and end come by direct message."""

from collections.abc import Iterator

from handlers.context import Context
from handlers.effects import Answer, Content, Effect
from handlers.events import ButtonPressed, CommandGiven, Person
from handlers.operations.as_direct_message import told
from store import Follower, Run


def follow(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    """`follow`."""
    yield from _follow(ctx, run, event.asker)


def unfollow(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    """`unfollow`."""
    yield from _unfollow(ctx, run, event.asker)


def turned(event: ButtonPressed, run: Run, ctx: Context) -> Iterator[Effect]:
    """*Follow or unfollow* in the menu."""
    if ctx.store.follower(run.id, event.asker.id) is None:
        yield from told(event, _follow(ctx, run, event.asker))
    else:
        yield from told(event, _unfollow(ctx, run, event.asker))


def _follow(ctx: Context, run: Run, asker: Person) -> Iterator[Effect]:
    if ctx.store.follower(run.id, asker.id) is not None:
        yield _answer(ctx, run, "following_before")
    else:
        ctx.store.add(Follower(run_id=run.id, person_id=asker.id))
        yield _answer(ctx, run, "following")


def _unfollow(ctx: Context, run: Run, asker: Person) -> Iterator[Effect]:
    found = ctx.store.follower(run.id, asker.id)
    if found is not None:
        ctx.store.drop(found)
    yield _answer(ctx, run, "unfollowed" if found is not None else "unfollowed_before")


def _answer(ctx: Context, run: Run, block: str) -> Answer:
    return Answer(content=Content(ctx.say("members", run=run, link=ctx.run_link(run))[block]))
