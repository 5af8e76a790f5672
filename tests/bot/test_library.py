"""The library: files become stored playbooks with versions, and what they listen for."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.library import Changes, Shelf, digest_of, keep, listen_for, named_in, read_shelf
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
    return read_shelf(starters=starters, patterns=patterns or ["*.yaml"], folder=folder)


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


def test_a_file_replaces_a_starter_of_the_same_key(tmp_path: Path) -> None:
    write(tmp_path, "mine.yaml", "title: Our incidents\nkey: incident-response")
    read = shelf(tmp_path, starters=True)
    assert read.mistakes == []
    assert len(read.found) == 5
    assert read.found["incident-response"].playbook.title == "Our incidents"


def test_a_playbook_is_stored_once_and_gets_a_version_when_it_changes(tmp_path: Path, database: Database) -> None:
    write(tmp_path, "a.yaml", "title: A\nkeywords: [down]\nteams: [ops]")
    assert keep(database, shelf(tmp_path), NOW) == Changes(added=["a"])
    assert keep(database, shelf(tmp_path), LATER) == Changes()
    write(tmp_path, "a.yaml", "# said differently\ntitle: 'A'\nteams:\n- ops\nkeywords:\n- down\n")
    assert keep(database, shelf(tmp_path), LATER) == Changes()
    write(tmp_path, "a.yaml", "title: B\nkey: a\nkeywords: [up]")
    assert keep(database, shelf(tmp_path), LATER) == Changes(changed=["a"])
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
    assert keep(database, shelf(tmp_path), LATER) == Changes(archived=["a"])
    assert keep(database, shelf(tmp_path), LATER) == Changes()
    with database.transaction() as store:
        assert store.playbooks() == []
        row = store.playbook_by_key("a")
        assert row is not None
        assert row.archived_at == LATER
    write(tmp_path, "a.yaml", "title: A")
    assert keep(database, shelf(tmp_path), LATER) == Changes(restored=["a"])
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
    assert keep(database, broken, LATER) == Changes()
    with database.transaction() as store:
        titles = {row.key: row.title for row in store.playbooks()}
    assert titles["a"] == "A"
    assert titles["incident-response"] == "Ours"


def test_what_is_listened_for_follows_the_store(tmp_path: Path, database: Database) -> None:
    write(tmp_path, "a.yaml", "title: A\nkeywords: [down]\nmatch: exact")
    write(tmp_path, "b.yaml", "title: B\nkeywords: [down]\nteams: [ops, unknown]")
    write(tmp_path, "c.yaml", "title: C\nkeywords: [down]\nteams: [unknown]")
    keep(database, shelf(tmp_path), NOW)
    with database.transaction() as store:
        keywords = listen_for(store, {"ops": "ops-id"})
        keys = {row.id: row.key for row in store.playbooks()}
    assert [keys[hit.playbook_id] for hit in keywords.find("down", "ops-id")] == ["a", "b"]
    assert [keys[hit.playbook_id] for hit in keywords.find("Down", "ops-id")] == ["b"]
    assert [keys[hit.playbook_id] for hit in keywords.find("down", "other")] == ["a"]
    (tmp_path / "a.yaml").unlink()
    keep(database, shelf(tmp_path), LATER)
    with database.transaction() as store:
        assert listen_for(store, {}).find("down", "other") == ()


def test_saying_a_default_is_no_change() -> None:
    assert digest_of(Playbook(title="A")) == digest_of(Playbook(title="A", match="word", welcome=""))
    assert digest_of(Playbook(title="A")) != digest_of(Playbook(title="A", match="exact"))


def test_all_people_that_playbooks_name_are_met_before_they_are_needed() -> None:
    roles = [
        {"name": "scribe", "person": "@dana"},
        {"name": "on-call", "rota": {"people": ["@lee"], "from": "2026-01-05"}},
    ]
    tasks = [{"title": "Look", "assignees": ["@kim", "scribe"], "done_when": {"says": ["ok"], "by": ["@pat"]}}]
    book = Playbook.model_validate(
        {"title": "Release", "owner": "@rob", "roles": roles, "checklists": [{"title": "First", "tasks": tasks}]}
    )
    assert named_in([book.definition()])[0] == {"dana", "lee", "kim", "pat", "rob"}
