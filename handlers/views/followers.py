"""Telling a run's followers what happened to it, by direct message."""

from collections.abc import Iterator

from handlers.context import Context
from handlers.effects import Content, Tell
from store import Run


def tell_followers(ctx: Context, run: Run, content: Content, *, but: str = "") -> Iterator[Tell]:
    """Tell everybody who follows a run, `but` who did it."""
    assert run.id is not None
    for one in ctx.store.followers(run.id):
        if one.person_id != but:
            yield Tell(person_id=one.person_id, content=content)
