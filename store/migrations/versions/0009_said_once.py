"""Keys of messages, processes, and the channels of what counts once: nothing is said twice, or kept for ever."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from store.tables.base import only_where

revision = "0009"
down_revision = "0007"

_POSTS = ("Post", "Tell")


# Not in batches: those would make the tables anew, for years of messages.
def upgrade() -> None:
    op.add_column("message", sa.Column("key", sa.String(), nullable=False, server_default=""))
    op.add_column("outbox", sa.Column("unsent", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("heard", sa.Column("place_id", sa.String(), nullable=True))
    op.execute("UPDATE heard SET place_id = '' WHERE key LIKE 'dialog:%'")
    op.create_table(
        "process",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("beats", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("reminder_over", "reminder", ["done_at"], **only_where("done_at IS NOT NULL AND kind <> 'update'"))
    op.create_index("message_of_reminder", "message", ["reminder_id"], **only_where("reminder_id IS NOT NULL"))
    _name_waiting_messages(op.get_bind())


def _name_waiting_messages(connection: Any) -> None:
    """Give messages whose posts are still to be made, or to be heard of, the keys of those posts."""
    outbox = sa.table("outbox", sa.column("key"), sa.column("effect", sa.JSON), sa.column("done_at"))
    message = sa.table("message", sa.column("id"), sa.column("key"))
    for key, effect in connection.execute(sa.select(outbox.c.key, outbox.c.effect).where(outbox.c.done_at.is_(None))):
        if effect.get("type") in _POSTS and effect.get("message_id"):
            connection.execute(sa.update(message).where(message.c.id == effect["message_id"]).values(key=key))


def downgrade() -> None:
    op.drop_index("message_of_reminder", "message")
    op.drop_index("reminder_over", "reminder")
    op.drop_table("process")
    op.drop_column("heard", "place_id")
    op.drop_column("outbox", "unsent")
    op.drop_column("message", "key")
