"""Questions about who takes part in what, with which role, and what each person wants to be told."""

from collections.abc import Sequence

from sqlalchemy import true
from sqlmodel import col, select

from store.queries.asking import Asking
from store.tables.people import Follower, Handover, PersonSettings, RoleHolder
from store.tables.runs import Participant, Run


class AboutPeople(Asking):
    """Questions about who takes part in what, with which role, and what each person wants to be told."""

    def participants(self, run_id: int) -> Sequence[Participant]:
        return self._kept.participants(run_id)

    def participant(self, run_id: int, person_id: str) -> Participant | None:
        return self._kept.participant(run_id, person_id)

    def role_holder(self, run_id: int, role: str) -> RoleHolder | None:
        return next((row for row in self.role_holders(run_id) if row.role == role), None)

    def role_holders(self, run_id: int) -> Sequence[RoleHolder]:
        return self._kept.rows(RoleHolder, run_id)

    def followers(self, run_id: int) -> Sequence[Follower]:
        return self.session.exec(select(Follower).where(Follower.run_id == run_id).order_by(col(Follower.id))).all()

    def follower(self, run_id: int, person_id: str) -> Follower | None:
        return self.session.exec(
            select(Follower).where(Follower.run_id == run_id, Follower.person_id == person_id)
        ).first()

    def concerned(self) -> dict[str, set[str]]:
        """Return by team the ids of those who own, take part in or follow an active run, or have a role in one."""
        found: dict[str, set[str]] = {}
        for kind in (Participant, Follower, RoleHolder):
            inside = col(Participant.left_at).is_(None) if kind is Participant else true()
            rows = select(Run.team_id, col(kind.person_id)).join(Run, col(kind.run_id) == col(Run.id)).where(inside)
            for team_id, person_id in self.session.exec(rows.where(Run.state != "finished").distinct()):
                found.setdefault(team_id, set()).add(person_id)
        for team_id, owner_id in self.session.exec(select(Run.team_id, Run.owner_id).where(Run.state != "finished")):
            found.setdefault(team_id, set()).add(owner_id)
        return {team_id: people - {""} for team_id, people in found.items() if team_id}

    def handover(self, handover_id: int) -> Handover | None:
        return self.session.get(Handover, handover_id)

    def open_handover(self, run_id: int | None) -> Handover | None:
        """Return the handover of a run that nobody has answered yet."""
        return self.session.exec(
            select(Handover).where(Handover.run_id == run_id, Handover.answer == "").order_by(col(Handover.id).desc())
        ).first()

    def settings_as_they_are(self, person_id: str) -> PersonSettings:
        """Return the same as `settings`, to be looked at alone."""
        return self.session.get(PersonSettings, person_id) or PersonSettings(person_id=person_id)

    def settings(self, person_id: str) -> PersonSettings:
        """Return what somebody wants to be told unasked, made with what holds for all if they never said."""
        return self.session.get(PersonSettings, person_id) or self.add(PersonSettings(person_id=person_id))
