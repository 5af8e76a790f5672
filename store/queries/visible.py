"""Which runs somebody may see, as a condition that the database answers: `permissions.is_listed` for many runs at once.

`tests/handlers/rules/test_sight.py` holds the two against each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, false, or_
from sqlmodel import col, select

from store.queries.store import Store
from store.tables.audience import Audience
from store.tables.directory import KnownPlace
from store.tables.runs import Participant, Run

Condition = ColumnElement[bool]
"""What a question about runs is narrowed by: `select(Run).where(condition)`."""

STANDING: Condition = col(Run.removed_at).is_(None)
"""A run that was not deleted: all that who looks at the host itself may see."""

NOTHING: Condition = false()
"""No run: where nobody knows who looks."""

_PUBLIC = select(KnownPlace.id).where(KnownPlace.kind == "O", col(KnownPlace.left_by_hand).is_(False))
_IN_A_TEAM = exists().where(col(KnownPlace.id) == Run.channel_id, col(KnownPlace.kind).not_in(("D", "G")))
_HAS_NO_TEAM = and_(col(Run.playbook_id).is_(None), or_(col(Run.team_id) == "", ~_IN_A_TEAM))


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who looks: `names` are what playbooks call them, such as "@alice", and "group:sre" of a group of theirs.

    `teams` are the ids of the teams that they are in, `heads` those of channels that they administer, as far as anybody
    asked.
    """

    id: str
    names: frozenset[str]
    teams: frozenset[str] = frozenset()
    heads: frozenset[str] = frozenset()
    is_admin: bool = False
    is_guest: bool = False
    is_active: bool = True


def visible_to(store: Store, viewer: Viewer) -> Condition:
    """Return which runs somebody may see."""
    if viewer.is_admin:
        return STANDING
    if not viewer.is_active:
        return false()
    audiences = store.audiences()
    theirs = _is_part_of(viewer, [one.key for one in audiences if not viewer.names.isdisjoint(one.names)])
    seen = theirs if viewer.is_guest else or_(theirs, _is_open(audiences))
    return and_(STANDING, or_(col(Run.team_id).in_(viewer.teams), _HAS_NO_TEAM), seen)


def visible_to_all(store: Store, viewers: Sequence[Viewer]) -> Condition:
    """Return which runs each of some people may see; for a few of them, as each makes the question longer."""
    return and_(STANDING, *(visible_to(store, one) for one in viewers))


def visible_to_team(store: Store, team_id: str) -> Condition:
    """Return which runs everybody of a team may see, guests aside."""
    audiences = store.audiences()
    return and_(STANDING, col(Run.team_id) == team_id, _is_open(audiences))


def _is_part_of(viewer: Viewer, audiences: Sequence[str]) -> Condition:
    """Return which runs somebody is a part of, or is named in."""
    taken = select(Participant.run_id).where(
        Participant.person_id == viewer.id, col(Participant.joined_at).is_not(None), col(Participant.left_at).is_(None)
    )
    return or_(
        col(Run.owner_id) == viewer.id,
        col(Run.creator_id) == viewer.id,
        col(Run.id).in_(taken),
        *((col(Run.audience).in_(audiences),) if audiences else ()),
        *((col(Run.channel_id).in_(viewer.heads),) if viewer.heads else ()),
    )


def _is_open(audiences: Sequence[Audience]) -> Condition:
    """Return which runs are everybody's to see, by their playbook and by their channel as it is or is planned."""
    closed, to_team = ([one.key for one in audiences if getattr(one, flag)] for flag in ("closed", "to_team"))
    planned = and_(col(Run.channel_id).is_(None), col(Run.audience).in_(to_team))
    is_public = or_(col(Run.channel_id).in_(_PUBLIC), planned)
    return and_(col(Run.audience).not_in(closed), is_public) if closed else is_public
