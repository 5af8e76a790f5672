"""Indexes by which a person's latest starts, and the latest questions about what somebody wrote, are found."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_index("run_creator", "run", ["creator_id", "created_at"])
    op.create_index("prompt_author", "prompt", ["author_id", "created_at"])


def downgrade() -> None:
    op.drop_index("prompt_author", "prompt")
    op.drop_index("run_creator", "run")
