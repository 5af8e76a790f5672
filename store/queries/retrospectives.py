"""Questions about retrospectives, their sections, versions, comments and readers."""

from collections.abc import Sequence

from sqlmodel import col, select

from store.queries.asking import Asking
from store.tables.retrospectives import (
    RetroComment,
    RetroReader,
    RetroSection,
    Retrospective,
    RetroVersion,
    RetroWriter,
)


class AboutRetrospectives(Asking):
    """Questions about retrospectives; who changes one holds its run."""

    def retrospective(self, run_id: int) -> Retrospective | None:
        return self.session.exec(select(Retrospective).where(Retrospective.run_id == run_id)).first()

    def retro_sections(self, run_id: int) -> Sequence[RetroSection]:
        """Return the sections in their order."""
        of_run = select(RetroSection).where(RetroSection.run_id == run_id)
        return self.session.exec(of_run.order_by(col(RetroSection.position), col(RetroSection.id))).all()

    def retro_section(self, section_id: int | None) -> RetroSection | None:
        return self.session.get(RetroSection, section_id) if section_id else None

    def retro_versions(self, run_id: int) -> Sequence[RetroVersion]:
        """Return what the sections of a run were made to say, the latest first."""
        of_run = select(RetroVersion).where(RetroVersion.run_id == run_id)
        return self.session.exec(of_run.order_by(col(RetroVersion.at).desc(), col(RetroVersion.id).desc())).all()

    def last_retro_version(self, section_id: int) -> RetroVersion | None:
        """Return what a section was made to say last."""
        of_it = select(RetroVersion).where(RetroVersion.section_id == section_id)
        return self.session.exec(of_it.order_by(col(RetroVersion.version).desc())).first()

    def retro_comments(self, run_id: int) -> Sequence[RetroComment]:
        of_run = select(RetroComment).where(RetroComment.run_id == run_id)
        return self.session.exec(of_run.order_by(col(RetroComment.id))).all()

    def retro_comment(self, comment_id: int | None) -> RetroComment | None:
        return self.session.get(RetroComment, comment_id) if comment_id else None

    def retro_readers(self, run_id: int) -> Sequence[RetroReader]:
        """Return who was asked to read a draft, in that order."""
        of_run = select(RetroReader).where(RetroReader.run_id == run_id)
        return self.session.exec(of_run.order_by(col(RetroReader.id))).all()

    def retro_writers(self, run_id: int) -> Sequence[RetroWriter]:
        """Return who was noticed writing, whenever that was."""
        of_run = select(RetroWriter).where(RetroWriter.run_id == run_id)
        return self.session.exec(of_run.order_by(col(RetroWriter.id))).all()
