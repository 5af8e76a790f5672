"""Whether a role of a run was given by hand; who has one already keeps it, as was promised when the run began."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    with op.batch_alter_table("role_holder", schema=None) as batch_op:
        batch_op.add_column(sa.Column("by_hand", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE role_holder SET by_hand = (person_id <> '')")
    with op.batch_alter_table("role_holder", schema=None) as batch_op:
        batch_op.alter_column("by_hand", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("role_holder", schema=None) as batch_op:
        batch_op.drop_column("by_hand")
