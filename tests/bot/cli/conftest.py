"""The command line as a function, and a database in the folder that it works in."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.cli.main import main
from bot.settings.config import Config
from bot.settings.layers import variable_names
from store import Database

Muster = Callable[..., tuple[int, str, str]]


@pytest.fixture
def muster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Muster:
    for name in variable_names(Config):
        monkeypatch.delenv(name, raising=False)
    # Set first, so that what --config sets is taken back, too.
    monkeypatch.setenv("MUSTER_CONFIG", "")
    monkeypatch.delenv("MUSTER_CONFIG")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MUSTER_STORE_URL", f"sqlite:///{tmp_path}/muster.sqlite")

    def run(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as end:
            main(list(arguments))
        out, err = capsys.readouterr()
        return int(end.value.code or 0), out, err

    return run


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path}/muster.sqlite")
    database.migrate()
    yield database
    database.close()
