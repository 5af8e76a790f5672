"""Imports of playbooks that somebody has begun, until they are decided; and runs that are history from elsewhere."""

import sqlalchemy as sa
from alembic import op

from store.tables.base import UtcTime

revision = "0024"
down_revision = "0022"


def upgrade() -> None:
    op.create_table(
        "import",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("by", sa.String(), nullable=False, index=True),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("documents", sa.JSON(), nullable=False),
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("on_conflict", sa.String(), nullable=False),
        sa.Column("leave_unknown", sa.Boolean(), nullable=False),
        sa.Column("agreed", sa.String(), nullable=False),
        sa.Column("message_id", sa.Integer(), sa.ForeignKey("message.id"), nullable=True),
    )
    op.add_column("run", sa.Column("imported_id", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("run", "imported_id")
    op.drop_table("import")
