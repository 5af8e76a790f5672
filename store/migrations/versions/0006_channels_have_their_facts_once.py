"""What a channel is called is stored with the channel alone, and the names that channels had before are remembered."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

# Of a channel that nobody has looked at yet nothing is known: it counts as private until the server says what it is.
_MISSING = """
INSERT INTO known_place (id, team_id, kind, name, title, is_member, left_by_hand, heard_until, seen_at)
SELECT channel_id, min(team_id), 'P', min(channel_name), '', :no, :no, 0, min(created_at) FROM run
WHERE channel_id IS NOT NULL AND channel_id NOT IN (SELECT id FROM known_place) GROUP BY channel_id
"""
_NAMES = """
UPDATE run SET channel_name = (SELECT name FROM known_place WHERE id = channel_id)
WHERE channel_id IN (SELECT id FROM known_place)
"""


# Not in a batch: that would make the table anew, for years of runs.
def upgrade() -> None:
    op.create_table(
        "former_name",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("place_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "name"),
    )
    op.add_column("known_place", sa.Column("as_of", sa.BigInteger(), nullable=False, server_default="0"))
    op.get_bind().execute(sa.text(_MISSING).bindparams(sa.bindparam("no", value=False, type_=sa.Boolean())))
    op.drop_column("run", "channel_name")


def downgrade() -> None:
    op.add_column("run", sa.Column("channel_name", sa.String(), nullable=False, server_default=""))
    op.execute(_NAMES)
    op.drop_column("known_place", "as_of")
    op.drop_table("former_name")
