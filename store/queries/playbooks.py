"""Questions about playbooks and their versions."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func
from sqlmodel import col, select

from store.queries.asking import Asking
from store.tables.directory import KnownTeam
from store.tables.playbooks import PlaybookCheck, PlaybookDraft, PlaybookEdit, PlaybookRow, PlaybookVersion
from store.tables.proposals import PlaybookText, Proposal
from store.tables.runs import Run

EDITS_KEPT = 200
"""How many revisions of what a playbook is to become are known: a page that is open is seldom older."""

_IN_USE = (col(PlaybookRow.archived_at).is_(None), col(PlaybookRow.version) > 0)


class AboutPlaybooks(Asking):
    """Questions about playbooks and their versions."""

    def playbooks(self) -> Sequence[PlaybookRow]:
        """Return the playbooks that are in use."""
        return self.session.exec(select(PlaybookRow).where(*_IN_USE).order_by(PlaybookRow.title)).all()

    def all_playbooks(self) -> Sequence[PlaybookRow]:
        """Return all playbooks: drafts that were never published, and what is in use no more, too."""
        return self.session.exec(select(PlaybookRow).order_by(PlaybookRow.title)).all()

    def draft(self, playbook_id: int) -> PlaybookDraft | None:
        """Return the draft of a playbook, held until the end of the transaction; None where there is none."""
        return self.session.get(PlaybookDraft, playbook_id, with_for_update=True)

    def playbook_check(self, playbook_id: int) -> PlaybookCheck | None:
        """Return what was told last that is not right with a playbook."""
        return self.session.get(PlaybookCheck, playbook_id)

    def drop_draft(self, draft: PlaybookDraft) -> None:
        """Forget a draft."""
        self.session.delete(draft)

    def playbook_edit(self, playbook_id: int, revision: int) -> PlaybookEdit | None:
        """Return what a playbook was to become at a revision, as far as that is still known."""
        return self.session.get(PlaybookEdit, (playbook_id, revision))

    def keep_edit(self, row: PlaybookRow, definition: dict[str, Any], by: str, now: datetime) -> None:
        """Keep what a playbook is to become at its present revision; of the latest `EDITS_KEPT`."""
        self.add(PlaybookEdit(playbook_id=row.id, revision=row.revision, definition=definition, by=by, at=now))
        old = delete(PlaybookEdit).where(
            col(PlaybookEdit.playbook_id) == row.id, col(PlaybookEdit.revision) <= row.revision - EDITS_KEPT
        )
        self.session.change_many(old, run_ids=())

    def version_of(self, playbook_id: int, version: int) -> PlaybookVersion | None:
        """Return one version of a playbook."""
        found = select(PlaybookVersion).where(PlaybookVersion.playbook_id == playbook_id)
        return self.session.exec(found.where(PlaybookVersion.version == version)).first()

    def versions_of(self, playbook_id: int, limit: int) -> Sequence[PlaybookVersion]:
        """Return the newest versions of a playbook, the newest first."""
        found = select(PlaybookVersion).where(PlaybookVersion.playbook_id == playbook_id)
        return self.session.exec(found.order_by(col(PlaybookVersion.version).desc()).limit(limit)).all()

    def playbooks_of(self, team_id: str) -> Sequence[PlaybookRow]:
        """Return the playbooks that hold in a team."""
        team = self._kept.look_up(KnownTeam, [team_id]).get(team_id)
        return [row for row in self.playbooks() if not row.teams or (team and team.name in row.teams)]

    def playbook(self, playbook_id: int) -> PlaybookRow | None:
        return self.session.get(PlaybookRow, playbook_id)

    def playbook_text(self, playbook: PlaybookRow) -> str:
        """Return the text of the file that a playbook was read from, empty where there is none."""
        kept = self.session.get(PlaybookText, playbook.id)
        return kept.text if kept is not None else ""

    def keep_text(self, playbook: PlaybookRow, text: str) -> None:
        """Keep the text of the file that a playbook was read from."""
        kept = self.session.get(PlaybookText, playbook.id)
        if kept is None:
            self.add(PlaybookText(playbook_id=playbook.id, text=text))
        else:
            kept.text = text

    def proposal(self, proposal_id: int) -> Proposal | None:
        """Return a proposal, held until the end of the transaction."""
        return self.session.get(Proposal, proposal_id, with_for_update=True)

    def proposals(self, playbook_id: int, limit: int) -> Sequence[Proposal]:
        """Return the latest proposals to change a playbook."""
        of_playbook = select(Proposal).where(Proposal.playbook_id == playbook_id)
        return self.session.exec(of_playbook.order_by(col(Proposal.id).desc()).limit(limit)).all()

    def playbooks_by_id(self, ids: Collection[int]) -> dict[int, PlaybookRow]:
        """Return playbooks by their ids, those that are in use no more included."""
        return {row.id: row for row in self.session.exec(select(PlaybookRow).where(col(PlaybookRow.id).in_(ids)))}

    def playbook_by_key(self, key: str) -> PlaybookRow | None:
        return self.session.exec(select(PlaybookRow).where(PlaybookRow.key == key)).first()

    def playbook_version(self, playbook: PlaybookRow) -> PlaybookVersion:
        """Return the newest version of a playbook."""
        return self.session.exec(
            select(PlaybookVersion).where(
                PlaybookVersion.playbook_id == playbook.id, PlaybookVersion.version == playbook.version
            )
        ).one()

    def take_sequence(self, playbook: PlaybookRow) -> int:
        """Return the number of a playbook's next run, which no other run of its prefix has; it is held until the end.

        Another playbook may have had the prefix before it.
        """
        held = self.session.get(PlaybookRow, playbook.id, with_for_update=True, populate_existing=True)
        assert held is not None
        same = func.lower(Run.prefix) == held.prefix.lower()
        last = self.session.exec(select(func.max(Run.sequence)).where(same, col(Run.sequence) > 0)).one()
        number = max(held.next_number, (last or 0) + 1)
        held.next_number = number + 1
        return number

    def playbook_with_prefix(self, prefix: str, but: str = "") -> PlaybookRow | None:
        """Return a playbook in use whose runs are numbered with a prefix, whatever its capitals; not that of a key."""
        same = (func.lower(PlaybookRow.prefix) == prefix.lower(), col(PlaybookRow.key) != but)
        found = select(PlaybookRow).where(*_IN_USE, *same).order_by(col(PlaybookRow.id))
        return self.session.exec(found).first() if prefix else None

    def playbook_versions(self) -> Mapping[int, int]:
        """Return the newest version's number of each playbook in use by its id, in the order of their titles."""
        found = select(col(PlaybookRow.id), col(PlaybookRow.version)).where(*_IN_USE)
        return dict(self.session.exec(found.order_by(PlaybookRow.title)).all())

    def newest_of(self, playbook_ids: Collection[int]) -> Sequence[PlaybookVersion]:
        """Return the newest versions of some playbooks."""
        return self.session.exec(
            select(PlaybookVersion)
            .join(PlaybookRow, col(PlaybookRow.id) == col(PlaybookVersion.playbook_id))
            .where(col(PlaybookRow.id).in_(playbook_ids), PlaybookVersion.version == PlaybookRow.version)
        ).all()
