"""Playbooks as code: planned, applied, exported and looked back at from the command line."""

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from handlers.operations.store_playbook import store_playbook
from handlers.playbooks.file import read_playbook
from handlers.playbooks.playbook import Checklist, Playbook, Task
from handlers.playbooks.schema import schema
from store import Database, KnownPerson, PlaybookDraft, PlaybookRow

Muster = Callable[..., tuple[int, str, str]]
NOW = datetime(2026, 11, 27, 6, tzinfo=UTC)
OUTAGE = "title: Outage\nkeywords: [down]\nchecklists:\n  - title: Look\n    tasks: [Confirm it]\n"


def write(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text)
    return name


def made(database: Database, book: Playbook, source: str = "made:", by: str = "") -> None:
    with database.transaction() as store:
        store_playbook(store, book, source, NOW, by=by, words="Make it better" if by else "")


def test_a_plan_says_what_would_be_added_changed_and_archived(
    muster: Muster, database: Database, tmp_path: Path
) -> None:
    made(database, Playbook(title="Outage", keywords=("fire",)), "made:applied:outage.yaml")
    made(database, Playbook(title="Old"), "made:applied:old.yaml")
    files = [write(tmp_path, "outage.yaml", OUTAGE), write(tmp_path, "release.yaml", "title: Release\n")]
    assert muster("playbooks", "plan", *files, "--archive-others") == (
        0,
        "- Old (old)\n"
        "~ Outage (outage)\n"
        "    + keywords: down\n"
        "    - keywords: fire\n"
        "    + Look: Look\n"
        "    + Look › Confirm it: Confirm it\n"
        "+ Release (release)\n"
        "\n"
        "Plan: 1 to add, 1 to change, 1 to archive.\n",
        "",
    )
    with database.reading() as store:
        assert [(row.key, row.version) for row in store.playbooks()] == [("old", 1), ("outage", 1)]


def test_what_is_planned_is_applied_and_then_there_is_nothing_to_do(
    muster: Muster, database: Database, tmp_path: Path
) -> None:
    write(tmp_path, "outage.playbook.yaml", OUTAGE)
    assert muster("playbooks", "plan", ".", "--detailed-exitcode")[0] == 2
    code, out, err = muster("playbooks", "apply", ".", "--yes")
    assert (code, err) == (0, "")
    assert out.endswith("Plan: 1 to add, 0 to change, 0 to archive.\noutage: added, version 1\n")
    assert muster("playbooks", "plan", ".", "--detailed-exitcode") == (
        0,
        "= Outage (outage)\n\nNo changes: what is in use is what the files say.\n",
        "",
    )
    with database.reading() as store:
        row = store.playbook_by_key("outage")
        assert row is not None
        assert (row.source, store.playbook_text(row)) == ("made:applied:outage.playbook.yaml", OUTAGE)


def test_other_files_of_a_folder_are_no_playbooks_but_may_be_named(muster: Muster, tmp_path: Path) -> None:
    write(tmp_path, "mkdocs.yaml", "site_name: x\n")
    code, _, err = muster("playbooks", "plan", ".")
    assert code == 2
    assert err == ". has no files named *.playbook.yaml; name the files, or rename them so.\n"
    write(tmp_path, "any.yaml", OUTAGE)
    assert muster("playbooks", "plan", "any.yaml")[0] == 0


def test_every_mistake_of_all_files_is_told_at_once(muster: Muster, tmp_path: Path) -> None:
    files = [write(tmp_path, "a.yaml", "titel: x\n"), write(tmp_path, "b.yaml", "title: b\nroles: [Big Boss]\n")]
    code, out, err = muster("playbooks", "plan", *files, "--detailed-exitcode")
    assert (code, out) == (1, "")
    assert "a.yaml has 2 mistakes:" in err
    assert "b.yaml has a mistake:\n  line 2, roles 1 › name: a role is named by one word" in err
    assert muster("playbooks", "plan", *files)[0] == 2


def test_a_plan_that_was_written_is_applied_as_it_was_and_once(
    muster: Muster, database: Database, tmp_path: Path
) -> None:
    made(database, Playbook(title="Outage"), "made:applied:outage.yaml")
    file = write(tmp_path, "outage.yaml", OUTAGE)
    assert muster("playbooks", "plan", file, "--out", "plan.json")[0] == 0
    write(tmp_path, "outage.yaml", "title: Something else\n")
    code, out, _ = muster("playbooks", "apply", "plan.json")
    assert (code, out.splitlines()[-1]) == (0, "outage: changed, version 2")

    code, out, err = muster("playbooks", "apply", "plan.json")
    assert (code, err) == (
        2,
        "The plan is stale: outage changed here since it was made, or it was applied already. "
        "Nothing was applied; make a new plan.\n",
    )
    assert out == ""
    with database.reading() as store:
        row = store.playbook_by_key("outage")
        assert row is not None
        assert (row.version, store.playbook_version(row).words) == (2, "+ keywords, + Look, + Look › Confirm it")


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"steps": 3},
        {"steps": [3]},
        {"steps": [{}]},
        {"steps": ["abc"]},
        {"steps": [{"sign": "x", "key": "a", "title": "a", "file": "", "text": "", "version": 1, "digest": ""}]},
        {"steps": [{"sign": "+", "key": "a", "title": "a", "file": "", "text": "", "version": "z", "digest": ""}]},
    ],
)
def test_what_is_no_plan_is_refused(muster: Muster, tmp_path: Path, said: dict[str, object]) -> None:
    write(tmp_path, "plan.json", json.dumps({"kind": "muster-plan", **said}))
    code, _, err = muster("playbooks", "apply", "plan.json")
    assert (code, err) == (2, "plan.json is no plan; muster playbooks plan FILE… --out plan.json writes one.\n")


def test_plan_and_apply_take_the_same_files_whatever_they_are_called(
    muster: Muster, database: Database, tmp_path: Path
) -> None:
    made(database, Playbook(title="Outage"))
    text = json.dumps(Playbook(title="Release").definition())
    file = write(tmp_path, "release.json", text)
    assert muster("playbooks", "plan", file, "--out", "the.plan")[0] == 0
    code, out, _ = muster("playbooks", "apply", file, "--yes")
    assert (code, out.splitlines()[-1]) == (0, "release: added, version 1")
    assert "The plan is stale: release" in muster("playbooks", "apply", "the.plan")[2]


def test_a_change_that_people_made_here_is_told_as_drift(muster: Muster, database: Database, tmp_path: Path) -> None:
    file = write(tmp_path, "outage.yaml", OUTAGE)
    muster("playbooks", "apply", file, "--yes")
    with database.transaction() as store:
        store.add(KnownPerson(id="ann", username="ann", seen_at=NOW))
    made(database, Playbook(title="Outage", keywords=("down", "fire")), "made:applied:outage.yaml", by="ann")
    with database.transaction() as store:
        row = store.playbook_by_key("outage")
        assert row is not None
        store.add(PlaybookDraft(playbook_id=row.id, definition=Playbook(title="Outage").definition(), by="ann", at=NOW))
    _, out, _ = muster("playbooks", "plan", file)
    assert out.splitlines()[:4] == [
        "~ Outage (outage)",
        "    drift: @ann changed it here since it was applied (version 2)",
        "    somebody has a draft of it that is not published",
        "    - keywords: fire",
    ]


def test_what_cannot_be_applied_says_why_and_nothing_is(muster: Muster, database: Database, tmp_path: Path) -> None:
    made(database, Playbook(title="Followed"), "file:playbooks/followed.yaml")
    made(database, Playbook(title="Numbered", prefix="INC"))
    files = [
        write(tmp_path, "followed.yaml", "title: Followed\nkeywords: [x]\n"),
        write(tmp_path, "a.yaml", "title: Twice\n"),
        write(tmp_path, "b.yaml", "title: Twice\nkeywords: [y]\n"),
        write(tmp_path, "c.yaml", "title: Also numbered\nprefix: inc\n"),
    ]
    code, out, err = muster("playbooks", "apply", *files, "--yes")
    assert (code, err) == (2, "Nothing was applied: settle the lines with ! first.\n")
    assert out.splitlines()[:6] == [
        "! Also numbered (also-numbered)",
        "    has the prefix of numbered; give it another one",
        "! Followed (followed)",
        "    is read from playbooks/followed.yaml by itself; change that file, or name another key",
        "! Twice (twice)",
        "    is in a.yaml, too; give one of them another key",
    ]
    assert muster("playbooks", "plan", *files)[0] == 1
    with database.reading() as store:
        assert sorted(row.key for row in store.playbooks()) == ["followed", "numbered"]


def test_without_a_yes_nothing_is_applied(
    muster: Muster, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    code, _, _ = muster("playbooks", "apply", write(tmp_path, "outage.yaml", OUTAGE))
    assert code == 1
    with database.reading() as store:
        assert list(store.playbooks()) == []


def test_an_archived_playbook_is_back_when_it_is_applied_again(
    muster: Muster, database: Database, tmp_path: Path
) -> None:
    old, new = write(tmp_path, "old.yaml", "title: Old\n"), write(tmp_path, "new.yaml", "title: New\n")
    muster("playbooks", "apply", old, "--yes")
    assert "old: archived" in muster("playbooks", "apply", new, "--archive-others", "--yes")[1]
    assert "+ Old (old)" in muster("playbooks", "plan", old)[1]
    assert "old: restored, version 1" in muster("playbooks", "apply", old, "--yes")[1]


def test_a_playbook_is_exported_by_title_or_key_as_what_it_is(
    muster: Muster, database: Database, tmp_path: Path
) -> None:
    book = Playbook(title="Service outage", checklists=(Checklist(title="Look", tasks=(Task(title="Call"),)),))
    made(database, book)
    made(database, book.model_copy(update={"keywords": ("down",)}))
    code, out, err = muster("playbooks", "export", "service OUTAGE", "--version", "1")
    assert (code, err) == (0, "")
    assert read_playbook(out, "x") == book
    assert json.loads(muster("playbooks", "export", "service-outage", "--format", "json")[1])["keywords"] == ["down"]
    assert muster("playbooks", "export", "service-outage", "-o", "x.playbook.yaml") == (0, "", "")
    assert read_playbook((tmp_path / "x.playbook.yaml").read_text(), "x").keywords == ("down",)
    assert muster("playbooks", "plan", "x.playbook.yaml", "--detailed-exitcode")[0] == 0


def test_what_is_not_there_cannot_be_exported(muster: Muster, database: Database) -> None:
    made(database, Playbook(title="Service outage"))
    made(database, Playbook(title="Same", key="a"))
    made(database, Playbook(title="Same", key="b"))
    with database.transaction() as store:
        store.add(PlaybookRow(key="new", title="New", version=0, source="made:"))
    told = {
        "servce outage": "There is no playbook servce outage in the database. Did you mean Service outage?\n",
        "same": "2 playbooks have this title; name one of a, b.\n",
        "new": "New was never published; publish its draft first.\n",
    }
    assert {words: muster("playbooks", "export", words)[2] for words in told} == told
    assert "has no version 7" in muster("playbooks", "export", "a", "--version", "7")[2]


def test_without_a_database_there_is_nothing_to_export_and_all_to_add(muster: Muster, tmp_path: Path) -> None:
    told = "There is no database yet, so there is no playbook to export.\n"
    assert muster("playbooks", "export", "x") == (2, "", told)
    assert "+ Outage (outage)\n" in muster("playbooks", "plan", write(tmp_path, "x.yaml", OUTAGE))[1]


def test_versions_are_told_the_newest_first(muster: Muster, database: Database) -> None:
    with database.transaction() as store:
        store.add(KnownPerson(id="ann", username="ann", seen_at=NOW))
    made(database, Playbook(title="Outage"), "made:applied:outage.yaml")
    made(database, Playbook(title="Outage", keywords=("x",)), "made:applied:outage.yaml", by="ann")
    code, out, err = muster("playbooks", "history", "outage")
    assert (code, err) == (0, "")
    assert [line.split() for line in out.splitlines()[1:]] == [
        ["2", "2026-11-27", "06:00", "@ann", "Make", "it", "better"],
        ["1", "2026-11-27", "06:00", "applied:outage.yaml", "–"],
    ]
    assert len(muster("playbooks", "history", "outage", "--limit", "1")[1].splitlines()) == 2


def test_the_schema_is_printed_as_it_is(muster: Muster) -> None:
    assert json.loads(muster("playbooks", "schema")[1]) == schema()


def test_what_is_exported_is_yaml_for_others_too(muster: Muster, database: Database) -> None:
    made(database, Playbook(title="12:30", keywords=("yes", "010")))
    said = yaml.safe_load(muster("playbooks", "export", "12:30")[1])
    assert (said["title"], said["keywords"]) == ("12:30", ["yes", "010"])


def test_what_was_made_here_is_listed_and_shown_and_drift_is_told(
    muster: Muster, database: Database, tmp_path: Path
) -> None:
    (tmp_path / "playbooks").mkdir()
    write(tmp_path, "playbooks/release.yaml", "title: Release\nkeywords: [ship]\n")
    made(database, Playbook(title="Release"), "file:playbooks/release.yaml")
    made(database, Playbook(title="Outage", checklists=(Checklist(title="Look", tasks=(Task(title="Call"),)),)))
    code, out, err = muster("playbooks", "list")
    assert (code, err) == (0, "")
    lines = [line.split() for line in out.splitlines()]
    assert ["outage", "Outage", "none", "all", "1", "1", "made:"] in lines
    assert ["release", "Release", "ship", "all", "0", "1", "(drift)", "file:playbooks/release.yaml"] in lines
    assert "1.1 Call" in muster("playbooks", "show", "outage")[1]


def test_checking_names_what_other_programs_read_otherwise(muster: Muster, tmp_path: Path) -> None:
    assert muster("playbooks", "check", write(tmp_path, "x.yaml", "title: X\nkeywords: [yes]\n")) == (
        0,
        "x.yaml is a playbook: X (x)\n"
        "  line 2, keywords 1: yes is taken as this word here; other programs read it as true, so put it in quotes:  "
        '"yes"\n',
        "",
    )
