"""Telling those who follow a run, by direct message."""

from collections.abc import Iterator

from handlers.context import Context, known_person
from handlers.effects import Content, Tell
from handlers.rules import permissions
from handlers.rules.places import is_in_doubt
from handlers.rules.teams import outside
from store import Run


def tell_followers(ctx: Context, run: Run, content: Content, *, but: str = "") -> Iterator[Tell]:
    """Tell everybody who follows a run, `but` who did it.

    Who may not see it any more is told so once, and no more; who is not in its team, or not known to be, nothing. As
    long as it is in doubt what its channel is, who is outside is told nothing either. Who looks after the server is at
    home in all teams.
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
            yield Tell(person_id=one.person_id, content=Content(ctx.say("members", number=run.id)["no_longer"]))
        elif one.person_id != but:
            yield Tell(person_id=one.person_id, content=content)
