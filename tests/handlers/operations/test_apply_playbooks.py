"""Playbooks as code, in the store: what is planned is what is done, and every playbook comes back as it was."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings

from handlers.operations.apply_playbooks import Stale, Wanted, apply_plan, plan_for
from handlers.playbooks.file import read_playbook
from handlers.playbooks.playbook import Playbook, playbook_of
from handlers.playbooks.write_yaml import written
from store import Database
from tests.any_playbook import playbooks

NOW = datetime(2026, 11, 27, 6, tzinfo=UTC)


@pytest.fixture(name="database", scope="module")
def _database() -> Database:
    database = Database("sqlite://")
    database.migrate()
    return database


@given(playbooks())
@settings(max_examples=25, deadline=None)
def test_any_playbook_survives_yaml_store_and_export(database: Database, book: Playbook) -> None:
    read = read_playbook(written(book), "x.playbook.yaml")
    with database.transaction() as store:
        apply_plan(store, plan_for(store, [Wanted(read, "x.playbook.yaml")]), NOW)
        row = store.playbook_by_key(book.key)
        assert row is not None
        exported = written(playbook_of(store.playbook_version(row).definition))
        again = plan_for(store, [Wanted(read_playbook(exported, "y"), "y")])
    assert read_playbook(exported, "y") == book
    assert [step.sign for step in again.steps] == ["="]


def test_what_is_not_as_it_was_planned_is_not_touched_at_all(database: Database) -> None:
    one, other = Playbook(title="One"), Playbook(title="Other")
    with database.transaction() as store:
        plan = plan_for(store, [Wanted(one, "one.yaml"), Wanted(other, "other.yaml")])
        apply_plan(store, plan_for(store, [Wanted(Playbook(title="Other", keywords=("x",)), "other.yaml")]), NOW)
        with pytest.raises(Stale) as stale:
            apply_plan(store, plan, NOW)
        assert stale.value.keys == ("other",)
        assert store.playbook_by_key("one") is None
