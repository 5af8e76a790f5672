"""What the playbook of a run does by itself has a row, with what became of it."""

import sqlalchemy as sa
from alembic import op

from store.tables.base import UtcTime

revision = "0027"
down_revision = "0026"

_TIMES = ("caused_at", "begun_at", "settled_at", "told_at")


def _of(table: str, column: str, *, nullable: bool = True) -> sa.Column[int]:
    return sa.Column(column, sa.Integer(), sa.ForeignKey(f"{table}.id"), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "action_row",
        sa.Column("id", sa.Integer(), nullable=False, primary_key=True),
        _of("run", "run_id", nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("key", "kind", "occasion")),
        sa.Column("says", sa.JSON(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("part", "state", "by_id", "why", "about")),
        *(sa.Column(name, UtcTime(timezone=True), nullable=True) for name in _TIMES),
        _of("task", "task_id"),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        _of("message", "message_id"),
        sa.Column("delivery_id", sa.Integer(), nullable=True),
        _of("run", "made_run_id"),
        sa.UniqueConstraint("run_id", "key"),
    )
    for name, column in _INDEXES.items():
        where = sa.text(f"{column} IS NOT NULL")
        op.create_index(name, "action_row", [column], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_table("action_row")


_INDEXES = {
    "action_of_message": "message_id",
    "action_of_delivery": "delivery_id",
    "action_that_made": "made_run_id",
}
