"""Questions about the server's people, teams and channels, and taking over what it says of them."""

from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, update
from sqlmodel import col, select

from store.asking import Asking
from store.directory import KnownPerson, KnownPlace, KnownTeam

_HEAR = (
    update(KnownPlace)
    .where(col(KnownPlace.id) == bindparam("place_id"), col(KnownPlace.heard_until) < bindparam("until"))
    .values(heard_until=bindparam("until"))
)


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

    def usernames(self) -> Sequence[str]:
        """Return the names of all people who are known and active, bots aside."""
        return self.session.exec(
            select(KnownPerson.username).where(col(KnownPerson.is_active), col(KnownPerson.is_bot).is_(False))
        ).all()

    def team(self, team_id: str) -> KnownTeam | None:
        return self._kept.look_up(KnownTeam, [team_id]).get(team_id)

    def place(self, place_id: str) -> KnownPlace | None:
        return self.session.get(KnownPlace, place_id)

    def place_named(self, team_id: str, name: str) -> KnownPlace | None:
        return self.session.exec(
            select(KnownPlace).where(KnownPlace.team_id == team_id, KnownPlace.name == name)
        ).first()

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
