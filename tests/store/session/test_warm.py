"""What is remembered of runs between transactions is always as it is stored, whoever changes it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Executable, delete, event, insert, text, update
from sqlalchemy.orm import object_session
from sqlmodel import col, select

from store import Checklist, Database, Job, Message, Participant, RoleHolder, Run, Store, Task, about, values_of
from store.session.noticing import PastTheSession
from store.session.warm import Known, Warm

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
KINDS = ("turn", "add", "remove", "say", "take away", "join", "leave", "plan", "call off", "give", "rename", "look")


def made(run_id: int | None = None, revision: int = 0) -> Run:
    said = {"key": str(run_id), "team_id": "t", "definition": {}, "name": "r", "owner_id": "a", "creator_id": "a"}
    return Run(id=run_id, revision=revision, created_at=NOW, **said)


def run_with_tasks(database: Database) -> int:
    with database.transaction() as store:
        run = store.add(made())
        row = store.add(Checklist(run_id=run.id or 0, position=1, title="Triage"))
        store.add_all(
            [Task(run_id=run.id or 0, checklist_id=row.id or 0, position=at, title=f"Look {at}") for at in (1, 2, 3)]
        )
    return run.id or 0


def change(store: Store, run_id: int, what: str, person: str) -> None:
    run, tasks, cards = store.run(run_id), store.tasks(run_id), store.messages("card", run_id=run_id)
    mine = store.participant(run_id, person)
    assert run is not None
    match what:
        case "turn":
            tasks[0].turn("done" if tasks[0].is_open else "open", person, NOW)
        case "add":
            store.add(Task(run_id=run_id, checklist_id=tasks[0].checklist_id, position=len(tasks) + 1, title="More"))
        case "remove" if len(tasks) > 1:
            tasks[-1].removed_at = NOW
        case "say":
            store.add(Message(kind="card", run_id=run_id))
        case "take away" if cards:
            cards[0].gone_at = NOW
        case "join" if mine is None:
            store.add(Participant(run_id=run_id, person_id=person, joined_at=NOW))
        case "leave" if mine is not None:
            mine.left_at = NOW
        case "plan":
            store.add(Job(kind="task_due", subject=about(tasks[0]), due_at=NOW, run_id=run_id))
        case "call off":
            store.cancel_jobs(NOW, "task_due", tasks[0])
        case "give" if store.role_holder(run_id, person) is None:
            store.add(RoleHolder(run_id=run_id, role=person, person_id=person))
        case "rename":
            run.name += "!"


def seen(database: Database, run_id: int) -> object:
    with database.transaction() as store:
        run = store.run(run_id)
        assert run is not None
        rows = (
            *store.tasks(run_id, removed=True),
            *store.messages("card", run_id=run_id),
            *store.task_jobs(run_id),
            *store.participants(run_id),
            *store.role_holders(run_id),
        )
        return [values_of(row) for row in (run, *rows)]


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 1), st.sampled_from(KINDS), st.sampled_from(["alice", "bob"]), st.booleans())))
def test_two_processes_see_each_others_changes_and_what_failed_never_was(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, str, str, bool]]
) -> None:
    url = f"sqlite:///{tmp_path_factory.mktemp('warm') / 'muster.sqlite'}"
    both = (Database(url), Database(url))
    both[0].migrate()
    run_id = run_with_tasks(both[0])
    for which, what, person, fails in steps:
        try:
            with both[which].transaction() as store:
                change(store, run_id, what, person)
                if fails:
                    raise RuntimeError
        except RuntimeError:
            pass
        assert seen(both[0], run_id) == seen(both[1], run_id) == seen(Database(url), run_id)


def test_what_nobody_changed_is_not_asked_for_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # What all tests compare would be counted as well.
    monkeypatch.undo()
    database = Database(f"sqlite:///{tmp_path / 'muster.sqlite'}")
    database.migrate()
    run_id = run_with_tasks(database)
    seen(database, run_id)
    asked: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *what: asked.append(what[2]))
    with database.transaction() as store:
        change(store, run_id, "turn", "alice")
    assert [one.split()[0] for one in asked] == ["SELECT", "UPDATE", "UPDATE"]


def test_what_is_asked_for_ahead_is_what_would_be_found_and_is_not_asked_for_again(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'muster.sqlite'}")
    database.migrate()
    with database.transaction() as store:
        for place, person in (("p1", "alice"), ("p1", "bob"), ("p2", "bob"), ("p3", "eve")):
            run = made()
            run.key, run.channel_id, run.state = f"{place}{person}", place, "active"
            store.add(run)
            store.add(Participant(run_id=run.id or 0, person_id=person, joined_at=NOW))
        finished = update(Run).where(col(Run.key) == "p2bob").values(state="finished")
        store.session.change_many(finished, run_ids=[3])

    def found(ahead: bool) -> tuple[object, list[str]]:
        with Database(str(database.url)).transaction() as store:
            if ahead:
                store.look_ahead(places={"p1", "p3"}, bare_in={"p1", "p2"}, people={"alice", "bob"})
            asked: list[str] = []
            event.listen(store.session.connection(), "before_cursor_execute", lambda *what: asked.append(what[2]))
            answer = (
                [[run.id for run in store.runs_in(place)] for place in ("p1", "p3")],
                [[run.id for run in store.bare_runs_in(place)] for place in ("p1", "p2")],
                [store.participant(run_id, one) is not None for run_id in (1, 2, 4) for one in ("alice", "bob")],
            )
            return answer, asked

    (one_by_one, many), (at_once, none) = found(ahead=False), found(ahead=True)
    assert at_once == one_by_one == ([[2, 1], [4]], [[2, 1], []], [True, False, False, True, False, False])
    assert (len(many) > 5, none) == (True, [])


def test_a_run_that_is_over_is_not_kept_in_mind(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'muster.sqlite'}")
    database.migrate()
    run_id = run_with_tasks(database)
    for _ in range(2):
        with database.transaction() as store:
            run = store.run(run_id)
            assert run is not None
            run.finish("alice", NOW + timedelta(hours=1))
    assert database._warm.take(run_id, run.revision) is None


@pytest.mark.parametrize(("tasks", "kept"), [(1, [False, True, True]), (3, [False, False, True]), (9, [False] * 3)])
def test_of_many_runs_as_many_rows_are_kept_as_there_is_room_for(tasks: int, kept: list[bool]) -> None:
    """Those that were used last; one that was taken takes no room."""
    warm = Warm(most_rows=5)
    runs = [made(at) for at in (1, 2, 3)]
    for run in runs:
        warm.put(run, Known(run, {Task: [Task(run_id=run.id, checklist_id=1, position=1, title="")] * tasks}))
    assert [warm.take(run.id or 0, run.revision) is not None for run in runs] == kept
    warm.put(runs[0], Known(runs[0], {Task: []}))
    assert warm.take(1, runs[0].revision) is not None


def test_of_two_who_used_a_run_the_later_state_stays() -> None:
    warm = Warm()
    older, newer = (made(1, revision) for revision in (4, 5))
    warm.put(newer, Known(newer))
    warm.put(older, Known(older))
    assert warm.take(1, 5) is not None
    assert warm.take(1, 5) is None


def test_a_run_is_found_in_the_channel_that_it_was_moved_to_a_moment_ago(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'muster.sqlite'}")
    database.migrate()
    run_id = run_with_tasks(database)
    with database.transaction() as store:
        assert (store.runs_in("there"), store.bare_runs_in("there")) == ([], [])
        run = store.run(run_id)
        assert run is not None
        run.channel_id = "there"
        assert (store.runs_in("there"), store.bare_runs_in("there")) == ([run], [run])
        run.channel_id = "elsewhere"
        assert (store.runs_in("there"), store.bare_runs_in("there")) == ([], [])


BULK: dict[str, Callable[[], Executable]] = {
    "an update of the mapper's": lambda: update(Task).values(title="other"),
    "a condition": lambda: update(Job).where(col(Job.run_id) == 1).values(done_at=NOW),
    "a deletion": lambda: delete(Participant),
    "rows that come": lambda: insert(Checklist).values(run_id=1, position=2, title="More"),
    "a statement in words": lambda: text("UPDATE task SET title = 'other'"),
    "a deletion in words": lambda: text(' delete from "message" where id = 1'),
    "the runs themselves": lambda: update(Run).values(name="other"),
}


@pytest.mark.parametrize("what", BULK)
@pytest.mark.parametrize("by", ["session", "connection", "driver"])
def test_what_is_remembered_cannot_be_passed_by_a_statement_in_bulk(tmp_path: Path, what: str, by: str) -> None:
    """It is refused, and so nobody is shown rows as they were before."""
    database = Database(f"sqlite:///{tmp_path / 'muster.sqlite'}")
    database.migrate()
    run_id = run_with_tasks(database)
    before = seen(database, run_id)
    with pytest.raises(PastTheSession), database.transaction() as store:
        match by:
            case "session":
                store.session.execute(BULK[what]())
            case "connection":
                store.session.db.execute(BULK[what]())
            case "driver":
                words = str(BULK[what]().compile(store.session.db, compile_kwargs={"literal_binds": True}))
                store.session.connection().exec_driver_sql(words)
    assert seen(database, run_id) == seen(Database(str(database.url)), run_id) == before


def test_rows_that_a_statement_changes_by_the_session_are_read_anew(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'muster.sqlite'}")
    database.migrate()
    run_id = run_with_tasks(database)
    seen(database, run_id)
    with database.transaction() as store:
        store.session.change_many(update(Task).where(col(Task.position) == 2).values(title="other"), [run_id])
        assert [task.title for task in store.tasks(run_id)] == ["Look 1", "other", "Look 3"]
    with database.transaction() as store:
        assert [task.title for task in store.tasks(run_id)] == ["Look 1", "other", "Look 3"]
    assert seen(database, run_id) == seen(Database(str(database.url)), run_id)


def test_rows_that_were_remembered_are_the_next_sessions_own(tmp_path: Path) -> None:
    """What the library does not promise (docs/dependencies.md): they are found, and what is changed is written."""
    database = Database(f"sqlite:///{tmp_path / 'muster.sqlite'}")
    database.migrate()
    run_id = run_with_tasks(database)
    seen(database, run_id)
    with database.transaction() as store:
        store.run(run_id)
        (first, *_) = store.tasks(run_id)
        assert object_session(first) is store.session
        assert store.session.get(Task, first.id) is first
        assert store.session.exec(select(Task).where(Task.id == first.id)).one() is first
        first.title = "other"
        assert [*store.session.dirty] == [first]
    assert object_session(first) is None
    with Database(str(database.url)).transaction() as store:
        assert store.tasks(run_id)[0].title == "other"


def test_tasks_stay_the_same_sequence_until_one_moves_whoever_counts(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'muster.sqlite'}")
    database.migrate()
    first_id = run_with_tasks(database)
    with database.transaction() as store:
        run = made()
        run.key = "another"
        other_id = store.add(run).id or 0
        row = store.add(Checklist(run_id=other_id, position=1, title="Fix"))
        store.add_all([Task(run_id=other_id, checklist_id=row.id or 0, position=at, title="") for at in (1, 2)])
    for _ in range(2):
        with database.transaction() as store:
            for run_id in (first_id, other_id):
                store.run(run_id)
            tasks, others = store.tasks(first_id), store.tasks(other_id)
            tasks[0].turn("done", "alice", NOW)
            assert store.tasks(first_id) is tasks
            others[0].position, others[1].position = others[1].position, others[0].position
            assert store.tasks(first_id) is tasks
            assert [one.id for one in store.tasks(other_id)] == [others[1].id, others[0].id]
