"""A key for each change, which is known before it is written, for the button that takes the change back."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


# Not in a batch: that would make the table anew, for years of changes.
def upgrade() -> None:
    op.add_column("change", sa.Column("key", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("change", "key")
