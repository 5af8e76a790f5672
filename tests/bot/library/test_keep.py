"""Files become stored playbooks with versions; only what has changed since it was read replaces what is stored."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.library.keep import keep as keep_in
from bot.library.keep import remembered
from bot.library.shelf import Files, Shelf
from handlers.operations.store_playbook import Stored, store_playbook
from handlers.playbooks.playbook import Playbook
from store import Database

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def database() -> Iterator[Database]:
    database = Database("sqlite://")
    database.migrate()
    yield database
    database.close()


def shelf(folder: Path, *patterns: str, starters: bool = False) -> Shelf:
    return Files(starters, patterns or ["*.yaml"], folder).read()


def keep(database: Database, shelf: Shelf, now: datetime, before: Shelf | None = None) -> list[Stored]:
    with database.transaction() as store:
        return keep_in(store, shelf, now, before)


def write(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_files_are_found_by_name_folder_and_pattern(tmp_path: Path) -> None:
    for name in ("a.yaml", "one/b.yaml", "one/c.yml", "one/d.txt", "two/deep/e.yaml"):
        write(tmp_path, name, f"title: {Path(name).stem}")
    found = shelf(tmp_path, "a.yaml", "one", "two/**/*.yaml", "*.yaml", str(tmp_path / "one" / "b.yaml")).found
    assert {key: each.source for key, each in found.items()} == {
        "a": "file:a.yaml",
        "b": "file:one/b.yaml",
        "c": "file:one/c.yml",
        "e": "file:two/deep/e.yaml",
    }


def test_a_folder_with_signs_of_a_pattern_in_its_name_is_no_pattern(tmp_path: Path) -> None:
    write(tmp_path / "[x]*", "a.yaml", "title: a")
    assert list(shelf(tmp_path / "[x]*").found) == ["a"]


def test_a_pattern_may_match_nothing_but_a_name_must_exist(tmp_path: Path) -> None:
    assert shelf(tmp_path, "playbooks/*.yaml") == Shelf()
    (mistake,) = shelf(tmp_path, "missing.yaml").mistakes
    assert str(mistake) == "missing.yaml has a mistake:\n  cannot be read: No such file or directory"


def test_one_broken_file_does_not_hide_the_others(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", "titel: a")
    write(tmp_path, "b.yaml", "title: b")
    (tmp_path / "c.yaml").write_bytes(b"title: \xff")
    read = shelf(tmp_path)
    assert list(read.found) == ["b"]
    assert [mistake.file for mistake in read.mistakes] == ["a.yaml", "c.yaml"]
    assert "is not UTF-8 text" in str(read.mistakes[1])


def test_two_files_with_one_key_are_a_mistake(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", "title: Same")
    write(tmp_path, "b.yaml", "title: same!")
    read = shelf(tmp_path)
    assert read.found["same"].source == "file:a.yaml"
    assert '"same" is the key of a.yaml, too; give one of them another' in str(read.mistakes[0])


def test_two_files_with_one_prefix_are_a_mistake_whatever_its_capitals(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", "title: A\nprefix: INC")
    write(tmp_path, "b.yaml", "title: B\nprefix: inc")
    found = shelf(tmp_path)
    assert list(found.found) == ["a"]
    assert [str(one) for one in found.mistakes] == [
        "b.yaml has a mistake:\n  prefix: inc is the prefix of a.yaml, too; give one of them another"
    ]


def test_a_prefix_of_a_playbook_that_people_made_is_a_mistake_in_a_file(tmp_path: Path, database: Database) -> None:
    with database.transaction() as store:
        store_playbook(store, Playbook(title="Made", prefix="INC"), "made:", NOW)
    write(tmp_path, "a.yaml", "title: A")
    before = shelf(tmp_path)
    keep(database, before, NOW)
    write(tmp_path, "a.yaml", "title: A\nprefix: Inc")
    found = shelf(tmp_path)
    assert keep(database, found, LATER, before) == []
    assert "Inc is the prefix of Made, too" in str(found.mistakes[0])
    with database.transaction() as store:
        row = store.playbook_by_key("a")
        assert row is not None
        assert (row.prefix, row.archived_at) == ("", None)


def test_a_prefix_that_goes_from_one_file_to_another_at_once_is_none(tmp_path: Path, database: Database) -> None:
    write(tmp_path, "a.yaml", "title: A\nprefix: INC")
    write(tmp_path, "b.yaml", "title: B")
    before = shelf(tmp_path)
    keep(database, before, NOW)
    write(tmp_path, "a.yaml", "title: A")
    write(tmp_path, "b.yaml", "title: B\nprefix: INC")
    found = shelf(tmp_path)
    assert [one.what for one in keep(database, found, LATER, before)] == ["changed", "changed"]
    assert found.mistakes == []


def test_a_file_replaces_a_starter_of_the_same_key(tmp_path: Path) -> None:
    write(tmp_path, "mine.yaml", "title: Our incidents\nkey: incident-response")
    read = shelf(tmp_path, starters=True)
    assert read.mistakes == []
    assert len(read.found) == 5
    assert read.found["incident-response"].playbook.title == "Our incidents"


def test_a_playbook_is_stored_once_and_gets_a_version_when_it_changes(tmp_path: Path, database: Database) -> None:
    write(tmp_path, "a.yaml", "title: A\nkeywords: [down]\nteams: [ops]")
    assert keep(database, shelf(tmp_path), NOW) == [Stored("a", 1, "added")]
    assert keep(database, shelf(tmp_path), LATER) == []
    write(tmp_path, "a.yaml", "# said differently\ntitle: 'A'\nteams:\n- ops\nkeywords:\n- down\n")
    assert keep(database, shelf(tmp_path), LATER) == []
    write(tmp_path, "a.yaml", "title: B\nkey: a\nkeywords: [up]")
    assert keep(database, shelf(tmp_path), LATER) == [Stored("a", 2, "changed")]
    with database.transaction() as store:
        (row,) = store.playbooks()
        version = store.playbook_version(row)
        assert (row.title, row.version, row.source, row.teams, row.keywords) == ("B", 2, "file:a.yaml", [], ["up"])
        assert (version.version, version.created_at) == (2, LATER)
        assert Playbook.model_validate(version.definition) == shelf(tmp_path).found["a"].playbook


def test_a_playbook_goes_with_its_file_and_comes_back_with_it(tmp_path: Path, database: Database) -> None:
    file = write(tmp_path, "a.yaml", "title: A")
    keep(database, shelf(tmp_path), NOW)
    file.unlink()
    assert keep(database, shelf(tmp_path), LATER) == [Stored("a", 1, "archived")]
    assert keep(database, shelf(tmp_path), LATER) == []
    with database.transaction() as store:
        assert store.playbooks() == []
        row = store.playbook_by_key("a")
        assert row is not None
        assert row.archived_at == LATER
    write(tmp_path, "a.yaml", "title: A")
    assert keep(database, shelf(tmp_path), LATER) == [Stored("a", 1, "restored")]
    with database.transaction() as store:
        assert [row.version for row in store.playbooks()] == [1]


def test_a_mistake_in_a_file_leaves_its_playbook_as_it_was(tmp_path: Path, database: Database) -> None:
    write(tmp_path, "a.yaml", "title: A")
    write(tmp_path, "mine.yaml", "title: Ours\nkey: incident-response")
    keep(database, shelf(tmp_path, starters=True), NOW)
    write(tmp_path, "a.yaml", "title: [")
    write(tmp_path, "mine.yaml", "titel: Ours\nkey: incident-response")
    broken = shelf(tmp_path, starters=True)
    assert len(broken.mistakes) == 2
    assert keep(database, broken, LATER) == []
    with database.transaction() as store:
        titles = {row.key: row.title for row in store.playbooks()}
    assert titles["a"] == "A"
    assert titles["incident-response"] == "Ours"


def versions(database: Database) -> dict[str, int]:
    with database.transaction() as store:
        return {row.key: row.version for row in store.playbooks()}


def store_elsewhere(database: Database, text: str, folder: Path, name: str = "a.yaml") -> None:
    """Let another process, whose files are not the same, store what its own says."""
    write(folder, name, text)
    keep(database, shelf(folder), LATER, Shelf())


def test_a_file_that_is_as_it_was_read_never_replaces_what_another_process_has_stored(
    tmp_path: Path, database: Database
) -> None:
    mine, other = tmp_path / "mine", tmp_path / "other"
    write(mine, "a.yaml", "title: A")
    write(mine, "b.yaml", "title: B")
    before = shelf(mine)
    keep(database, before, NOW)
    store_elsewhere(database, "title: A\nkeywords: [down]", other)
    write(mine, "b.yaml", "title: B\nkeywords: [up]")
    write(mine, "a.yaml", "# the same\ntitle: A")
    assert keep(database, shelf(mine), LATER, before) == [Stored("b", 2, "changed")]
    assert versions(database) == {"a": 2, "b": 2}
    write(mine, "a.yaml", "title: A\nkeywords: [slow]")
    assert keep(database, shelf(mine), LATER, before) == [Stored("a", 3, "changed")]


def test_the_text_of_a_file_is_kept_with_its_comments_as_long_as_it_says_what_is_in_use(
    tmp_path: Path, database: Database
) -> None:
    def text() -> str:
        with database.transaction() as store:
            row = store.playbook_by_key("a")
            assert row is not None
            return store.playbook_text(row)

    write(tmp_path, "a.yaml", "title: A")
    before = shelf(tmp_path)
    keep(database, before, NOW)
    assert text() == "title: A"
    write(tmp_path, "a.yaml", "\ufeff# ours\ntitle: A")
    assert keep(database, shelf(tmp_path), LATER, before) == []
    assert text() == "\ufeff# ours\ntitle: A"
    store_elsewhere(database, "title: A\nkeywords: [down]", tmp_path / "other")
    before = shelf(tmp_path)
    write(tmp_path, "a.yaml", "# theirs\ntitle: A")
    assert keep(database, shelf(tmp_path), LATER, before) == []
    assert "theirs" not in text()


def test_a_playbook_that_another_process_has_on_file_does_not_go(tmp_path: Path, database: Database) -> None:
    mine, other = tmp_path / "mine", tmp_path / "other"
    file = write(mine, "a.yaml", "title: A")
    before = shelf(mine)
    keep(database, before, NOW)
    store_elsewhere(database, "title: B", other, "b.yaml")
    assert keep(database, shelf(mine), LATER, before) == []
    file.unlink()
    assert keep(database, shelf(mine), LATER, before) == [Stored("a", 1, "archived")]
    assert versions(database) == {"b": 1}


def test_a_file_that_broke_and_says_again_what_it_said_replaces_nothing(tmp_path: Path, database: Database) -> None:
    mine, other = tmp_path / "mine", tmp_path / "other"
    file = write(mine, "a.yaml", "title: A")
    before = shelf(mine)
    keep(database, before, NOW)
    write(mine, "a.yaml", "titel: A")
    broken = shelf(mine)
    assert keep(database, broken, LATER, before) == []
    before = remembered(broken, before)
    store_elsewhere(database, "title: A\nkeywords: [down]", other)
    write(mine, "a.yaml", "title: A")
    assert keep(database, shelf(mine), LATER, before) == []
    write(mine, "a.yaml", "titel: A")
    file.unlink()
    assert keep(database, shelf(mine), LATER, before) == [Stored("a", 2, "archived")]


def test_a_starter_takes_the_place_of_a_broken_file_once_that_is_gone(tmp_path: Path, database: Database) -> None:
    file = write(tmp_path, "mine.yaml", "title: Ours\nkey: incident-response")
    before = shelf(tmp_path, starters=True)
    keep(database, before, NOW)
    write(tmp_path, "mine.yaml", "titel: Ours")
    broken = shelf(tmp_path, starters=True)
    assert keep(database, broken, LATER, before) == []
    file.unlink()
    whole = shelf(tmp_path, starters=True)
    assert keep(database, whole, LATER, remembered(broken, before)) == [Stored("incident-response", 2, "changed")]


def test_a_playbook_that_came_by_another_way_stays_whatever_the_files_are(tmp_path: Path, database: Database) -> None:
    with database.transaction() as store:
        store_playbook(store, Playbook(title="By hand"), "page:alice", NOW)
    assert keep(database, shelf(tmp_path), LATER) == []
    assert versions(database) == {"by-hand": 1}


def test_a_file_that_cannot_be_read_looks_the_same_until_it_can(tmp_path: Path) -> None:
    file = write(tmp_path, "a.yaml", "title: A")
    file.unlink()
    os.mkfifo(file)
    files = Files(False, ["*.yaml"], tmp_path)
    assert "cannot be read: it is no file" in str(files.read().mistakes[0])
    assert files.look() == files.taken == {file: None}
    file.unlink()
    write(tmp_path, "a.yaml", "title: A")
    assert files.look() != files.taken
    assert list(files.read().found) == ["a"]
