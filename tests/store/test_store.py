"""The store: times in UTC, things that count once, and a schema that is never guessed at."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from rows import NOW, a_run, outgoing
from sqlalchemy import text
from sqlmodel import SQLModel
from stage import KINDS, url_of

from store import (
    UTC_EPOCH,
    Checklist,
    Conflict,
    Database,
    DiskFull,
    Follower,
    Job,
    KnownPerson,
    Message,
    Participant,
    RoleHolder,
    SchemaTooNew,
    Store,
    Task,
)


@pytest.fixture(params=KINDS)
def database(tmp_path: Path, request: pytest.FixtureRequest) -> Database:
    return empty(url_of(request.param, tmp_path))


def on_file(folder: Path) -> str:
    return f"sqlite:///{folder / 'muster.sqlite'}"


def empty(url: str) -> Database:
    made = Database(url)
    made.migrate()
    return made


def take(store: Store, now: datetime = NOW, worker: str = "w") -> list[str]:
    return [row.key for row in store.outbox.take(worker, now, timedelta(seconds=60), 10)]


def test_the_migrations_make_the_schema_that_the_program_uses(database: Database) -> None:
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), SQLModel.metadata) == []


def test_a_schema_of_a_newer_program_is_refused_in_words(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaTooNew, match=r"newer version of Muster \(its schema is 9999"):
        database.migrate()


def test_a_password_is_not_shown_when_the_schema_is_refused(database: Database) -> None:
    database.url = database.url.set(username="muster", password="very-secret", host="db")
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaTooNew) as refused:
        database.migrate()
    assert "very-secret" not in str(refused.value)


def test_times_come_back_in_utc_and_a_time_without_zone_is_refused(database: Database) -> None:
    east = datetime(2026, 11, 23, 19, 0, tzinfo=timezone(timedelta(hours=5)))
    with database.transaction() as store:
        job = store.add(Job(kind="update", subject="run:1", due_at=east))
    with database.transaction() as store:
        found = store.job(job.id or 0)
        assert found is not None
        assert found.due_at == NOW
        assert found.due_at.tzinfo is UTC
    with pytest.raises(Exception, match="without a zone"), database.transaction() as store:
        store.add(Job(kind="update", subject="run:1", due_at=datetime(2026, 11, 23, 14, 0)))  # noqa: DTZ001


def test_a_thing_counts_once_whoever_asks_at_the_same_time(database: Database) -> None:
    def first(_: int) -> bool:
        with database.transaction() as store:
            return store.once("post:1", NOW)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(first, range(40))) == 1


def test_what_is_taken_back_at_once_counts_when_it_comes_again(database: Database) -> None:
    with database.transaction() as store:
        assert store.once("dialog:1", NOW)
        store.not_yet("dialog:1")
    with database.transaction() as store:
        assert store.once("dialog:1", NOW)
        assert not store.once("dialog:1", NOW)


def test_two_who_meet_somebody_at_once_try_again_and_do_not_fail(database: Database) -> None:
    def meet(again: int) -> None:
        try:
            with database.transaction() as store:
                store.learn(KnownPerson(id="alice", username="alice", seen_at=NOW))
        except Conflict:
            assert again < 20
            meet(again + 1)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(meet, [0] * 40))


def test_an_error_undoes_the_whole_decision(database: Database) -> None:
    with pytest.raises(RuntimeError), database.transaction() as store:
        store.once("post:1", NOW)
        raise RuntimeError
    with database.transaction() as store:
        assert store.once("post:1", NOW)


def test_a_full_disk_is_told_in_words_and_changes_nothing(tmp_path: Path) -> None:
    database = empty(on_file(tmp_path))
    with database.engine.connect() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar()
    with pytest.raises(DiskFull, match="Free some space"):
        for number in range(5000):
            with database.transaction() as store:
                store.session.connection().exec_driver_sql(f"PRAGMA max_page_count = {pages}")
                store.once(f"{'x' * 500}{number}", NOW)


def test_a_lane_is_delivered_in_order_and_lanes_do_not_wait_for_each_other(database: Database) -> None:
    with database.transaction() as store:
        for key, lane in (("a1", "a"), ("a2", "a"), ("b1", "b")):
            store.outbox.put(outgoing(lane, key))
    with database.transaction() as store:
        assert take(store) == ["a1", "b1"]
        assert take(store) == []
    with database.transaction() as store:
        assert store.outbox.close(1, NOW, "done")
        assert not store.outbox.close(1, NOW, "done")
        assert take(store) == ["a2"]


def test_what_a_dead_courier_had_taken_is_taken_again_when_its_lease_is_over(database: Database) -> None:
    with database.transaction() as store:
        store.outbox.put(outgoing("a", "a1"))
    with database.transaction() as store:
        assert take(store, worker="dead") == ["a1"]
    with database.transaction() as store:
        assert take(store, NOW + timedelta(seconds=59)) == []
        assert take(store, NOW + timedelta(seconds=61)) == ["a1"]


def test_attempts_that_did_nothing_are_counted(database: Database) -> None:
    with database.transaction() as store:
        store.outbox.put(outgoing("a", "k"))
        for attempt, unsent in ((1, True), (2, False), (3, True)):
            (row,) = store.outbox.take("w", NOW, timedelta(seconds=60), 10)
            # A commit whose answer was lost is tried again, and may have happened.
            for _ in range(2):
                store.outbox.put_off(row.id or 0, NOW, attempt, unsent=unsent)
            store.session.expire_all()
        (row,) = store.outbox.take("w", NOW, timedelta(seconds=60), 10)
        assert (row.attempts, row.unsent) == (4, 2)
        store.outbox.put_off(row.id or 0, NOW, 3, unsent=True)
    with database.transaction() as store:
        assert take(store, NOW + timedelta(seconds=60)) == ["k"]


def test_an_edit_waits_for_its_message_and_only_the_newest_is_sent(database: Database) -> None:
    with database.transaction() as store:
        message = store.add(Message(kind="card"))
        for key in ("old", "new"):
            store.outbox.make_way(["edit:1"])
            store.outbox.put(outgoing("message:1", key, replaces="edit:1", needs_message=message.id))
        assert take(store) == []
    with database.transaction() as store:
        store.message(message.id or 0).post_id = "p"  # type: ignore[union-attr]
    with database.transaction() as store:
        assert take(store) == ["new"]


def test_what_was_read_of_a_run_before_it_was_held_is_read_anew(database: Database) -> None:
    """With several deciding at once another one may have changed it until then."""
    with database.transaction() as store:
        run_id = store.add(a_run()).id or 0
        message_id = store.add(Message(kind="card", run_id=run_id)).id or 0
        row = store.add(Checklist(run_id=run_id, position=1, title="Triage"))
        store.add(Task(run_id=run_id, checklist_id=row.id or 0, position=1, title="Look"))
    with database.transaction() as store:
        message = store.message(message_id)
        (task,) = store.tasks(run_id)
        assert message is not None
        for table, change in (("message", "revision = 7"), ("task", "title = 'Look again'")):
            # As by another one: the session is asked nothing.
            store.session.connection().connection.cursor().execute(f"UPDATE {table} SET {change}")
        assert store.run(run_id) is not None
        assert (message.revision, task.title) == (7, "Look again")
        assert store.tasks(run_id) == [task]


def test_a_row_that_was_read_before_its_run_was_held_can_be_changed_before_it_is_read_anew(database: Database) -> None:
    """Nothing of it is known then, not even which run it belongs to."""
    with database.transaction() as store:
        run_id = store.add(a_run()).id
        message_id = store.add(Message(kind="note", run_id=run_id)).id
    with database.transaction() as store:
        message, other = store.message(message_id), store.add(Message(kind="note", run_id=run_id))
        assert message is not None
        assert store.run(run_id) is not None
        message.place_id = other.place_id = "p"
        store.write()
        run = store.run(run_id)
        assert run is not None
        assert run.revision == 2
    with database.transaction() as store:
        assert [row.place_id for row in store.messages("note", run_id=run_id)] == ["p", "p"]


def test_what_is_seen_of_a_task_is_read_where_it_has_to_be_read_anew(database: Database) -> None:
    with database.transaction() as store:
        run = store.add(a_run())
        row = store.add(Checklist(run_id=run.id or 0, position=1, title="Triage"))
        task = store.add(Task(run_id=run.id or 0, checklist_id=row.id or 0, position=1, title="Roll back"))
        before = task.seen()
        store.session.expire(task)
        assert task.seen() == before
        assert (before.title, before.state) == ("Roll back", "open")


def test_a_watermark_never_goes_back(database: Database) -> None:
    from store import KnownPlace

    with database.transaction() as store:
        store.learn(KnownPlace(id="c", seen_at=NOW, heard_until=1_795_423_582_395))
        store.hear({"c": 5})
    with database.transaction() as store:
        place = store.place("c")
        assert place is not None
        assert place.heard_until == 1_795_423_582_395


def test_who_is_in_a_team_is_taken_over_again_and_again_and_doubted_after_a_gap(database: Database) -> None:
    with database.transaction() as store:
        at = NOW
        store.learn_members("t1", {"alice": True, "bob": False}, at)
        store.learn_members("t1", {"bob": True}, at + timedelta(minutes=1))
        store.learn_members("t2", {"alice": False}, at)
        known = store.team_members("t1", ["alice", "bob", "carla"])
        assert {who: (row.is_member, row.seen_at) for who, row in known.items()} == {
            "alice": (True, at),
            "bob": (True, at + timedelta(minutes=1)),
        }
    with database.transaction() as store:
        store.doubt_members(["t1"])
    with database.transaction() as store:
        known = store.team_members("t1", ["alice", "bob"])
        assert [(row.is_member, row.seen_at) for row in known.values()] == [(True, UTC_EPOCH)] * 2
        assert not store.team_members("t2", ["alice"])["alice"].is_member


def test_those_whom_active_runs_concern_are_found_by_team(database: Database) -> None:
    with database.transaction() as store:
        run, other = [store.add(a_run(key)) for key in ("one", "two")]
        assert run.id is not None
        assert other.id is not None
        store.add(Participant(run_id=run.id, person_id="bob", joined_at=NOW))
        store.add(Participant(run_id=run.id, person_id="left", joined_at=NOW, left_at=NOW))
        store.add(Follower(run_id=run.id, person_id="carla"))
        store.add(RoleHolder(run_id=run.id, role="scribe", person_id="dana"))
        store.add(RoleHolder(run_id=run.id, role="lead"))
        other.finish("alice", NOW)
        store.add(Follower(run_id=other.id, person_id="late"))
        store.write()
        assert store.concerned() == {"t": {run.owner_id, "bob", "carla", "dana"}}


def test_an_account_is_switched_where_it_is_known(database: Database) -> None:
    with database.transaction() as store:
        store.learn(KnownPerson(id="alice", username="alice", seen_at=NOW))
        assert not store.switch_person("bob", is_active=False)
        assert not store.switch_person("alice", is_active=True)
        assert store.switch_person("alice", is_active=False)
        assert not store.people(["alice"])["alice"].is_active
        assert store.person_named("alice") is None


def test_two_processes_may_be_told_of_the_same_person_at_once(database: Database) -> None:
    """Each process hears of who leaves a team; on PostgreSQL both have it to store at the same moment."""
    with ThreadPoolExecutor(4) as threads:

        def told(number: int) -> None:
            with database.transaction() as store:
                store.learn_members("t1", {"alice": False}, NOW + timedelta(seconds=number))

        list(threads.map(told, range(8)))
    with database.transaction() as store:
        assert not store.team_members("t1", ["alice"])["alice"].is_member


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        ("subject = 'run:1' AND kind = 'update'", "job_about"),
        ("subject = 'person:alice' AND kind = 'digest'", "job_about"),
        ("run_id IN (1, 2) AND kind IN ('task_due', 'task_soon')", "job_of_run"),
        ("run_id IN (1)", "job_of_run"),
        ("due_at <= '2026-11-23' ORDER BY due_at", "job_due"),
    ],
)
def test_of_all_that_is_planned_only_what_is_asked_for_is_read(tmp_path: Path, asked: str, index: str) -> None:
    database = empty(url_of("sqlite", tmp_path))
    with database.transaction() as store:
        told = text(f"EXPLAIN QUERY PLAN SELECT id FROM job WHERE done_at IS NULL AND {asked}")
        (line,) = store.session.execute(told).all()
    assert f"INDEX {index} " in line.detail
    database.close()


def test_who_reads_a_channel_is_known_with_and_without_its_row(database: Database) -> None:
    from store import KnownPlace

    with database.transaction() as store:
        store.learn(
            KnownPlace(id="open", kind="O", seen_at=NOW),
            KnownPlace(id="private", kind="P", seen_at=NOW),
            KnownPlace(id="left", kind="O", left_by_hand=True, seen_at=NOW),
        )
    with database.transaction() as store:
        assert [store.is_public(one) for one in ("open", "private", "left", "unknown")] == [True, False, False, False]
        assert store.place("open") is not None
        store.doubt("open")
        assert not store.is_public("open"), "what is still to be written counts"
    with database.transaction() as store:
        assert not store.is_public("open")
