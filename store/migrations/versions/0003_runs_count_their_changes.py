"""How often a run was changed, so that what is known of it need not be read again as long as nobody changes it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


# Not in a batch: that would make the table anew, which other tables refer to.
def upgrade() -> None:
    op.add_column("run", sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("run", "revision")
