"""A playbook is stored with a version for each change, whoever stores it, and is told as data."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from outage import on_postgresql
from stage import KINDS, url_of

from handlers.operations.store_playbook import Stored, archive_playbook, digest_of, store_playbook
from handlers.playbooks.playbook import Playbook
from store import Conflict, Database

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
BOOK = Playbook(title="Database failover", keywords=("db failover",), teams=("ops",))
MORE = BOOK.model_copy(update={"keywords": ("failover",)})


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    made = Database(url_of(request.param, tmp_path), clock=time.monotonic)
    made.migrate()
    yield made
    made.close()


def store_it(database: Database, book: Playbook) -> Stored:
    with database.transaction() as store:
        return store_playbook(store, book, "page", NOW)


def test_what_became_of_it_is_told(database: Database) -> None:
    key = "database-failover"
    assert store_it(database, BOOK) == Stored(key, 1, "added")
    assert store_it(database, BOOK) == Stored(key, 1, "unchanged")
    assert store_it(database, MORE) == Stored(key, 2, "changed")
    with database.transaction() as store:
        (row,) = store.playbooks()
        assert archive_playbook(store, row, NOW) == Stored(key, 2, "archived")
    with database.transaction() as store:
        assert store.playbooks() == []
    assert store_it(database, MORE) == Stored(key, 2, "restored")
    with database.transaction() as store:
        archive_playbook(store, store.playbooks()[0], NOW)
    assert store_it(database, BOOK) == Stored(key, 3, "restored")


def test_it_is_stored_whole(database: Database) -> None:
    store_it(database, BOOK)
    with database.transaction() as store:
        (row,) = store.playbooks()
        assert (row.title, row.source, row.teams, row.keywords) == (BOOK.title, "page", ["ops"], ["db failover"])
        assert Playbook.model_validate(store.playbook_version(row).definition) == BOOK


def test_whoever_listens_is_told_of_each_change_and_of_nothing_else(database: Database) -> None:
    told = []
    for book in (BOOK, BOOK, MORE):
        with database.transaction() as store:
            store_playbook(store, book, "page", NOW)
            store.write()
            told.append(store.has_changed_listening)
    with database.transaction() as store:
        archive_playbook(store, store.playbooks()[0], NOW)
        store.write()
        told.append(store.has_changed_listening)
    assert told == [True, False, True, True]


def test_saying_a_default_is_no_change() -> None:
    assert digest_of(Playbook(title="A")) == digest_of(Playbook(title="A", match="word", welcome=""))
    assert digest_of(Playbook(title="A")) != digest_of(Playbook(title="A", match="exact"))


@on_postgresql
def test_of_two_who_store_at_once_one_asks_again_and_finds_the_others_version(kind: str, tmp_path: Path) -> None:
    database, other = [Database(url) for url in [url_of(kind, tmp_path)] * 2]
    database.migrate()
    store_it(database, BOOK)
    with pytest.raises(Conflict), database.transaction() as store:
        store.playbook_by_key(BOOK.key)
        store_it(other, MORE)
        store_playbook(store, MORE, "page", NOW)
    assert store_it(database, MORE) == Stored(BOOK.key, 2, "unchanged")
    for one in (database, other):
        one.close()
