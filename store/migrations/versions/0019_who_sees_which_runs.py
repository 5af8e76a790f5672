"""What playbooks say of who sees their runs is kept once for each saying, for one question to find what is visible."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from store.tables.audience import Audience

revision = "0019"
down_revision = "0018"

_AT_ONCE = 500
_NEXT = sa.text("SELECT id, definition FROM run WHERE id > :last ORDER BY id LIMIT :count")
_NOTE = sa.text("UPDATE run SET audience = :key WHERE id = :run_id")


def upgrade() -> None:
    made = op.create_table(
        "audience",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("to_team", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.add_column("run", sa.Column("audience", sa.String(), nullable=False, server_default=""))
    if rows := _note_all(op.get_bind()):
        op.bulk_insert(made, rows)


def downgrade() -> None:
    op.drop_column("run", "audience")
    op.drop_table("audience")


def _note_all(connection: sa.Connection) -> list[dict[str, Any]]:
    """Note at each run what its playbook said, and return each different saying."""
    found: dict[str, dict[str, Any]] = {}
    last = 0
    while runs := connection.execute(_NEXT, {"last": last, "count": _AT_ONCE}).all():
        said = {run_id: Audience.of(_read(definition)) for run_id, definition in runs}
        connection.execute(_NOTE, [{"run_id": run_id, "key": one.key} for run_id, one in said.items()])
        found |= {one.key: one.model_dump() for one in said.values()}
        last = max(said)
    return list(found.values())


def _read(definition: Any) -> dict[str, Any]:
    kept: dict[str, Any] = json.loads(definition) if isinstance(definition, str) else definition
    return kept
