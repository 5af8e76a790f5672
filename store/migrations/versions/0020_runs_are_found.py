"""Runs are found by the words of their names, summaries and updates, and listed without reading their playbooks."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from store.tables.found_words import words_of

revision = "0020"
down_revision = "0019"

_AT_ONCE = 500
_NEXT = sa.text("SELECT id, name, summary, last_update_text FROM run WHERE id > :last ORDER BY id LIMIT :count")
_UPDATES = sa.text("SELECT run_id, subject FROM moment WHERE kind = 'update' AND run_id > :last AND run_id <= :until")
_BY_SIGN = sa.String().with_variant(sa.String(collation="C"), "postgresql")

_LISTED = [
    *("created_at", "state", "update_due_at", "team_id", "channel_id", "playbook_id", "owner_id", "creator_id"),
    *("audience", "finished_at", "name", "removed_at"),
]


def upgrade() -> None:
    made = op.create_table(
        "found_word",
        sa.Column("word", _BY_SIGN, nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("word", "run_id"),
        sqlite_with_rowid=False,
    )
    standing = sa.text("removed_at IS NULL")
    op.create_index("run_listed", "run", _LISTED, sqlite_where=standing, postgresql_where=standing)
    op.create_index("place_open", "known_place", ["kind", "left_by_hand", "id"])
    follow_ups = sa.text("kind = 'follow_ups'")
    op.create_index(
        "checklist_follow_ups", "checklist", ["run_id"], sqlite_where=follow_ups, postgresql_where=follow_ups
    )
    connection = op.get_bind()
    last = 0
    while runs := connection.execute(_NEXT, {"last": last, "count": _AT_ONCE}).all():
        texts = {run_id: list(said) for run_id, *said in runs}
        for run_id, text in connection.execute(_UPDATES, {"last": last, "until": max(texts)}):
            texts[run_id].append(text)
        op.bulk_insert(made, _rows(texts))
        last = max(texts)


def downgrade() -> None:
    op.drop_index("checklist_follow_ups", "checklist")
    op.drop_index("place_open", "known_place")
    op.drop_index("run_listed", "run")
    op.drop_table("found_word")


def _rows(texts: dict[int, list[str]]) -> list[dict[str, Any]]:
    return [{"word": word, "run_id": run_id} for run_id, said in texts.items() for word in sorted(words_of(*said))]
