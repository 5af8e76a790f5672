"""Telling a run's followers what happened to it, by direct message."""

from collections.abc import Iterator

from handlers.context import Context
from handlers.effects import Content, Tell
from handlers.permissions import is_listed
from handlers.teams import outside
from handlers.who import known
from store import Run


def tell_followers(ctx: Context, run: Run, content: Content, *, but: str = "") -> Iterator[Tell]:
    """Tell everybody who follows a run and may still see it, `but` who did it."""
    assert run.id is not None
    following = [one.person_id for one in ctx.store.followers(run.id) if one.person_id != but]
    # All are asked about at once.
    outside(ctx, run, following)
    people = ctx.store.people(following)
    for person_id in following:
        if person_id in people and is_listed(ctx, known(people[person_id]), run):
            yield Tell(person_id=person_id, content=content)
