"""The command line: what it shows, and what it says when something is wrong."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from history import a_history, keep_history, planned
from typer.main import get_command

from bot.cli.main import app
from store import Checklist, Database, KnownPerson, PlaybookRow, Run, Task

Muster = Callable[..., tuple[int, str, str]]


def test_the_starters_are_listed_without_any_configuration(muster: Muster) -> None:
    code, out, err = muster("playbooks")
    assert (code, err) == (0, "")
    assert "incident-response" in out
    assert "sev-1, sev-2, #incident" in out
    assert muster("playbooks", "list") == (0, out, "")


def test_a_broken_file_is_told_after_the_list(muster: Muster, tmp_path: Path) -> None:
    (tmp_path / "playbooks").mkdir()
    (tmp_path / "playbooks" / "x.yaml").write_text("titel: x")
    code, out, err = muster("playbooks")
    assert code == 1
    assert "service-outage" in out
    assert "playbooks/x.yaml has 2 mistakes:" in err
    assert "Nothing of it is in use until that is put right." in err
    assert not (tmp_path / "muster.sqlite").exists()


def test_the_version_in_use_is_listed_and_what_stays_in_use_of_a_broken_file(
    muster: Muster, tmp_path: Path, database: Database
) -> None:
    folder = tmp_path / "playbooks"
    folder.mkdir()
    (folder / "x.yaml").write_text("titel: x")
    (folder / "y.yaml").write_text("title: Y")
    (folder / "z.yaml").write_text("title: Z")
    with database.transaction() as store:
        for key, version, source in (("x", 3, "file:playbooks/x.yaml"), ("y", 2, "file:playbooks/y.yaml")):
            store.add(PlaybookRow(key=key, title=key.upper(), version=version, source=source))
    code, out, err = muster("playbooks", "list")
    assert code == 1
    assert ["y", "Y", "none", "all", "0", "2", "file:playbooks/y.yaml"] in [line.split() for line in out.splitlines()]
    assert ["z", "Z", "none", "all", "0", "–", "file:playbooks/z.yaml"] in [line.split() for line in out.splitlines()]
    assert "playbooks/x.yaml has 2 mistakes:" in err
    assert err.endswith("Version 3 of x stays in use until that is put right.\n")


def test_a_folder_that_is_away_is_told_where_playbooks_of_it_are_in_use(muster: Muster, database: Database) -> None:
    assert muster("playbooks", "list")[0] == 0
    with database.transaction() as store:
        store.add(PlaybookRow(key="x", title="X", version=3, source="file:playbooks/x.yaml"))
    code, _, err = muster("playbooks", "list")
    assert code == 1
    assert err.startswith("playbooks has a mistake:\n  cannot be read: No such file or directory\n")
    assert err.endswith("Version 3 of x stays in use until that is put right.\n")


@pytest.mark.parametrize(
    ("schema", "words"),
    [("0010", "has the schema of an older version of Muster"), ("9999", "was written by a newer version of Muster")],
)
def test_a_database_of_another_version_stays_as_it_is_when_it_is_looked_at(
    muster: Muster, database: Database, schema: str, words: str
) -> None:
    """A process of that version may be at work on it."""
    with database.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{schema}'")
    code, out, err = muster("playbooks", "list")
    assert (code, "incident-response" in out) == (0, True)
    assert err.startswith("Which versions are in use is not known. The database ")
    assert words in err
    code, out, err = muster("runs")
    assert (code, out, words in err) == (2, "", True)
    with database.engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == schema


def test_playbooks_are_listed_without_the_database_too(muster: Muster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSTER_STORE_URL", "postgresql+psycopg://muster@127.0.0.1:1/muster")
    code, out, err = muster("playbooks", "list")
    assert (code, "incident-response" in out) == (0, True)
    assert err.startswith("Which versions are in use is not known. The database cannot be opened")


def test_a_playbook_is_shown_whole(muster: Muster) -> None:
    code, out, _ = muster("playbooks", "show", "incident-response")
    assert code == 0
    assert "1.1 Confirm that it is real (owner)" in out
    assert "updates    every 30 min" in out


def test_a_key_that_does_not_exist_gets_the_nearest(muster: Muster) -> None:
    assert muster("playbooks", "show", "incidentresponse") == (
        2,
        "",
        "There is no playbook incidentresponse. Did you mean incident-response?\n",
    )


def test_a_folder_is_checked_like_the_files_in_it(muster: Muster, tmp_path: Path) -> None:
    (tmp_path / "good").mkdir()
    (tmp_path / "good" / "a.playbook.yaml").write_text("title: Good")
    assert muster("playbooks", "check", "good") == (0, "good/a.playbook.yaml is a playbook: Good (good)\n", "")
    (tmp_path / "bare").mkdir()
    code, _, err = muster("playbooks", "check", "bare")
    assert code == 2
    assert "bare has no files named *.playbook.yaml" in err


def test_files_are_checked(muster: Muster, tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text("title: Good [x]")
    (tmp_path / "bad.yaml").write_text("title: Bad\nmatch: never")
    assert muster("playbooks", "check", "good.yaml") == (0, "good.yaml is a playbook: Good [x] (good-x)\n", "")
    code, out, err = muster("playbooks", "check", "bad.yaml", "good.yaml", "none.yaml")
    assert code == 1
    assert "good.yaml is a playbook" in out
    assert 'line 2, match: found "never"; allowed are word, substring or exact' in err
    assert "none.yaml has a mistake:\n  cannot be read: No such file or directory" in err


def test_runs_are_listed_with_owner_progress_and_age(muster: Muster, database: Database) -> None:
    now = datetime.now(UTC)
    with database.transaction() as store:
        store.learn(KnownPerson(id="ann-id", username="ann", seen_at=now))
        playbook = store.add(PlaybookRow(key="x", title="X"))
        assert playbook.id is not None
        for name, owner, state in (
            ("Old", "ann-id", "finished"),
            ("Checkout [down]", "ann-id", "active"),
            ("New", "bob-id", "opening"),
        ):
            run = store.add(
                Run(
                    key=name,
                    team_id="t",
                    playbook_id=playbook.id,
                    playbook_version=1,
                    definition={},
                    name=name,
                    state=state,
                    owner_id=owner,
                    creator_id=owner,
                    created_at=now - timedelta(hours=2),
                    finished_at=now - timedelta(hours=1) if state == "finished" else None,
                )
            )
            assert run.id is not None
            checklist = store.add(Checklist(run_id=run.id, position=1, title="First"))
            assert checklist.id is not None
            for position, task_state in enumerate(("done", "skipped", "open"), 1):
                store.add(
                    Task(run_id=run.id, checklist_id=checklist.id, position=position, title="T", state=task_state)
                )
    code, out, _ = muster("runs")
    assert code == 0
    assert [line.split() for line in out.splitlines()] == [
        ["number", "name", "state", "owner", "tasks", "age"],
        ["3", "New", "opening", "bob-id", "2/3", "2", "h"],
        ["2", "Checkout", "[down]", "active", "@ann", "2/3", "2", "h"],
        ["1", "Old", "finished", "@ann", "2/3", "1", "h"],
    ]
    assert len(muster("runs", "--limit", "1")[1].splitlines()) == 2


def test_no_runs_are_said_to_be_none_and_no_database_is_made_for_that(muster: Muster, tmp_path: Path) -> None:
    assert muster("runs") == (0, "There are no runs yet.\n", "")
    assert list(tmp_path.iterdir()) == []


def test_a_database_without_tables_has_no_runs(muster: Muster, tmp_path: Path) -> None:
    (tmp_path / "muster.sqlite").touch()
    assert muster("runs") == (0, "There are no runs yet.\n", "")


@pytest.mark.usefixtures("database")
def test_a_database_without_runs_has_none(muster: Muster) -> None:
    assert muster("runs") == (0, "There are no runs yet.\n", "")


def test_the_schema_is_brought_up_to_date(muster: Muster, tmp_path: Path) -> None:
    code, out, _ = muster("migrate")
    assert code == 0
    assert out.endswith("is up to date.\n")
    assert (tmp_path / "muster.sqlite").exists()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("sqlite:////nowhere/at/all.sqlite", "unable to open database file"),
        ("nonsense", "The database cannot be opened"),
        ("postgresql+psycopg://muster:geheim@127.0.0.1:1/muster", "The database cannot be opened"),
    ],
)
def test_a_database_that_cannot_be_opened_is_told_in_words(
    muster: Muster, monkeypatch: pytest.MonkeyPatch, url: str, words: str
) -> None:
    monkeypatch.setenv("MUSTER_STORE_URL", url)
    code, _, err = muster("migrate")
    assert code == 2
    assert words in err
    assert "MUSTER_STORE_URL" in err
    assert "geheim" not in err
    assert "Traceback" not in err


def test_to_run_the_configuration_must_be_whole(muster: Muster) -> None:
    code, _, err = muster("run")
    assert code == 2
    assert "The configuration cannot be used:\n  MUSTER_TOKEN is missing" in err


def test_without_a_command_the_commands_are_listed(muster: Muster) -> None:
    _, out, err = muster()
    assert "playbooks" in out + err
    assert "migrate" in out + err


def commands(group: Any, *before: str) -> Iterator[tuple[list[str], Any]]:
    """Yield each command with the words that call it."""
    yield list(before), group
    for name, inside in getattr(group, "commands", {}).items():
        yield from commands(inside, *before, name)


COMMANDS = list(commands(get_command(app)))


@pytest.mark.parametrize(("words", "command"), COMMANDS, ids=[" ".join(["muster", *words]) for words, _ in COMMANDS])
def test_help_cuts_no_name_where_the_terminal_has_80_columns(
    muster: Muster, monkeypatch: pytest.MonkeyPatch, words: list[str], command: Any
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    code, out, _ = muster(*words, "--help")
    assert code == 0
    assert max(len(line) for line in out.splitlines()) <= 80
    assert "…" not in out.replace("FILE…", "")
    assert "..." not in out.replace("[ARGS]...", "").replace("FILE…}...", "").replace("FILE…]...", "")
    options = [name for each in command.params if each.param_type_name == "option" for name in each.opts]
    for name in [*options, *getattr(command, "commands", ())]:
        assert re.search(rf"(?m)(?<![\w-]){re.escape(name)}(?![\w-])", out), name


def test_the_version_is_said_by_option_and_by_command(muster: Muster) -> None:
    said = muster("version")
    assert said[1].startswith("muster 0.")
    assert muster("--version") == said


@pytest.mark.parametrize("words", [["--config", "etc/my.toml", "playbooks"], ["playbooks", "--config=etc/my.toml"]])
def test_the_configuration_is_named_before_the_command_or_after_it(
    muster: Muster, tmp_path: Path, words: list[str]
) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "my.toml").write_text("[playbooks]\nstarters = false\n")
    (tmp_path / "etc" / "my.local.toml").write_text("[playbooks]\nfiles = ['one.yaml']\n")
    (tmp_path / "etc" / "one.yaml").write_text("title: One\n")
    code, out, err = muster(*words)
    assert (code, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines()] == ["key", "one"]


def test_a_configuration_that_is_not_there_is_named(muster: Muster) -> None:
    code, _, err = muster("runs", "--config", "none.toml")
    assert code == 2
    assert "--config or MUSTER_CONFIG names none.toml, where there is no file" in err


def test_a_run_is_written_as_files(muster: Muster, database: Database, tmp_path: Path) -> None:
    a_history(database, planned()[:3])
    keep_history(database, None)
    code, out, err = muster("runs", "export", "2", "--to", "there")
    assert (code, err) == (0, "")
    written = {path.suffix: path for path in (tmp_path / "there").iterdir()}
    assert set(written) == {".md", ".html", ".json"}
    assert out.split() == [f"there/run-outage-2-2{end}" for end in (".md", ".html", ".json")]
    text = written[".md"].read_text(encoding="utf-8")
    assert text.startswith("# Outage 2\n")
    # The host sees all runs: the median is that of the first one, which nobody else may see.
    assert "- **Time to mitigate:** 35 min, target 30 min ✗, 46 min in the run before" in text
    document = json.loads(written[".json"].read_text(encoding="utf-8"))
    assert [one["amount"] for one in document["metrics"]] == [2100, 600, 0, None, 9222]


def test_a_run_that_there_is_not_is_told_and_so_is_a_folder_that_cannot_be(
    muster: Muster, database: Database, tmp_path: Path
) -> None:
    assert muster("runs", "export", "7") == (2, "", "There is no run 7; `muster runs` lists them.\n")
    a_history(database, planned(count=1))
    (tmp_path / "file").write_text("")
    code, _, err = muster("runs", "export", "1", "--to", "file")
    assert (code, "could not be written into file" in err) == (2, True)


def test_without_a_database_there_is_nothing_to_export(muster: Muster, tmp_path: Path) -> None:
    assert muster("runs", "export", "1") == (2, "", "There are no runs yet.\n")
    assert not (tmp_path / "muster.sqlite").exists()
