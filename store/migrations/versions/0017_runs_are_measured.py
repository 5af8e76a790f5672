"""Milestones and metrics of runs, the figures of each run, and what finds the facts that these are made of."""

import sqlalchemy as sa
from alembic import op

from store.tables.base import UtcTime

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "milestone",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("run_id", sa.Integer(), sa.ForeignKey("run.id"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", UtcTime(), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("noted_at", UtcTime(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
    )
    op.create_index("ix_milestone_run_id", "milestone", ["run_id"])
    op.create_table(
        "metric_value",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("run_id", sa.Integer(), sa.ForeignKey("run.id"), nullable=False),
        sa.Column("metric", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("noted_at", UtcTime(), nullable=False),
    )
    op.create_index("ix_metric_value_run_id", "metric_value", ["run_id"])
    op.create_table(
        "run_figures",
        sa.Column("run_id", sa.Integer(), sa.ForeignKey("run.id"), primary_key=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("playbook_id", sa.Integer(), sa.ForeignKey("playbook.id"), nullable=True),
        sa.Column("playbook_version", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("finished_at", UtcTime(), nullable=True),
        sa.Column("left_out", sa.String(), nullable=False),
        *(sa.Column(f"{name}_s", sa.Integer(), nullable=True) for name in _TIMES),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _COUNTS),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("metrics", "flags", "tasks", "load", "variables")),
    )
    op.create_index("run_figures_of_playbook", "run_figures", ["playbook_id", "created_at"])
    op.create_index("run_figures_at", "run_figures", ["created_at"])
    op.add_column("run", sa.Column("mistaken_at", UtcTime(), nullable=True))
    op.add_column("prompt", sa.Column("said_at", UtcTime(), nullable=True))
    started, updates = sa.text("run_id IS NOT NULL"), sa.text("kind = 'update'")
    op.create_index("prompt_of_run", "prompt", ["run_id"], sqlite_where=started, postgresql_where=started)
    op.create_index("job_updates", "job", ["run_id"], sqlite_where=updates, postgresql_where=updates)


_TIMES = ("acknowledge", "mitigate", "finish", "took", "open")
_COUNTS = ("reopened", "promises_made", "promises_kept", "tasks_total", "tasks_late", "tasks_skipped", "tasks_added")


def downgrade() -> None:
    op.drop_index("job_updates", "job")
    op.drop_index("prompt_of_run", "prompt")
    op.drop_column("prompt", "said_at")
    op.drop_column("run", "mistaken_at")
    for table in ("run_figures", "metric_value", "milestone"):
        op.drop_table(table)
