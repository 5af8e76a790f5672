"""Playbooks that several change at once, groups that they name, and runs that only try one."""

import sqlalchemy as sa
from alembic import op

from store.tables.base import UtcTime, only_where

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    op.create_table(
        "playbook_edit",
        sa.Column("playbook_id", sa.Integer(), sa.ForeignKey("playbook.id"), primary_key=True),
        sa.Column("revision", sa.Integer(), primary_key=True),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
    )
    op.create_table(
        "known_group",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("person_ids", sa.JSON(), nullable=False),
        sa.Column("is_there", sa.Boolean(), nullable=False),
        sa.Column("seen_at", UtcTime(), nullable=False),
    )
    op.add_column("message", sa.Column("playbook_id", sa.Integer(), nullable=True))
    op.create_index("message_editing", "message", ["playbook_id"], **only_where("playbook_id IS NOT NULL"))
    op.add_column("run", sa.Column("is_trial", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("playbook", sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("run", "is_trial")
    op.drop_index("message_editing", "message")
    op.drop_column("message", "playbook_id")
    op.drop_column("playbook", "revision")
    op.drop_table("known_group")
    op.drop_table("playbook_edit")
