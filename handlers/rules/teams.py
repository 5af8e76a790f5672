"""Who is in the team of a run now: known from the server's events and answers, asked for where a decision needs it."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from handlers.context import Context
from handlers.events import Person
from handlers.text.words import Safe, mention
from handlers.unsure import InTeam, Unsure
from store import KnownTeam, Run, TeamMember

MEMBER_FOR = timedelta(minutes=15)
"""How long a member counts as one unasked; of who leaves a team the server tells the others."""
OUTSIDE_FOR = timedelta(seconds=10)
"""How long somebody counts as being outside unasked; of who comes into a team the server tells nobody else."""


def outside(ctx: Context, run: Run, person_ids: Iterable[str]) -> set[str]:
    """Return those of some people who are not in a run's team, or whose account is deactivated.

    Raises `Unsure` where that is not known and can be asked; where it cannot, nobody counts as being in the team of
    whom it was never said. A bare checklist in a direct message is for who is there, whatever their teams.
    """
    ids = [each for each in dict.fromkeys(person_ids) if each]
    return _inactive(ctx, ids) if _has_no_team(ctx, run) else outside_team(ctx, run.team_id, ids)


def outside_team(ctx: Context, team_id: str, ids: Sequence[str]) -> set[str]:
    """Return what `outside` does, of a team."""
    known = ctx.store.team_members(team_id, ids)
    asked = tuple(each for each in ids if not _counts(known.get(each), ctx.now))
    if asked and ctx.asks:
        raise Unsure(InTeam(team_id, asked))
    return {each for each in ids if each not in known or not known[each].is_member} | _inactive(ctx, ids)


def of_person(ctx: Context, person: Person) -> list[KnownTeam]:
    """Return the teams of the bot's that somebody is in; in a direct message any of them may be meant.

    Raises `Unsure` as `outside` does.
    """
    worked_in = [one for one in ctx.store.teams() if not ctx.here.teams or one.name in ctx.here.teams]
    return [one for one in worked_in if not outside_team(ctx, one.id, [person.id])]


def require(ctx: Context, run: Run, person_ids: Iterable[str]) -> None:
    """Raise `Refused` where some people are not in a run's team."""
    ids = list(dict.fromkeys(person_ids))
    _refuse(ctx, run.team_id, ids, outside(ctx, run, ids))


def require_in_team(ctx: Context, team_id: str, person_ids: Sequence[str]) -> None:
    """Raise `Refused` where some people are not in a team."""
    _refuse(ctx, team_id, person_ids, outside_team(ctx, team_id, person_ids))


def _refuse(ctx: Context, team_id: str, person_ids: Sequence[str], gone: Collection[str]) -> None:
    names = [mention(ctx.username(each)) for each in person_ids if each in gone]
    if names:
        team = ctx.store.team(team_id)
        title, people = team.title if team else "", Safe(" ".join(names))
        raise ctx.refused("members", "not_in_team", people=people, count=len(names), team=title)


def is_active(ctx: Context, person_id: str) -> bool:
    """Return whether somebody's account is not known to be deactivated."""
    return not _inactive(ctx, [person_id])


def _has_no_team(ctx: Context, run: Run) -> bool:
    if run.playbook_id is not None:
        return False
    place = ctx.store.place(run.channel_id or "")
    return not run.team_id or place is None or place.kind in ("D", "G")


def _counts(known: TeamMember | None, now: datetime) -> bool:
    if known is None:
        return False
    # A clock that was set back makes nothing count for longer.
    return timedelta() <= now - known.seen_at < (MEMBER_FOR if known.is_member else OUTSIDE_FOR)


def _inactive(ctx: Context, ids: Sequence[str]) -> set[str]:
    return {each for each, person in ctx.store.people(ids).items() if not person.is_active}
