"""`muster playbooks import`: the plan first, then all of it or nothing; and playbooks given back as files."""

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from mattermost_files import EXAMPLE, example, of_2022
from past_runs import a_server
from plugin_server import TOKEN, serving_aside

from store import Database

Muster = Callable[..., tuple[int, str, str]]


def keys(database: Database) -> list[str]:
    with database.transaction() as store:
        return [row.key for row in store.playbooks()]


def written(folder: Path, name: str, said: object) -> str:
    path = folder / name
    path.write_text(said if isinstance(said, str) else json.dumps(said), encoding="utf-8")
    return str(path)


class Terminal(StringIO):
    """What somebody types at a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("typed", "options", "code"), [("n\n", (), 1), ("y\n", (), 0), ("", ("--yes",), 0)])
def test_at_a_terminal_the_plan_is_told_and_then_asked_about(
    muster: Muster, monkeypatch: pytest.MonkeyPatch, typed: str, options: tuple[str, ...], code: int
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal(typed))
    found, out, _ = muster("playbooks", "import", *options, str(EXAMPLE))
    assert found == code
    assert out.count("1 to create") == 1
    assert ("database-failover-drill version 1" in out) is (code == 0)


def test_a_file_is_imported_once(muster: Muster, database: Database) -> None:
    code, out, err = muster("playbooks", "import", str(EXAMPLE))
    assert (code, err) == (0, "")
    assert out.startswith("1 to create, 0 to update, 0 to skip\n+ Database failover drill: created, with 5 tasks\n")
    assert "its commands are only handed over to be pasted until a system administrator confirms them" in out
    assert "currency: EUR" in out
    assert out.endswith("Database failover drill: database-failover-drill version 1\n")
    code, out, err = muster("playbooks", "import", str(EXAMPLE))
    assert (code, err) == (0, "")
    assert "= Database failover drill: skipped, it is here already" in out
    assert keys(database) == ["database-failover-drill"]


def test_it_needs_only_the_address_of_the_store(muster: Muster, tmp_path: Path) -> None:
    assert not (tmp_path / "muster.sqlite").exists()
    assert muster("playbooks", "import", str(EXAMPLE))[0] == 0
    assert (tmp_path / "muster.sqlite").exists()


def test_only_the_plan_writes_nothing(muster: Muster, database: Database, tmp_path: Path) -> None:
    code, out, _ = muster("playbooks", "import", "--plan", str(EXAMPLE))
    assert (code, keys(database)) == (0, [])
    assert "1 to create" in out
    (tmp_path / "muster.sqlite").unlink()


def test_nothing_is_written_as_long_as_something_is_open(muster: Muster, database: Database, tmp_path: Path) -> None:
    muster("playbooks", "import", written(tmp_path, "a.json", of_2022()))
    changed = written(tmp_path, "b.json", of_2022() | {"description": "Changed"})
    code, out, err = muster("playbooks", "import", str(EXAMPLE), changed)
    assert (code, keys(database)) == (2, ["incident-of-old"])
    assert "1 conflict" in out
    assert "Nothing was imported" in err
    code, out, _ = muster("playbooks", "import", "--on-conflict", "new-version", str(EXAMPLE), changed)
    assert code == 0
    assert "incident-of-old version 2" in out


def test_a_file_of_names_says_who_is_who(muster: Muster, database: Database, tmp_path: Path) -> None:
    said = of_2022() | {
        "default_owner_enabled": True,
        "default_owner_id": "stranger",
        "metrics": [{"title": "Cost", "type": "metric_currency"}],
    }
    file = written(tmp_path, "a.json", said)
    code, out, _ = muster("playbooks", "import", file)
    assert code == 2
    assert "person stranger is nobody that I know here" in out
    names = written(
        tmp_path, "names.yaml", 'people:\n  stranger: "@dana"\ncurrency: EUR\ntitles:\n  Incident of old: Outage of old'
    )
    assert muster("playbooks", "import", "--map", names, file)[0] == 0
    with database.transaction() as store:
        row = store.playbook_by_key("outage-of-old")
        assert row is not None
        said = store.playbook_version(row).definition
    assert (said["owner"], said["retrospective"]["metrics"][0]["currency"]) == ("@dana", "EUR")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('people: {x: dana}', 'a person is written as "@name", in quotes, or as  leave-out'),
        ("channels: {x: ops}", "a channel is written as ~name, or as  leave-out"),
        ("currency: gold", "by its three letters"),
        ("peple: {}", "did you mean people?"),
        ("- a", "a file of names begins with"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_file_of_names_is_told(muster: Muster, tmp_path: Path, text: str, words: str) -> None:
    code, _, err = muster("playbooks", "import", "--map", written(tmp_path, "names.yaml", text), str(EXAMPLE))
    assert code == 2
    assert words in err
    assert "names.yaml has a mistake:" in err


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("{", "this is no JSON"),
        ("[" * 5000, "this is no JSON"),
        ("[]", "there is no playbook in it"),
        ('{"a": 1}', "this is no playbook: it has neither a title nor checklists"),
        ('{"title": "A", "version": 2}', 'is "2"; only files of version 1 are known'),
        ('{"title": 5, "version": 1}', 'title: found "5"; expected text in quotes'),
        ('{"title": "A", "checklists": [null]}', "checklists 1: found nothing (null); expected a group"),
        ('{"title": "A", "checklists": [{"items": "x"}]}', 'checklists 1 › items: found "x"; expected a list'),
        ('{"title": "A", "metrics": [{"target": true}]}', 'found "True"; expected a whole number'),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_told_with_its_place(
    muster: Muster, tmp_path: Path, said: str, words: str
) -> None:
    code, _, err = muster("playbooks", "import", written(tmp_path, "a.json", said))
    assert code == 2
    assert "a.json has" in err
    assert words in err


def test_every_mistake_is_told_at_once(muster: Muster, tmp_path: Path) -> None:
    said = {"title": 5, "version": 3, "checklists": [{"title": "A", "items": [{"title": 1}, {"due_date": "soon"}]}]}
    _, _, err = muster("playbooks", "import", written(tmp_path, "a.json", said))
    assert "a.json has 4 mistakes:" in err
    assert "checklists 1 › items 2 › due_date" in err


def test_a_list_that_is_null_is_an_empty_one(muster: Muster, database: Database, tmp_path: Path) -> None:
    said = {"title": "A", "version": 1, "checklists": None, "metrics": None, "signal_any_keywords": None}
    assert muster("playbooks", "import", written(tmp_path, "a.json", said))[0] == 0
    assert keys(database) == ["a"]


def test_a_playbook_is_given_back_as_the_file_that_it_came_from(muster: Muster, database: Database) -> None:
    muster("playbooks", "import", str(EXAMPLE))
    code, out, err = muster("playbooks", "export", "Database failover drill", "--format", "mattermost")
    assert (code, err) == (0, "")
    assert json.loads(out) == example()


@pytest.mark.parametrize("format", ["mattermost", "yaml", "json"])
def test_what_was_exported_is_imported_as_the_same(
    muster: Muster, database: Database, tmp_path: Path, format: str
) -> None:
    muster("playbooks", "import", str(EXAMPLE))
    _, out, _ = muster("playbooks", "export", "database-failover-drill", "--format", format)
    code, told, _ = muster("playbooks", "import", written(tmp_path, f"a.{format}", out))
    assert code == 0
    assert "it is here already" in told


def test_a_yaml_file_of_ours_comes_too(muster: Muster, database: Database, tmp_path: Path) -> None:
    assert muster("playbooks", "import", written(tmp_path, "a.yaml", "title: Release\nkeywords: [ship it]"))[0] == 0
    assert keys(database) == ["release"]


def test_a_server_is_asked_with_a_token_of_its_own(
    muster: Muster, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving_aside(a_server()) as there:
        code, _, err = muster("playbooks", "import", "--from-server", there.url)
        assert (code, there.asked) == (2, [])
        assert "MUSTER_IMPORT_TOKEN" in err
        monkeypatch.setenv("MUSTER_IMPORT_TOKEN", TOKEN)
        code, out, err = muster("playbooks", "import", "--from-server", there.url)
        assert (code, err) == (0, "")
        assert "The server has 3 finished runs of them" in out
        assert out.endswith("3 finished runs are here now as history.\n")
        assert "0 finished runs are here now" in muster("playbooks", "import", "--from-server", there.url)[1]
    assert keys(database) == ["drill"]
    code, _, err = muster("playbooks", "import", "--from-server", there.url)
    assert code == 2
    assert "did not tell its playbooks" in err
    assert TOKEN not in err


def test_files_or_a_server_are_named(muster: Muster) -> None:
    code, _, err = muster("playbooks", "import")
    assert code == 2
    assert "Name the files to import" in err
    assert example()["title"] not in err
