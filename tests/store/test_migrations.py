"""A database of an older version is brought up to date with all that is in it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from alembic import command
from sqlalchemy import text
from sqlmodel import select
from stage import KINDS, url_of

from bot.transaction.parcel import Parcel
from handlers import effects as do
from handlers.playbooks.playbook import Playbook
from store import Database, DatabaseError, Heard, Job
from store.engine import _alembic

RUN = (
    "INSERT INTO run (id, key, team_id, channel_name, playbook_version, attributes, own_channel, definition, name,"
    " summary, state, owner_id, creator_id, origin_channel_id, origin_post_id, origin_text, created_at, finished_by,"
    " closed_place, update_every, updates, last_update_text) VALUES (1, 'k', 't1', '', 1, '{}', true, '{}', 'Checkout',"
    " '', 'active', 'alice', 'alice', '', '', '', '2026-11-23 14:00:00', '', '', 0, 0, '')"
)
MESSAGE = (
    "INSERT INTO message (id, kind, person_id, part, place_id, post_id, revision, digest)"
    " VALUES (:id, 'card', '', 1, 'p', :post, 1, '')"
)
WAITS = (
    "INSERT INTO outbox (key, lane, effect, created_at, attempts, next_at, leased_by, outcome)"
    " VALUES (:key, :lane, :effect, '2026-11-23 14:00:00', 1, '2026-11-23 14:00:00', '', '')"
)
CHECKLIST = "INSERT INTO checklist (id, run_id, position, title) VALUES (1, 1, 1, 'L')"
TASK = (
    "INSERT INTO task (id, run_id, checklist_id, position, title, description, state, assignees, command, ran_by,"
    " words, words_by, changed_by) VALUES (1, 1, 1, 1, 'One', '', 'open', '[]', '', '', '[]', '[]', '')"
)
PROMPT = (
    "INSERT INTO prompt (id, place_id, team_id, thread_id, post_id, author_id, text, state, answered_by, created_at)"
    " VALUES (1, 'p', 't1', 'x', 'x', 'bob', 'down', 'open', '', '2026-11-23 14:00:00')"
)
REMINDER = (
    "INSERT INTO reminder (id, kind, due_at, run_id, prompt_id, task_id, person_id, round, done_at) VALUES (:id, :kind,"
    " '2026-11-23 14:00:00', :run_id, :prompt_id, :task_id, :person_id, :round, :done_at)"
)


def planned(row_id: int, kind: str, **about: object) -> dict[str, object]:
    """Return a reminder as it was kept before there were jobs."""
    nothing = {"run_id": None, "prompt_id": None, "task_id": None, "person_id": "", "round": 0, "done_at": None}
    return nothing | {"id": row_id, "kind": kind} | about


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


def test_a_run_keeps_the_zone_in_which_its_messages_show_times(tmp_path: Path) -> None:
    database = at_revision(tmp_path, "0014")
    with database.engine.begin() as connection:
        connection.execute(text(RUN.replace(" channel_name,", "").replace("'k', 't1', '',", "'k', 't1',")))
        connection.execute(text(RUN.replace(" channel_name,", "").replace("(1, 'k', 't1', '',", "(2, 'l', 't1',")))
        connection.execute(text("UPDATE run SET owner_id = 'gone' WHERE id = 2"))
        connection.execute(
            text(
                "INSERT INTO known_person (id, username, timezone, roles, is_bot, is_active, seen_at)"
                " VALUES ('alice', 'alice', 'Europe/Berlin', '', false, true, '2026-11-23 14:00:00')"
            )
        )
    database.migrate()
    with database.transaction() as store:
        assert [row.timezone for number in (1, 2) if (row := store.run(number))] == ["Europe/Berlin", ""]


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_on_its_way_and_what_was_heard_goes_on(tmp_path: Path, kind: str) -> None:
    database = Database(url_of(kind, tmp_path))
    with database.engine.begin() as connection:
        command.upgrade(_alembic(connection), "0004")
        for row_id, post_id in ((1, None), (2, "stands")):
            row = {"id": row_id, "post": post_id}
            connection.execute(text(MESSAGE), row)
        content = {"text": "card", "cards": []}
        post = {"type": "Post", "message_id": 1, "place_id": "p", "content": content, "root_id": ""}
        connection.execute(text(WAITS), {"key": "k1", "lane": "posts:p", "effect": json.dumps(post)})
        for key in ("post:1", "dialog:1"):
            connection.execute(text("INSERT INTO heard (key, at) VALUES (:key, '2026-11-23 14:00:00')"), {"key": key})
    database.migrate()
    with database.transaction() as store:
        named = [message.key for number in (1, 2) if (message := store.message(number)) is not None]
        assert named == ["k1", ""]
        (taken,) = store.outbox.take("w", datetime(2026, 11, 23, 15, 0, tzinfo=UTC), timedelta(minutes=1), 10)
        on_its_way = Parcel.of(taken, msgspec.convert(taken.effect, do.Post), store.message(taken.needs_message or 0))
        assert (on_its_way.key, on_its_way.is_repeated) == ("k1", True)
        heard = store.session.exec(select(Heard.key, Heard.place_id).order_by(Heard.key)).all()
        assert heard == [("dialog:1", ""), ("post:1", None)]
    database.close()


@pytest.mark.parametrize("kind", KINDS)
def test_a_database_goes_back_with_what_is_in_it(tmp_path: Path, kind: str) -> None:
    database = Database(url_of(kind, tmp_path))
    with database.engine.begin() as connection:
        command.upgrade(_alembic(connection), "head")
        command.downgrade(_alembic(connection), "0004")
        command.upgrade(_alembic(connection), "head")
    database.close()


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


def test_people_known_before_they_had_a_language_have_none(tmp_path: Path) -> None:
    database = at_revision(tmp_path, "0010")
    with database.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO known_person (id, username, timezone, roles, is_bot, is_active, seen_at)"
                " VALUES ('alice', 'alice', 'Europe/Berlin', '', false, true, '2026-11-23 14:00:00')"
            )
        )
    database.migrate()
    with database.transaction() as store:
        person = store.person("alice")
        assert person is not None
        assert (person.timezone, person.locale) == ("Europe/Berlin", "")


@pytest.mark.parametrize("kind", KINDS)
def test_reminders_that_wait_and_messages_about_them_go_on_as_jobs(tmp_path: Path, kind: str) -> None:
    rows = (
        planned(1, "digest", person_id="alice"),
        planned(2, "task_due", run_id=1, task_id=1, person_id="alice"),
        planned(3, "update", run_id=1, round=2, done_at="2026-11-23 14:00:00"),
        planned(4, "fold", prompt_id=1),
        planned(7, "task_soon", run_id=1, task_id=1),
        planned(9, "update", run_id=1, round=3),
    )
    database = Database(url_of(kind, tmp_path))
    with database.engine.begin() as connection:
        command.upgrade(_alembic(connection), "0010")
        connection.execute(text(RUN.replace(" channel_name,", "").replace("'t1', '',", "'t1',")))
        connection.execute(text(CHECKLIST))
        connection.execute(text(TASK))
        connection.execute(text(PROMPT))
        for row in rows:
            connection.execute(text(REMINDER), row)
        for row_id, reminder in ((1, 3), (2, None), (3, 9)):
            connection.execute(text(MESSAGE), {"id": row_id, "post": None})
            connection.execute(text(f"UPDATE message SET reminder_id = :to WHERE id = {row_id}"), {"to": reminder})
    database.migrate()
    with database.transaction() as store:
        jobs = store.session.exec(select(Job).order_by(Job.id)).all()
        assert [(one.id, one.kind, one.subject, one.payload, one.run_id, one.done_at is None) for one in jobs] == [
            (1, "digest", "person:alice", {}, None, True),
            (2, "task_due", "task:1", {"person_id": "alice"}, 1, True),
            (3, "update", "run:1", {"round": 2}, 1, False),
            (4, "fold", "prompt:1", {}, None, True),
            (7, "task_soon", "task:1", {}, 1, True),
            (9, "update", "run:1", {"round": 3}, 1, True),
        ]
        assert {one.due_at for one in jobs} == {datetime(2026, 11, 23, 14, tzinfo=UTC)}
        assert [one.job_id for number in (1, 2, 3) if (one := store.message(number)) is not None] == [3, None, 9]
        assert store.add(Job(kind="turn", subject="run:1", run_id=1, due_at=jobs[0].due_at)).id == 10
        assert [store.planned_digest("alice"), len(store.task_jobs(1))] == [jobs[0], 2]
    with pytest.raises(DatabaseError), database.transaction() as store:
        store.session.change_many(text("UPDATE message SET job_id = 99"), [])
    with database.engine.begin() as connection:
        command.downgrade(_alembic(connection), "0010")
        found = connection.execute(text("SELECT * FROM reminder WHERE id < 10 ORDER BY id")).mappings().all()
        assert [{name: row[name] for name in now if name != "done_at"} for row in found for now in rows[:1]] == [
            {name: value for name, value in row.items() if name != "done_at"} for row in rows
        ]
        assert [row["id"] for row in found if row["done_at"] is not None] == [3]
        linked = connection.execute(text("SELECT reminder_id FROM message ORDER BY id")).scalars().all()
        assert linked == [3, None, 9]
    database.migrate()
    database.close()
