"""A reminder may be about several tasks, and a task may be completed by a status update."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("message", sa.Column("also_task_ids", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("task", sa.Column("by_update", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("task", "by_update")
    op.drop_column("message", "also_task_ids")
