"""Whatever is planned is a job: its kind, what it is about, what the kind wants to know besides, and when."""

import sqlalchemy as sa
from alembic import op

import store.tables.base
from store.tables.base import only_where

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_JOBS = """
INSERT INTO job (id, kind, subject, payload, due_at, run_id, done_at)
SELECT id, kind,
 CASE WHEN task_id IS NOT NULL THEN 'task:' || task_id WHEN prompt_id IS NOT NULL THEN 'prompt:' || prompt_id
 WHEN run_id IS NOT NULL THEN 'run:' || run_id ELSE 'person:' || person_id END,
 {payload}, due_at, run_id, done_at FROM reminder
"""
_PAYLOAD = """
CASE WHEN kind = 'update' THEN '{"round":' || round || '}'
WHEN task_id IS NOT NULL AND person_id <> '' THEN '{"person_id":"' || person_id || '"}' ELSE '{}' END
"""
_REMINDERS = """
INSERT INTO reminder (id, kind, due_at, run_id, prompt_id, task_id, person_id, round, done_at)
SELECT id, kind, due_at, run_id,
 CASE WHEN substr(subject, 1, 7) = 'prompt:' THEN CAST(substr(subject, 8) AS INTEGER) END,
 CASE WHEN substr(subject, 1, 5) = 'task:' THEN CAST(substr(subject, 6) AS INTEGER) END,
 CASE WHEN substr(subject, 1, 7) = 'person:' THEN substr(subject, 8) ELSE coalesce({person}, '') END,
 CAST(coalesce({round}, '0') AS INTEGER), done_at FROM job
"""
_IN_POSTGRESQL = (
    "DROP TABLE {old}",
    "ALTER TABLE message RENAME COLUMN {old}_id TO {new}_id",
    "SELECT setval(pg_get_serial_sequence('{new}', 'id'), (SELECT max(id) FROM {new}))",
)
# In SQLite, what a column refers to can only be changed by making its table anew, for years of messages. But it follows
# a table that is given another name. What is referred to cannot be dropped, so the messages let go of it meanwhile.
_IN_SQLITE = (
    "CREATE TEMPORARY TABLE link AS SELECT id, {old}_id AS row_id FROM message WHERE {old}_id IS NOT NULL",
    "UPDATE message SET {old}_id = NULL WHERE {old}_id IS NOT NULL",
    "ALTER TABLE {new} RENAME TO made",
    "ALTER TABLE {old} RENAME TO {new}",
    "DROP TABLE {new}",
    "ALTER TABLE made RENAME TO {new}",
    "ALTER TABLE message RENAME COLUMN {old}_id TO {new}_id",
    "UPDATE message SET {new}_id = link.row_id FROM link WHERE link.id = message.id",
    "DROP TABLE link",
)


def upgrade() -> None:
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("due_at", store.tables.base.UtcTime(timezone=True), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("done_at", store.tables.base.UtcTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    # SQLite has no type for JSON, and would make a number of it.
    payload = _PAYLOAD if _is_sqlite() else f"CAST({_PAYLOAD} AS JSON)"
    op.get_bind().exec_driver_sql(_JOBS.format(payload=payload))
    _hand_over("reminder", "job")
    op.create_index("job_due", "job", ["due_at"], **only_where("done_at IS NULL"))
    op.create_index("job_about", "job", ["subject"], **only_where("done_at IS NULL"))
    op.create_index("job_of_run", "job", ["run_id"], **only_where("done_at IS NULL"))
    op.create_index("job_over", "job", ["done_at"], **only_where("done_at IS NOT NULL AND kind <> 'update'"))


def downgrade() -> None:
    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("due_at", store.tables.base.UtcTime(timezone=True), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("prompt_id", sa.Integer(), nullable=True),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("done_at", store.tables.base.UtcTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"]),
        sa.ForeignKeyConstraint(["prompt_id"], ["prompt.id"]),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    inside = "json_extract(payload, '$.{}')" if _is_sqlite() else "payload ->> '{}'"
    person, how_often = (inside.format(name) for name in ("person_id", "round"))
    op.get_bind().exec_driver_sql(_REMINDERS.format(person=person, round=how_often))
    _hand_over("job", "reminder")
    for name in ("person_id", "prompt_id", "run_id", "task_id"):
        op.create_index(f"ix_reminder_{name}", "reminder", [name])
    op.create_index("reminder_due", "reminder", ["done_at", "due_at"])
    op.create_index("reminder_over", "reminder", ["done_at"], **only_where("done_at IS NOT NULL AND kind <> 'update'"))


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _hand_over(old: str, new: str) -> None:
    """Let messages refer to the rows of a new table by the same ids; the old table goes."""
    if not _is_sqlite():
        op.drop_constraint(f"message_{old}_id_fkey", "message", type_="foreignkey")
    for step in _IN_SQLITE if _is_sqlite() else _IN_POSTGRESQL:
        op.execute(step.format(old=old, new=new))
    if not _is_sqlite():
        op.create_foreign_key(f"message_{new}_id_fkey", "message", new, [f"{new}_id"], ["id"])
    op.drop_index(f"message_of_{old}", "message")
    op.create_index(f"message_of_{new}", "message", [f"{new}_id"], **only_where(f"{new}_id IS NOT NULL"))
