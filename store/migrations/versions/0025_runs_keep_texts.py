"""The templates of a run's playbook, beside what they said when it began, and runs that are found by INC-0042."""

import sqlalchemy as sa
from alembic import op

from store.tables.base import only_where

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.add_column("run", sa.Column("texts", sa.JSON(), nullable=False, server_default="{}"))
    op.create_index("run_numbered", "run", ["sequence", "prefix"], **only_where("sequence > 0"))


def downgrade() -> None:
    op.drop_index("run_numbered", "run")
    op.drop_column("run", "texts")
