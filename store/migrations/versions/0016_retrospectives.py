"""Runs have a retrospective; a checklist may outlive its run; what happened may be shown otherwise than recorded."""

import sqlalchemy as sa
from alembic import op

from store.tables.base import UtcTime

revision = "0016"
down_revision = "0015"

_TIME = UtcTime(timezone=True)


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), nullable=False, primary_key=True)


def _of(table: str, column: str, *, nullable: bool = False, unique: bool = False) -> sa.Column[int]:
    return sa.Column(column, sa.Integer(), sa.ForeignKey(f"{table}.id"), nullable=nullable, unique=unique)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def _time(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, _TIME, nullable=nullable)


def upgrade() -> None:
    op.add_column("checklist", sa.Column("kind", sa.String(), nullable=False, server_default=""))
    op.add_column("task", _time("added_at"))
    op.add_column("moment", _time("shown_at"))
    op.add_column("moment", sa.Column("shown_words", sa.String(), nullable=True))
    op.add_column("moment", sa.Column("shown_by", sa.String(), nullable=True))
    op.create_table(
        "retrospective",
        _id(),
        _of("run", "run_id", unique=True),
        sa.Column("wanted", sa.Boolean(), nullable=True),
        _text("state"),
        sa.Column("has_more", sa.Boolean(), nullable=False),
        _time("drafted_at"),
        _time("published_at"),
        _text("published_by"),
        _text("lead"),
        _time("skipped_at"),
        _text("skipped_by"),
        _text("reason"),
    )
    op.create_table(
        "retro_section",
        _id(),
        _of("run", "run_id"),
        sa.Column("position", sa.Integer(), nullable=False),
        *(_text(name) for name in ("kind", "part", "title", "hint", "text")),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _text("written_by"),
        _time("written_at"),
        _time("since"),
        _time("published_at"),
    )
    op.create_table(
        "retro_version",
        _id(),
        _of("run", "run_id"),
        _of("retro_section", "section_id"),
        sa.Column("version", sa.Integer(), nullable=False),
        _text("text"),
        _text("by"),
        _time("at", nullable=False),
        sa.UniqueConstraint("section_id", "version"),
    )
    op.create_table(
        "retro_comment",
        _id(),
        _of("run", "run_id"),
        _of("retro_section", "section_id", nullable=True),
        _text("text"),
        _text("by"),
        _time("at", nullable=False),
        _text("settled_by"),
        _time("settled_at"),
    )
    op.create_table(
        "retro_reader",
        _id(),
        _of("run", "run_id"),
        _text("person_id"),
        _text("asked_by"),
        _time("asked_at", nullable=False),
        _time("answered_at"),
        sa.UniqueConstraint("run_id", "person_id"),
    )
    op.create_table(
        "retro_writer",
        _id(),
        _of("run", "run_id"),
        _of("retro_section", "section_id"),
        _text("person_id"),
        _time("at", nullable=False),
        sa.UniqueConstraint("section_id", "person_id"),
    )
    for table in ("retro_section", "retro_version", "retro_comment", "retro_writer"):
        op.create_index(op.f(f"ix_{table}_run_id"), table, ["run_id"])


def downgrade() -> None:
    for table in ("retro_writer", "retro_reader", "retro_comment", "retro_version", "retro_section", "retrospective"):
        op.drop_table(table)
    for table, column in (
        ("moment", "shown_by"),
        ("moment", "shown_words"),
        ("moment", "shown_at"),
        ("task", "added_at"),
        ("checklist", "kind"),
    ):
        op.drop_column(table, column)
