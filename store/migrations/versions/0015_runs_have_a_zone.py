"""The zone of the times that many read is a run's own; that of a run in progress stays as its messages show it."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.add_column("run", sa.Column("timezone", sa.String(), nullable=False, server_default=""))
    op.execute(
        "UPDATE run SET timezone = COALESCE("
        "(SELECT known_person.timezone FROM known_person WHERE known_person.id = run.owner_id), '')"
    )


def downgrade() -> None:
    op.drop_column("run", "timezone")
