"""Questions about the server's people, teams and channels, and taking over what it says of them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select

from store.queries.asking import Asking
from store.tables.audience import Audience
from store.tables.base import UTC_EPOCH
from store.tables.directory import FormerName, KnownGroup, KnownPerson, KnownPlace, KnownTeam, TeamMember
from store.tables.words import PlaceKind

_HEAR = (
    update(KnownPlace)
    .where(col(KnownPlace.id) == bindparam("place_id"), col(KnownPlace.heard_until) < bindparam("until"))
    .values(heard_until=bindparam("until"))
)
_AS_SEEN = select(KnownPlace.kind, KnownPlace.left_by_hand).where(col(KnownPlace.id) == bindparam("place_id"))
_NEW_MEMBER = {
    name: row.on_conflict_do_update(
        index_elements=["id"], set_={"is_member": row.excluded.is_member, "seen_at": row.excluded.seen_at}
    )
    for name, row in (("sqlite", sqlite.insert(TeamMember)), ("postgresql", postgresql.insert(TeamMember)))
}

_NEW_GROUP = {
    name: row.on_conflict_do_update(
        index_elements=["name"], set_={key: row.excluded[key] for key in ("person_ids", "is_there", "seen_at")}
    )
    for name, row in (("sqlite", sqlite.insert(KnownGroup)), ("postgresql", postgresql.insert(KnownGroup)))
}

# Two processes may hear of a new name at once.
_FORMER = {
    name: one.on_conflict_do_update(index_elements=["team_id", "name"], set_={"place_id": one.excluded.place_id})
    for name, one in (("sqlite", sqlite.insert(FormerName)), ("postgresql", postgresql.insert(FormerName)))
}


class AboutDirectory(Asking):
    """Questions about the server's people, teams and channels, and taking over what it says of them."""

    def person(self, person_id: str) -> KnownPerson | None:
        return self.people([person_id]).get(person_id)

    def people(self, person_ids: Iterable[str]) -> dict[str, KnownPerson]:
        return self._kept.look_up(KnownPerson, set(person_ids))

    def person_named(self, username: str) -> KnownPerson | None:
        return self.session.exec(
            select(KnownPerson).where(KnownPerson.username == username.lower(), col(KnownPerson.is_active))
        ).first()

    def system_admins(self) -> Sequence[str]:
        """Return the ids of those who are known to look after the server, and are active."""
        rows = self.session.exec(
            select(KnownPerson).where(col(KnownPerson.is_active), col(KnownPerson.roles).contains("system_admin"))
        ).all()
        return [row.id for row in rows if "system_admin" in row.roles.split()]

    def usernames(self) -> Sequence[str]:
        """Return the names of all people who are known and active, bots aside."""
        return self.session.exec(
            select(KnownPerson.username).where(col(KnownPerson.is_active), col(KnownPerson.is_bot).is_(False))
        ).all()

    def team(self, team_id: str) -> KnownTeam | None:
        return self._kept.look_up(KnownTeam, [team_id]).get(team_id)

    def teams(self) -> Sequence[KnownTeam]:
        """Return the teams that the bot is, or once was, in."""
        return self.session.exec(select(KnownTeam)).all()

    def team_members(self, team_id: str, person_ids: Iterable[str]) -> dict[str, TeamMember]:
        """Return by person what is known of who is in a team; nothing of those about whom nobody asked yet."""
        keys = {TeamMember.key_of(team_id, each) for each in person_ids}
        return {row.person_id: row for row in self._kept.look_up(TeamMember, keys).values()}

    def learn_members(self, team_id: str, people: Mapping[str, bool], now: datetime) -> None:
        """Take over which of some people are in a team, as the server says; other processes may be told just then."""
        said = {TeamMember.key_of(team_id, each): each for each in sorted(people)}
        known = self._kept.read(TeamMember, said)
        self._kept.learnt(TeamMember, said)
        for key, person_id in said.items():
            values = {"is_member": people[person_id], "seen_at": now}
            if (row := known.get(key)) is not None:
                row.is_member, row.seen_at = people[person_id], now
            else:
                new = {"id": key, "team_id": team_id, "person_id": person_id} | values
                self.session.db.execute(_NEW_MEMBER[self.session.db.dialect.name], new)

    def doubt_members(self, team_ids: Collection[str]) -> None:
        """Let what is known of who is in some teams count no longer, where the server can be asked again."""
        old = update(TeamMember).where(col(TeamMember.team_id).in_(team_ids)).values(seen_at=UTC_EPOCH)
        self.session.db.execute(old)
        self._kept.learnt_all(TeamMember)

    def audiences(self) -> Sequence[Audience]:
        """Return whom playbooks name to look at their runs, each saying once."""
        return self.session.exec(select(Audience)).all()

    def groups(self, names: Iterable[str]) -> dict[str, KnownGroup]:
        """Return what is known of the server's groups, by their names."""
        asked = list(names)
        found = self.session.exec(select(KnownGroup).where(col(KnownGroup.name).in_(asked))).all() if asked else []
        return {row.name: row for row in found}

    def learn_group(self, name: str, person_ids: Iterable[str], now: datetime, *, is_there: bool = True) -> None:
        """Take over who is in a group, as the server says; other processes may be told just then."""
        values = {"name": name, "person_ids": sorted(person_ids), "is_there": is_there, "seen_at": now}
        self.session.db.execute(_NEW_GROUP[self.session.db.dialect.name], values)
        for row in [row for row in self.session.identity_map.values() if isinstance(row, KnownGroup)]:
            self.session.expire(row)

    def switch_person(self, person_id: str, *, is_active: bool) -> bool:
        """Take over that an account is active or not; False where that was known, or nobody knows the person."""
        row = self._kept.read(KnownPerson, [person_id]).get(person_id)
        if row is None or row.is_active == is_active:
            return False
        row.is_active = is_active
        self._kept.learnt(KnownPerson, [person_id])
        return True

    def place(self, place_id: str) -> KnownPlace | None:
        return self._kept.get(KnownPlace, place_id)

    def is_public(self, place_id: str) -> bool:
        """Return whether everybody of a team may read a channel; one of which that is not known counts as private."""
        # Each drawing of a run's card asks for this alone, and a whole row takes some times as long to read.
        row = (
            self._kept.known(KnownPlace, place_id) or self.session.db.execute(_AS_SEEN, {"place_id": place_id}).first()
        )
        # Of a channel that the bot was taken out of nobody tells it that it became private.
        return row is not None and row.kind == "O" and not row.left_by_hand

    def places(self, place_ids: Iterable[str]) -> dict[str, KnownPlace]:
        """Return channels by their ids, asked for together; `place` finds them afterwards without asking."""
        return self._kept.read(KnownPlace, set(place_ids))

    def place_named(self, team_id: str, name: str) -> KnownPlace | None:
        """Return the channel that has a name, or else the one that had it last."""
        found = self.session.exec(
            select(KnownPlace).where(KnownPlace.team_id == team_id, KnownPlace.name == name)
        ).first()
        former = self.session.get(FormerName, (team_id, name)) if found is None else None
        return found if former is None else self.place(former.place_id)

    def know_place(
        self, place_id: str, team_id: str, kind: PlaceKind, name: str, title: str, now: datetime, *, as_of: int = 0
    ) -> KnownPlace:
        """Take over what the server said of a channel as of a time of its own (ms), unless it said something newer.

        Whether the bot is in it, and what it heard there, stays.
        """
        row = self.place(place_id) or self.add(KnownPlace(id=place_id, seen_at=now))
        if as_of < row.as_of:
            return row
        if row.name and row.name != name:
            former = {"team_id": row.team_id, "name": row.name, "place_id": place_id}
            self.session.db.execute(_FORMER[self.session.db.dialect.name], former)
        row.team_id, row.kind, row.name, row.title, row.as_of, row.seen_at = team_id, kind, name, title, as_of, now
        return row

    def doubt(self, place_id: str) -> None:
        """Doubt what a channel is, until the server says it again."""
        if (row := self.place(place_id)) is not None:
            row.kind = ""

    def learn(self, *rows: KnownPerson | KnownTeam | KnownPlace) -> None:
        """Take over what the server said about people, teams and channels."""
        for kind in {type(row) for row in rows}:
            ids = [row.id for row in rows if isinstance(row, kind)]
            self._kept.read(kind, ids)
            self._kept.learnt(kind, ids)
        for row in rows:
            self.session.merge(row)
        self.session.flush()

    def hear(self, watermarks: dict[str, int]) -> None:
        """Move channels' `heard_until` (ms) forward, never back."""
        if watermarks:
            moved = [{"place_id": place_id, "until": until} for place_id, until in sorted(watermarks.items())]
            self.session.db.execute(_HEAR, moved)

    def watched_places(self) -> Sequence[KnownPlace]:
        """Return the channels that the bot is in."""
        return self.session.exec(select(KnownPlace).where(col(KnownPlace.is_member))).all()
