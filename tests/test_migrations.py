"""A database of an older version is brought up to date with all that is in it."""

from pathlib import Path

from alembic import command
from sqlalchemy import text

from store import Database
from store.engine import _alembic

RUN = (
    "INSERT INTO run (id, key, team_id, channel_name, playbook_version, attributes, own_channel, definition, name,"
    " summary, state, owner_id, creator_id, origin_channel_id, origin_post_id, origin_text, created_at, finished_by,"
    " closed_place, update_every, updates, last_update_text) VALUES (1, 'k', 't1', '', 1, '{}', true, '{}', 'Checkout',"
    " '', 'active', 'alice', 'alice', '', '', '', '2026-11-23 14:00:00', '', '', 0, 0, '')"
)


def at_revision(folder: Path, revision: str) -> Database:
    made = Database(f"sqlite:///{folder / 'muster.sqlite'}")
    with made.engine.begin() as connection:
        command.upgrade(_alembic(connection), revision)
    return made


def test_who_had_a_role_before_rotas_turned_keeps_it(tmp_path: Path) -> None:
    database = at_revision(tmp_path, "0001")
    with database.engine.begin() as connection:
        connection.execute(text(RUN))
        for role, person in (("on-call", "bob"), ("scribe", "")):
            row = {"role": role, "person": person}
            connection.execute(
                text("INSERT INTO role_holder (run_id, role, person_id) VALUES (1, :role, :person)"), row
            )
    database.migrate()
    with database.transaction() as store:
        run = store.run(1)
        assert run is not None
        assert run.name == "Checkout"
        held = [(one.role, one.person_id, one.by_hand) for one in store.role_holders(1)]
        assert held == [("on-call", "bob", True), ("scribe", "", False)]


def test_a_schema_goes_back_to_the_one_before(tmp_path: Path) -> None:
    database = at_revision(tmp_path, "head")
    with database.engine.begin() as connection:
        command.downgrade(_alembic(connection), "0001")
        names = [row[1] for row in connection.execute(text("PRAGMA table_info(role_holder)"))]
    assert names == ["id", "run_id", "role", "person_id"]
    database.migrate()


def test_what_a_run_had_kept_of_its_channel_counts_only_where_nobody_knows_the_channel(tmp_path: Path) -> None:
    database = at_revision(tmp_path, "0004")
    with database.engine.begin() as connection:
        connection.execute(text(RUN))
        named = "UPDATE run SET channel_id = 'c', channel_name = 'checkout-1'"
        connection.execute(text(named))
        second = RUN.replace("VALUES (1, 'k'", "VALUES (2, 'l'")
        connection.execute(text(second))
        connection.execute(text("UPDATE run SET channel_id = 'd', channel_name = 'old-name' WHERE id = 2"))
        place = (
            "INSERT INTO known_place (id, team_id, kind, name, title, is_member, left_by_hand, heard_until, seen_at)"
            " VALUES ('d', 't1', 'O', 'new-name', '', true, false, 7, '2026-11-23 14:00:00')"
        )
        connection.execute(text(place))
    database.migrate()
    with database.transaction() as store:
        places = [store.place(run_place) for run_place in ("c", "d")]
        assert [(one.kind, one.name, one.is_member) for one in places if one] == [
            ("P", "checkout-1", False),
            ("O", "new-name", True),
        ]
    with database.engine.begin() as connection:
        command.downgrade(_alembic(connection), "0004")
        names = connection.execute(text("SELECT channel_name FROM run ORDER BY id")).scalars().all()
    assert names == ["checkout-1", "new-name"]
