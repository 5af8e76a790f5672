"""What is proposed to be changed in playbooks, and the texts of their files, which the next start reads."""

import sqlalchemy as sa
from alembic import op

from store.tables.base import UtcTime

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.create_table(
        "playbook_text",
        sa.Column("playbook_id", sa.Integer(), sa.ForeignKey("playbook.id"), primary_key=True),
        sa.Column("text", sa.String(), nullable=False),
    )
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("playbook_id", sa.Integer(), sa.ForeignKey("playbook.id"), nullable=False),
        sa.Column("message_id", sa.Integer(), sa.ForeignKey("message.id"), nullable=True),
        sa.Column("place_id", sa.String(), nullable=False),
        sa.Column("root_id", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("patched_at", UtcTime(), nullable=True),
    )
    op.create_index("ix_proposal_playbook_id", "proposal", ["playbook_id"])
    op.create_index("prompt_offer_of_playbook", "prompt_offer", ["playbook_id", "prompt_id"])


def downgrade() -> None:
    op.drop_index("prompt_offer_of_playbook", "prompt_offer")
    op.drop_table("proposal")
    op.drop_table("playbook_text")
