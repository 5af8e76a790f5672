"""A database of an older version is brought up to date with all that is in it."""

import json
from pathlib import Path

from alembic import command
from sqlalchemy import text

from handlers.playbook import Playbook
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


def test_a_run_that_was_there_before_knows_which_of_its_tasks_the_playbook_planned(tmp_path: Path) -> None:
    database = at_revision(tmp_path, "0004")
    book = Playbook.model_validate(
        {
            "title": "Ship",
            "checklists": [
                {"title": "A", "tasks": ["One"]},
                {"title": "B", "tasks": [{"title": "Two", "command": "/x"}]},
            ],
        }
    )
    columns = (
        "run_id, checklist_id, position, title, description, state, assignees, command, ran_by, words, words_by,"
        " changed_by"
    )
    with database.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO playbook (id, key, title, teams, keywords, source, version) "
                "VALUES (1, 'ship', 'Ship', '[]', '[]', '', 1)"
            )
        )
        connection.execute(text(RUN))
        connection.execute(
            text("UPDATE run SET playbook_id = 1, definition = :book"), {"book": json.dumps(book.definition())}
        )
        for at in (1, 2):
            connection.execute(text(f"INSERT INTO checklist (id, run_id, position, title) VALUES ({at}, 1, {at}, 'L')"))
        for checklist, title in ((1, "One"), (2, "Two"), (1, "Added")):
            values = f"1, {checklist}, 1, '{title}', '', 'open', '[]', '/x', '', '[]', '[]', ''"
            connection.execute(text(f"INSERT INTO task ({columns}) VALUES ({values})"))
    database.migrate()
    with database.transaction() as store:
        assert {one.title: one.planned for one in store.tasks(1)} == {"One": 1, "Two": 2, "Added": 0}
