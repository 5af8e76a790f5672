"""Who is in which team, as the server said last."""

import sqlalchemy as sa
from alembic import op

import store.tables.base

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "team_member",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("is_member", sa.Boolean(), nullable=False),
        sa.Column("seen_at", store.tables.base.UtcTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_team_member_team_id", "team_member", ["team_id"])


def downgrade() -> None:
    op.drop_index("ix_team_member_team_id", table_name="team_member")
    op.drop_table("team_member")
