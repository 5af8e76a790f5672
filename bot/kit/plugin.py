"""The pytest plugin: the fixture `muster`, which makes a server with your playbooks, and ends it after the test."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

if TYPE_CHECKING:
    from bot.kit.trial import Trial


class MakeTrial(Protocol):
    """Makes a server with playbooks, people and channels."""

    def __call__(
        self, *files: str | Path, people: Sequence[str] = (), channels: Sequence[str] = (), version: str = "11.6"
    ) -> Trial: ...


@pytest.fixture
def muster(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[MakeTrial]:
    """Make a server: `muster("outage.playbook.yaml", people=["dana"], channels=["ops"])`.

    Files are named from the folder of the test. `version` is the Mattermost that the server behaves like.
    """
    # Whoever has Muster installed and runs other tests waits for none of it.
    from bot.kit.town import a_town  # noqa: PLC0415 - see above
    from bot.kit.trial import Trial  # noqa: PLC0415 - see above

    made: list[Trial] = []

    def make(
        *files: str | Path, people: Sequence[str] = (), channels: Sequence[str] = (), version: str = "11.6"
    ) -> Trial:
        folder = tmp_path / f"muster{len(made)}"
        folder.mkdir()
        paths = [request.path.parent / one for one in files]
        if missing := [str(one) for one in paths if not one.is_file()]:
            raise FileNotFoundError(f"there is no playbook {', '.join(missing)}")
        made.append(Trial(a_town(folder, paths, people, channels, version)))
        return made[-1]

    yield make
    for one in made:
        one.close()
