"""Which task of its playbook a task is, and commands that wait until somebody says which run they are about.

The tasks that a run began with are its first ones, in the playbook's order.
"""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from store.tables.base import UtcTime

revision = "0005"
down_revision = "0004"

_FIRST = sa.text("SELECT id FROM task WHERE run_id = :run_id ORDER BY id LIMIT :count")
_NUMBER = sa.text("UPDATE task SET planned = :planned WHERE id = :id")


# Not in a batch: that would make the table anew, for years of tasks.
def upgrade() -> None:
    op.add_column("task", sa.Column("planned", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "question",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("command", sa.String(), nullable=False),
        sa.Column("at", UtcTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index(op.f("ix_question_at"), "question", ["at"])
    connection = op.get_bind()
    runs = connection.execute(sa.text("SELECT id, definition FROM run WHERE playbook_id IS NOT NULL")).all()
    for run_id, definition in runs:
        count = _tasks_in(definition)
        tasks = connection.execute(_FIRST, {"run_id": run_id, "count": count}).scalars().all()
        if tasks:
            connection.execute(_NUMBER, [{"id": task, "planned": at} for at, task in enumerate(tasks, 1)])


def downgrade() -> None:
    op.drop_table("question")
    op.drop_column("task", "planned")


def _tasks_in(definition: Any) -> int:
    book = json.loads(definition) if isinstance(definition, str) else definition
    return sum(len(checklist.get("tasks", ())) for checklist in book.get("checklists", ()))
