"""Where webhooks of playbooks go, with their secrets, and what is delivered to them."""

import sqlalchemy as sa
from alembic import op

from store.tables.base import UtcTime

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    op.create_table(
        "webhook_address",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("playbook_id", sa.Integer(), sa.ForeignKey("playbook.id"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("old_secret", sa.String(), nullable=False),
        sa.Column("old_until", UtcTime(), nullable=True),
        sa.Column("off_at", UtcTime(), nullable=True),
        sa.Column("why_off", sa.String(), nullable=False),
        sa.Column("waits_until", UtcTime(), nullable=True),
        sa.UniqueConstraint("playbook_id", "name"),
    )
    op.create_table(
        "webhook_delivery",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("address_id", sa.Integer(), sa.ForeignKey("webhook_address.id"), nullable=False),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("run_id", sa.Integer(), sa.ForeignKey("run.id"), nullable=True),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.Column("since", UtcTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", UtcTime(), nullable=False),
        sa.Column("leased_until", UtcTime(), nullable=True),
        sa.Column("done_at", UtcTime(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("took_ms", sa.Integer(), nullable=True),
    )
    waits = sa.text("done_at IS NULL")
    op.create_index("webhook_delivery_due", "webhook_delivery", ["next_at"], sqlite_where=waits, postgresql_where=waits)
    op.create_index("webhook_delivery_of", "webhook_delivery", ["address_id", "id"])


def downgrade() -> None:
    op.drop_table("webhook_delivery")
    op.drop_table("webhook_address")
