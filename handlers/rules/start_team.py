"""In which team a run is to start: the one of the channel, and in a direct message to the bot one of one's own."""

import re
from collections.abc import Collection, Iterable, Sequence

from handlers.context import Context
from handlers.events import Hit, Person, Place
from handlers.rules import permissions, teams
from handlers.rules.places import is_with_bot
from handlers.text.words import Safe
from store import KnownTeam, PlaybookRow

_IN = re.compile(r"in\s+(\S+)(?:\s+|$)", re.IGNORECASE)


def teams_at(ctx: Context, person: Person, place: Place) -> list[str]:
    """Return the ids of the teams that are meant in a channel: its own, or in a direct message to the bot all of one's.

    Raises `Unsure` where it is not known in which of them somebody is.
    """
    if place.team_id or not is_with_bot(ctx, place):
        return [place.team_id] if place.team_id else []
    return [one.id for one in teams.of_person(ctx, person)]


def with_playbook(ctx: Context, person: Person, place: Place, row: PlaybookRow, name: str) -> tuple[str, str]:
    """Return the team to start a playbook in, and the run's name without `in TEAM` before it. Raises `Refused`."""
    if place.team_id:
        return place.team_id, name
    ids = teams_at(ctx, person, place)
    found = _with_any(ctx, person, ids, {row.id}) if len(ids) > 1 else _known(ctx, ids)
    said = _IN.match(name)
    named = [one for one in found if said and one.name == said[1].casefold().rstrip(".,:;")]
    return (named[0].id, name[said.end() :]) if said and named else (_only(ctx, found, row), name)


def of_keywords(ctx: Context, person: Person, place: Place, hits: Sequence[Hit]) -> str:
    """Return the team to ask in about playbooks whose keywords were said to the bot; empty where there is none.

    Raises `Refused` where there are several.
    """
    ids = [hit.playbook_id for hit in hits if hit.playbook_id]
    found = _with_any(ctx, person, teams_at(ctx, person, place), ids) if ids else []
    row = ctx.store.playbook(ids[0]) if len(found) > 1 else None
    return _only(ctx, found, row) if found else ""


def _known(ctx: Context, ids: Iterable[str]) -> list[KnownTeam]:
    return [one for one in map(ctx.store.team, ids) if one is not None]


def _with_any(ctx: Context, person: Person, ids: Iterable[str], playbooks: Collection[int]) -> list[KnownTeam]:
    """Return those teams in which somebody may use one of some playbooks."""
    return [
        team
        for team in _known(ctx, ids)
        if any(row.id in playbooks for row in permissions.playbooks_for(ctx, person, team.id))
    ]


def _only(ctx: Context, found: Sequence[KnownTeam], row: PlaybookRow | None) -> str:
    if len(found) == 1:
        return found[0].id
    named = [{"name": Safe(one.name), "title": one.title} for one in found]
    key = Safe(row.key if row else "")
    raise ctx.refused("start", "which_team" if found else "no_team", "no_team", teams=named, key=key)
