"""`muster webhooks`: on the host, with the database alone."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.cli.main import main
from handlers.operations.store_playbook import store_playbook
from handlers.playbooks.playbook import Playbook
from store import Database

BOOK = Playbook.model_validate(
    {"title": "Release", "webhooks": [{"name": "pager", "url": "https://pager.example.org/in/s3cret"}]}
)


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    found = f"sqlite:///{tmp_path / 'muster.sqlite'}"
    database = Database(found)
    database.migrate()
    with database.transaction() as store:
        store_playbook(store, BOOK, "made:", datetime.now(UTC))
    database.close()
    monkeypatch.setenv("MUSTER_STORE_URL", found)
    monkeypatch.chdir(tmp_path)
    return found


def muster(*words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(list(words))
    return int(ended.value.code or 0)


def test_they_are_listed_without_their_paths(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert muster("webhooks") == 0
    said = capsys.readouterr().out
    assert "pager.example.org" in said
    assert "s3cret" not in said


def test_a_secret_is_shown_once_and_a_test_waits_to_be_delivered(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert muster("webhooks", "secret", "release", "pager") == 0
    secret = capsys.readouterr().out.strip()
    assert secret.startswith("whsec_")
    assert muster("webhooks", "test", "release", "pager") == 0
    key = next(word for word in capsys.readouterr().out.split() if word.startswith("msg_")).strip(",")
    assert muster("webhooks", "deliveries", "release", "pager") == 0
    assert key in capsys.readouterr().out.replace("\n", "")
    assert muster("webhooks", "again", "release", "pager", key) == 0
    assert muster("webhooks", "on", "release", "pager") == 0
    assert muster("webhooks") == 0
    assert "whsec_" not in capsys.readouterr().out


@pytest.mark.parametrize("words", [("secret", "relaese", "pager"), ("secret", "release", "pagr")])
def test_a_wrong_name_is_told_with_the_nearest(
    url: str, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert muster("webhooks", *words) == 2
    assert "Did you mean" in capsys.readouterr().err


def test_a_delivery_that_is_none_is_told(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert muster("webhooks", "again", "release", "pager", "msg_1") == 2
    assert "was sent no msg_1" in capsys.readouterr().err
