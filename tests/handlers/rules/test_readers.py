"""What is read of tasks, people and times can be said again, and whatever is written is read or refused."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from desk import ALICE, BOB, CARLA, INCIDENT, START, Desk, started_run
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from handlers.context import Context, known_person, person_row
from handlers.effects import Refused
from handlers.events import CommandGiven, Person, Place
from handlers.playbooks.playbook import Playbook
from handlers.rules import assignees, next_update, ordering, people_named, task_form_values, task_lookup
from handlers.rules.progress import progress
from store import Run, Task

BOOK = Playbook.model_validate(INCIDENT.definition() | {"roles": ["scribe"]})
ODD = st.text(max_size=40) | st.text(alphabet='"“”„«»#@.,-–0123abe \n\t\x00', max_size=40)
PEOPLE = st.builds(
    Person,
    id=st.just("someone"),
    username=st.from_regex("[a-z][a-z0-9._-]{0,20}", fullmatch=True),
    timezone=st.sampled_from(["", "Europe/Berlin"]),
    is_bot=st.booleans(),
    is_guest=st.booleans(),
    is_admin=st.booleans(),
    is_active=st.booleans(),
)
Ask = Callable[[Callable[[Context, Run], Any]], Any]


@pytest.fixture(scope="module")
def ask() -> Ask:
    desk = Desk(BOOK)
    started_run(desk)

    def asked(question: Callable[[Context, Run], Any]) -> Any:
        with desk.database.transaction() as store:
            run = store.run(1)
            assert run is not None
            return question(Context(desk.now, store, desk.here), run)

    return asked


def given_by(ctx: Context, asker: Person = ALICE) -> CommandGiven:
    return CommandGiven(at=ctx.now, text="", asker=asker, place=Place(id="town"))


@given(PEOPLE)
def test_a_person_comes_out_of_the_store_as_they_went_in(person: Person) -> None:
    assert known_person(person_row(person, START)) == person


@given(ODD)
def test_whatever_is_written_is_read_or_refused(ask: Ask, text: str) -> None:
    def read(ctx: Context, run: Run) -> None:
        standing = progress(ctx, run)
        readers: tuple[Callable[[], object], ...] = (
            lambda: task_lookup.tasks(ctx, standing, text, "check"),
            lambda: task_lookup.leading(ctx, standing, text, "due"),
            lambda: task_lookup.checklist(ctx, standing, text),
            lambda: ordering.target(ctx, standing, text),
            lambda: assignees.read(ctx, run, text, ALICE),
            lambda: people_named.people(given_by(ctx), text, ctx),
            lambda: people_named.leading(given_by(ctx), text, ctx),
            lambda: task_form_values.due_named(ctx, text, ALICE),
            lambda: next_update.leading(given_by(ctx), run, f"next={text}", ctx),
        )
        for reader in readers:
            with suppress(Refused):
                reader()

    ask(read)


@given(st.data())
def test_tasks_are_found_by_the_numbers_and_titles_that_people_see(ask: Ask, data: st.DataObject) -> None:
    def read(ctx: Context, run: Run) -> None:
        standing = progress(ctx, run)
        some = data.draw(st.lists(st.sampled_from(standing.tasks), min_size=1, unique_by=lambda one: one.number))
        numbers = [one.number for one in some]
        expected = sorted(numbers)
        for words in (
            ", ".join(numbers),
            ",".join(numbers),
            " ".join(numbers),
            ", ".join(one.task.title for one in some),
        ):
            found = task_lookup.tasks(ctx, standing, words, "check")
            assert [one.number for one in found] == expected
        first = task_lookup.leading(ctx, standing, f'"{some[0].task.title}" and more', "due")
        assert ([one.number for one in first[0]], first[1]) == (numbers[:1], "and more")

    ask(read)


@given(st.lists(st.sampled_from(["bob", "carla", "alice", "role:scribe", "role:owner"]), min_size=1, unique=True))
def test_assignees_are_read_as_the_dialog_shows_them(ask: Ask, ids: list[str]) -> None:
    def read(ctx: Context, run: Run) -> None:
        ctx.meet(ALICE, BOB, CARLA)
        task = Task(run_id=run.id, checklist_id=0, position=0, title="", assignees=ids)
        shown = task_form_values.shown_people(ctx, run, task)
        found = assignees.read(ctx, run, shown.others, ALICE)
        assert sorted([shown.assignee, *found]) == sorted(ids)
        assert shown.person_id or not assignees.people_of(ctx, run, task)

    ask(read)


@given(st.integers(1, 3650 * 24 * 60 - 60), st.sampled_from(["", "Europe/Berlin", "Asia/Kolkata"]))
def test_a_due_time_is_read_as_the_dialog_shows_it(ask: Ask, minutes: int, timezone: str) -> None:
    asker = replace(ALICE, timezone=timezone)

    def read(ctx: Context, run: Run) -> None:
        due_at = (ctx.now + timedelta(minutes=minutes)).replace(second=0, microsecond=0)
        shown = task_form_values.due_words(Task(run_id=1, checklist_id=0, position=0, title="", due_at=due_at), asker)
        found = task_form_values.due_named(ctx, shown, asker)
        # The hour that a clock shows twice is read as the first.
        assert found == due_at or found == due_at - timedelta(hours=1)

    ask(read)
