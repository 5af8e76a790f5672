"""Tests leave nobody behind on a server that counts its people, not even where they fail."""

import sys
from pathlib import Path

import pytest
from stage import empty_stage

from tests.accounts import person

sys.path.insert(0, str(Path(__file__).with_name("contract")))

from ground import ground

from sandbox import Sandbox


class Broken(Exception):
    """A test that fails."""


def active(mm: Sandbox) -> list[str]:
    return [user.username for user in mm.users if not user.delete_at]


async def test_a_story_that_fails_leaves_no_active_account_but_the_administrators(tmp_path: Path) -> None:
    with pytest.raises(Broken):
        async with empty_stage(tmp_path) as scene:
            mm = scene.sandbox
            assert mm is not None
            assert len(active(mm)) == 5
            async with await person(scene.admin, scene.url, scene.team, "crowd"):
                raise Broken
    assert active(mm) == ["admin"]


async def test_a_contract_test_that_fails_leaves_no_active_account_but_the_administrators(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[Sandbox] = []
    begin = Sandbox.__aenter__

    async def remembered(self: Sandbox) -> Sandbox:
        made.append(self)
        return await begin(self)

    monkeypatch.setattr(Sandbox, "__aenter__", remembered)
    with pytest.raises(Broken):
        async with ground("10.0"):
            assert len(active(made[0])) == 4
            raise Broken
    assert active(made[0]) == ["admin"]


async def test_an_account_whose_login_fails_is_not_left_either(tmp_path: Path) -> None:
    async with empty_stage(tmp_path) as scene:
        assert scene.sandbox is not None
        before = active(scene.sandbox)
        guest = await person(scene.admin, scene.url, scene.team, "late")
        scene.sandbox.faults.server_error("POST /users/login", status=500, body="{}", content_type="application/json")
        with pytest.raises(Exception, match="500"):
            await guest.__aenter__()
        assert active(scene.sandbox) == before


def test_all_accounts_are_made_where_they_are_deactivated() -> None:
    here = Path(__file__).parent
    for path in (here / "stage.py", *here.glob("stories/**/*.py"), *here.glob("contract/*.py")):
        assert '"/users", {' not in path.read_text(encoding="utf-8"), f"{path.name}: accounts.person makes accounts"
