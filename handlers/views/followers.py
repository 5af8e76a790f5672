"""Telling a run's followers what happened to it, by direct message, for as long as they may see it."""

from collections.abc import Iterator

from handlers import permissions
from handlers.context import Context
from handlers.effects import Content, Tell
from handlers.who import known
from store import Follower, Run


def tell_followers(ctx: Context, run: Run, content: Content, *, but: str = "") -> Iterator[Tell]:
    """Tell everybody who follows a run, `but` who did it; who may not see it any more is told so once, and no more."""
    assert run.id is not None
    for one in list(ctx.store.followers(run.id)):
        if not _may_see(ctx, run, one):
            ctx.store.drop(one)
            yield Tell(person_id=one.person_id, content=Content(ctx.say("members", number=run.id)["no_longer"]))
        elif one.person_id != but:
            yield Tell(person_id=one.person_id, content=content)


def _may_see(ctx: Context, run: Run, one: Follower) -> bool:
    person = ctx.store.person(one.person_id)
    return person is not None and permissions.is_listed(ctx, known(person), run)
