"""Playbooks that people make: drafts, who published which version, and runs that are numbered by their playbook."""

import sqlalchemy as sa
from alembic import op

from store.tables.base import UtcTime

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.create_table(
        "playbook_draft",
        sa.Column("playbook_id", sa.Integer(), sa.ForeignKey("playbook.id"), primary_key=True),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
    )
    for table, name, kind, default in _COLUMNS:
        op.add_column(table, sa.Column(name, kind, nullable=False, server_default=default))


def downgrade() -> None:
    for table, name, _, _ in _COLUMNS:
        op.drop_column(table, name)
    op.drop_table("playbook_draft")


_COLUMNS = (
    ("playbook", "held", sa.JSON(), "[]"),
    ("playbook", "prefix", sa.String(), ""),
    ("playbook", "next_number", sa.Integer(), "1"),
    ("playbook_version", "words", sa.String(), ""),
    ("playbook_version", "by", sa.String(), ""),
    ("run", "prefix", sa.String(), ""),
    ("run", "sequence", sa.Integer(), "0"),
)
