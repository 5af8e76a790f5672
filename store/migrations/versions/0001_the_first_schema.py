"""The first schema."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from store.tables.base import UtcTime

revision = "0001"
down_revision = None

WORD, NUMBER, FLAG, JSON, TIME = sa.String(), sa.Integer(), sa.Boolean(), sa.JSON(), UtcTime(timezone=True)

_TABLES = (
    "heard known_person known_place known_team muted_thread outbox person_settings playbook playbook_version run "
    "change checklist follower handover moment participant prompt role_holder prompt_offer task reminder message"
)
"""In the order in which they are made: what refers to another comes after it."""


def _columns(kind: Any, *names: str, nullable: bool = False) -> Iterator[sa.Column[Any]]:
    """Yield columns of one kind."""
    return (sa.Column(name, kind, nullable=nullable) for name in names)


def upgrade() -> None:
    op.create_table(
        "heard",
        *_columns(WORD, "key"),
        *_columns(TIME, "at"),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("ix_heard_at", "heard", ["at"])
    op.create_table(
        "known_person",
        *_columns(WORD, "id", "username", "timezone", "roles"),
        *_columns(FLAG, "is_bot", "is_active"),
        *_columns(TIME, "seen_at"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_known_person_username", "known_person", ["username"])
    op.create_table(
        "known_place",
        *_columns(WORD, "id", "team_id", "kind", "name", "title"),
        *_columns(FLAG, "is_member", "left_by_hand"),
        sa.Column("heard_until", sa.BigInteger(), nullable=False),
        *_columns(TIME, "seen_at"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_known_place_name", "known_place", ["name"])
    op.create_index("ix_known_place_team_id", "known_place", ["team_id"])
    op.create_table(
        "known_team",
        *_columns(WORD, "id", "name", "title"),
        *_columns(TIME, "seen_at"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "muted_thread",
        *_columns(WORD, "thread_id", "by"),
        *_columns(TIME, "at"),
        sa.PrimaryKeyConstraint("thread_id"),
    )
    op.create_table(
        "outbox",
        *_columns(NUMBER, "id"),
        *_columns(WORD, "key", "lane"),
        *_columns(WORD, "replaces", nullable=True),
        *_columns(NUMBER, "needs_message", nullable=True),
        *_columns(JSON, "effect"),
        *_columns(TIME, "created_at"),
        *_columns(NUMBER, "attempts"),
        *_columns(TIME, "next_at"),
        *_columns(TIME, "leased_until", nullable=True),
        *_columns(WORD, "leased_by"),
        *_columns(TIME, "done_at", nullable=True),
        *_columns(WORD, "outcome"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index("ix_outbox_replaces", "outbox", ["replaces"])
    op.create_index("outbox_waiting", "outbox", ["done_at", "lane", "id"])
    op.create_table(
        "person_settings",
        *_columns(WORD, "person_id"),
        *_columns(FLAG, "daily", "weekly"),
        *_columns(WORD, "digest_on"),
        sa.PrimaryKeyConstraint("person_id"),
    )
    op.create_table(
        "playbook",
        *_columns(NUMBER, "id"),
        *_columns(WORD, "key", "title"),
        *_columns(NUMBER, "version"),
        *_columns(WORD, "source"),
        *_columns(JSON, "teams", "keywords"),
        *_columns(TIME, "archived_at", nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_table(
        "playbook_version",
        *_columns(NUMBER, "id", "playbook_id", "version"),
        *_columns(JSON, "definition"),
        *_columns(WORD, "digest"),
        *_columns(TIME, "created_at"),
        sa.ForeignKeyConstraint(["playbook_id"], ["playbook.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("playbook_id", "version"),
    )
    op.create_table(
        "run",
        *_columns(NUMBER, "id"),
        *_columns(WORD, "key", "team_id"),
        *_columns(WORD, "channel_id", nullable=True),
        *_columns(WORD, "channel_name"),
        *_columns(NUMBER, "playbook_id", nullable=True),
        *_columns(NUMBER, "playbook_version"),
        *_columns(JSON, "attributes"),
        *_columns(FLAG, "own_channel"),
        *_columns(JSON, "definition"),
        *_columns(
            WORD,
            "name",
            "summary",
            "state",
            "owner_id",
            "creator_id",
            "origin_channel_id",
            "origin_post_id",
            "origin_text",
        ),
        *_columns(TIME, "created_at"),
        *_columns(TIME, "finished_at", nullable=True),
        *_columns(WORD, "finished_by", "closed_place"),
        *_columns(NUMBER, "update_every"),
        *_columns(TIME, "update_due_at", nullable=True),
        *_columns(NUMBER, "updates"),
        *_columns(TIME, "last_update_at", nullable=True),
        *_columns(WORD, "last_update_text"),
        *_columns(TIME, "removed_at", nullable=True),
        sa.ForeignKeyConstraint(["playbook_id"], ["playbook.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index("ix_run_channel_id", "run", ["channel_id"])
    op.create_index("ix_run_state", "run", ["state"])
    op.create_table(
        "change",
        *_columns(NUMBER, "id", "run_id"),
        *_columns(TIME, "at"),
        *_columns(WORD, "by", "kind", "label"),
        *_columns(JSON, "rows", "tasks"),
        *_columns(TIME, "undone_at", nullable=True),
        *_columns(WORD, "undone_by"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_change_run_id", "change", ["run_id"])
    op.create_table(
        "checklist",
        *_columns(NUMBER, "id", "run_id", "position"),
        *_columns(WORD, "title"),
        *_columns(TIME, "removed_at", nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_checklist_run_id", "checklist", ["run_id"])
    op.create_table(
        "follower",
        *_columns(NUMBER, "id", "run_id"),
        *_columns(WORD, "person_id"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("run_id", "person_id"),
    )
    op.create_index("ix_follower_person_id", "follower", ["person_id"])
    op.create_table(
        "handover",
        *_columns(NUMBER, "id", "run_id"),
        *_columns(WORD, "from_id", "to_id", "words"),
        *_columns(TIME, "asked_at"),
        *_columns(TIME, "answered_at", nullable=True),
        *_columns(WORD, "answer"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_handover_run_id", "handover", ["run_id"])
    op.create_table(
        "moment",
        *_columns(NUMBER, "id", "run_id"),
        *_columns(TIME, "at"),
        *_columns(WORD, "kind", "person_id", "subject", "post_id"),
        *_columns(JSON, "details"),
        *_columns(TIME, "removed_at", nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_moment_run_id", "moment", ["run_id"])
    op.create_table(
        "participant",
        *_columns(NUMBER, "id", "run_id"),
        *_columns(WORD, "person_id"),
        *_columns(TIME, "joined_at", "left_at", "welcomed_at", nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("run_id", "person_id"),
    )
    op.create_index("ix_participant_person_id", "participant", ["person_id"])
    op.create_table(
        "prompt",
        *_columns(NUMBER, "id"),
        *_columns(WORD, "place_id", "team_id", "thread_id", "post_id", "author_id", "text", "state", "answered_by"),
        *_columns(NUMBER, "run_id", nullable=True),
        *_columns(TIME, "created_at"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_prompt_thread_id", "prompt", ["thread_id"])
    op.create_table(
        "role_holder",
        *_columns(NUMBER, "id", "run_id"),
        *_columns(WORD, "role", "person_id"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("run_id", "role"),
    )
    op.create_index("ix_role_holder_run_id", "role_holder", ["run_id"])
    op.create_table(
        "prompt_offer",
        *_columns(NUMBER, "id", "prompt_id"),
        *_columns(WORD, "thread_id"),
        *_columns(NUMBER, "playbook_id"),
        *_columns(WORD, "keywords"),
        sa.ForeignKeyConstraint(["playbook_id"], ["playbook.id"]),
        sa.ForeignKeyConstraint(["prompt_id"], ["prompt.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("thread_id", "playbook_id"),
    )
    op.create_index("ix_prompt_offer_prompt_id", "prompt_offer", ["prompt_id"])
    op.create_table(
        "task",
        *_columns(NUMBER, "id", "run_id", "checklist_id", "position"),
        *_columns(WORD, "title", "description", "state"),
        *_columns(JSON, "assignees"),
        *_columns(TIME, "due_at", nullable=True),
        *_columns(WORD, "command", "ran_by"),
        *_columns(TIME, "ran_at", nullable=True),
        *_columns(JSON, "words", "words_by"),
        *_columns(WORD, "changed_by"),
        *_columns(TIME, "changed_at", "removed_at", nullable=True),
        sa.ForeignKeyConstraint(["checklist_id"], ["checklist.id"]),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_task_run_id", "task", ["run_id"])
    op.create_table(
        "reminder",
        *_columns(NUMBER, "id"),
        *_columns(WORD, "kind"),
        *_columns(TIME, "due_at"),
        *_columns(NUMBER, "run_id", "prompt_id", "task_id", nullable=True),
        *_columns(WORD, "person_id"),
        *_columns(NUMBER, "round"),
        *_columns(TIME, "done_at", nullable=True),
        sa.ForeignKeyConstraint(["prompt_id"], ["prompt.id"]),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"]),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_reminder_person_id", "reminder", ["person_id"])
    op.create_index("ix_reminder_prompt_id", "reminder", ["prompt_id"])
    op.create_index("ix_reminder_run_id", "reminder", ["run_id"])
    op.create_index("ix_reminder_task_id", "reminder", ["task_id"])
    op.create_index("reminder_due", "reminder", ["done_at", "due_at"])
    op.create_table(
        "message",
        *_columns(NUMBER, "id"),
        *_columns(WORD, "kind"),
        *_columns(NUMBER, "run_id", "prompt_id", "checklist_id", "reminder_id", "task_id", nullable=True),
        *_columns(WORD, "person_id"),
        *_columns(NUMBER, "part"),
        *_columns(WORD, "place_id"),
        *_columns(WORD, "post_id", nullable=True),
        *_columns(NUMBER, "revision"),
        *_columns(WORD, "digest"),
        *_columns(TIME, "gone_at", nullable=True),
        sa.ForeignKeyConstraint(["checklist_id"], ["checklist.id"]),
        sa.ForeignKeyConstraint(["prompt_id"], ["prompt.id"]),
        sa.ForeignKeyConstraint(["reminder_id"], ["reminder.id"]),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"]),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_message_post_id", "message", ["post_id"])
    op.create_index("ix_message_prompt_id", "message", ["prompt_id"])
    op.create_index("ix_message_run_id", "message", ["run_id"])
    op.create_index("ix_message_task_id", "message", ["task_id"])


def downgrade() -> None:
    for table in reversed(_TABLES.split()):
        op.drop_table(table)
