"""Browsers in which somebody is signed in to the pages, and the passes by which people get in."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "page_session",
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("flashes", sa.JSON(), nullable=False),
    )
    op.create_index("ix_page_session_person_id", "page_session", ["person_id"])
    op.create_index("ix_page_session_used_at", "page_session", ["used_at"])
    op.create_table(
        "page_pass",
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column("code_key", sa.String(), nullable=False, unique=True),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("wanted", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_page_pass_person_id", "page_pass", ["person_id"])
    op.create_index("ix_page_pass_made_at", "page_pass", ["made_at"])


def downgrade() -> None:
    op.drop_table("page_pass")
    op.drop_table("page_session")
