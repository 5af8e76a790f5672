"""Questions about what the playbooks of runs have done by themselves; who changes a row holds its run."""

from collections.abc import Sequence

from sqlmodel import col, select

from store.queries.asking import Asking
from store.tables.actions import ActionRow


class AboutActions(Asking):
    """Questions about what the playbooks of runs have done by themselves; who changes a row holds its run."""

    def action_rows(self, run_id: int) -> Sequence[ActionRow]:
        """Return the actions of a run in their order."""
        return self.session.exec(select(ActionRow).where(ActionRow.run_id == run_id).order_by(col(ActionRow.id))).all()

    def action_row(self, row_id: int | None) -> ActionRow | None:
        return self.session.get(ActionRow, row_id) if row_id else None

    def action_of_message(self, message_id: int) -> ActionRow | None:
        """Return the action that a message was posted by."""
        return self.session.exec(select(ActionRow).where(ActionRow.message_id == message_id)).first()

    def action_of_delivery(self, delivery_id: int) -> ActionRow | None:
        """Return the action that an address was told something by."""
        return self.session.exec(select(ActionRow).where(ActionRow.delivery_id == delivery_id)).first()

    def action_that_made(self, run_id: int) -> ActionRow | None:
        """Return the action of another run that began a run."""
        return self.session.exec(select(ActionRow).where(ActionRow.made_run_id == run_id)).first()
