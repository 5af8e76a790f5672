"""`muster playbooks check` without files: what is not right with the playbooks that are in use."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.cli.check_up import FINE
from bot.cli.main import main
from handlers.operations.store_playbook import store_playbook
from handlers.playbooks.playbook import Playbook
from store import Database


def check() -> int:
    with pytest.raises(SystemExit) as ended:
        main(["playbooks", "check"])
    return int(ended.value.code or 0)


@pytest.mark.parametrize(
    ("invite", "code", "words"), [([], 0, FINE), (["@mallory"], 1, "@mallory is not there any more")]
)
def test_what_is_in_use_is_looked_at(
    invite: list[str],
    code: int,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    url = f"sqlite:///{tmp_path / 'muster.sqlite'}"
    book = Playbook.model_validate({"title": "Outage", "invite": invite})
    database = Database(url)
    database.migrate()
    with database.transaction() as store:
        store_playbook(store, book, "made:", datetime.now(UTC))
    database.close()
    monkeypatch.setenv("MUSTER_STORE_URL", url)
    monkeypatch.chdir(tmp_path)
    assert check() == code
    assert words in capsys.readouterr().out


def test_without_a_database_nothing_is_in_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MUSTER_STORE_URL", f"sqlite:///{tmp_path / 'muster.sqlite'}")
    monkeypatch.chdir(tmp_path)
    assert check() == 0
    assert "No playbook is in use yet." in capsys.readouterr().out
