"""Attributes of runs, and tasks that are there only while a condition on them is met."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.create_table(
        "attribute_value",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("run_id", sa.Integer(), sa.ForeignKey("run.id"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("plain", sa.String(), nullable=False),
    )
    op.create_index("ix_attribute_value_run_id", "attribute_value", ["run_id"])
    op.create_index("attribute_value_found", "attribute_value", ["name", "plain", "run_id"])
    for name in _OF_TASKS:
        op.add_column("task", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    for name in _OF_TASKS:
        op.drop_column("task", name)
    op.drop_table("attribute_value")


_OF_TASKS = ("hidden", "touched")
