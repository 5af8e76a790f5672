"""What the admins of playbooks were told last that is not right with them."""

import sqlalchemy as sa
from alembic import op

from store.tables.base import UtcTime

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    op.create_table(
        "playbook_check",
        sa.Column("playbook_id", sa.Integer(), sa.ForeignKey("playbook.id"), primary_key=True),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("playbook_check")
