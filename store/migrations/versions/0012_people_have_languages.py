"""People's own languages, as the server knows them; empty until somebody is seen again."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("known_person", sa.Column("locale", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("known_person", "locale")
