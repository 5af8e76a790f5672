"""Telling those who follow a run, by direct message."""

from collections.abc import Callable, Iterator

from handlers.context import Context, known_person
from handlers.effects import Content, Tell
from handlers.rules import permissions
from handlers.rules.places import is_in_doubt
from handlers.rules.teams import outside
from handlers.text.readers import Reader
from handlers.views.keep import in_words
from store import Run


def tell_followers(ctx: Context, run: Run, content: Callable[[Reader], Content], *, but: str = "") -> Iterator[Tell]:
    """Tell everybody who follows a run, except `but`; `content` is made for each in their language.

    Followers who may not see the run any more are told that once, and follow it no longer; while it is in doubt what
    its channel is, they are told nothing. Nor are those who are not known to be in its team, unless they look after the
    server.
    """
    followers = list(ctx.store.followers(run.id))
    # All are asked about at once.
    away = outside(ctx, run, [one.person_id for one in followers])
    people = ctx.store.people(one.person_id for one in followers)
    for one in followers:
        person = known_person(people[one.person_id]) if one.person_id in people else None
        if person is None or (one.person_id in away and not (person.is_admin and person.is_active)):
            continue
        if not permissions.is_listed(ctx, person, run):
            if is_in_doubt(ctx, run):
                continue
            ctx.store.drop(one)
            yield in_words(ctx, one.person_id, ctx.say("members", number=run.id), "no_longer")
        elif one.person_id != but:
            yield Tell(person_id=one.person_id, content=content(ctx.readers_of(run, ctx.reader_of(person))))
