"""Whatever a client says of the place of a dialog is taken and not read; what a dialog is, its token tells."""

from pathlib import Path

import msgspec
import pytest
from stage import INCIDENT, stage

from bot.wire.signing import Showing, Signer

ASKING = INCIDENT | {"channel": {"visibility": "public"}}


@pytest.mark.parametrize("said", ["", None, "x", "9" * 30_000, 7, [], {"id": "x"}, True])
async def test_a_run_begins_where_its_dialog_was_opened(said: object, tmp_path: Path) -> None:
    async with stage(tmp_path, [ASKING]) as scene:
        assert scene.sandbox is not None
        alice, town = scene.alice, scene.town["id"]
        await alice.open(town)
        await alice.command(town, f"/{scene.trigger} run here")
        dialog = await alice.dialog()
        scene.sandbox.faults.misplace_dialogs(channel_id=said, team_id=said)
        assert await alice.submit(dialog, town, name="Search is slow") == {}
        await alice.sees("Owner:", "Search is slow", where=town)


async def test_a_dialog_opened_before_an_upgrade_asks_to_be_opened_again(tmp_path: Path) -> None:
    async with stage(tmp_path, [ASKING]) as scene:
        await scene.alice.command(scene.town["id"], f"/{scene.trigger} run")
        dialog = await scene.alice.dialog()
        signer = Signer(scene.config.callbacks.secret.get_secret_value())
        read = signer.read_showing(dialog["dialog"]["state"], scene.alice.id, scene.clock())
        fields = Showing.__struct_fields__[:6]
        old = msgspec.defstruct("Showing", fields, array_like=True, frozen=True)
        dialog["dialog"]["state"] = signer._sign(old(*(getattr(read, field) for field in fields)))
        said = await scene.alice.submit(dialog, scene.town["id"], name="From before")
        assert said["error"] == "I was updated while this dialog was open. Close it and open it again."
        assert await scene.bot.desk.ask(lambda store: list(store.runs(5))) == []


async def test_when_the_server_does_not_tell_who_is_in_the_channel_nothing_is_done(tmp_path: Path) -> None:
    async with stage(tmp_path, [ASKING]) as scene:
        assert scene.sandbox is not None
        await scene.alice.command(scene.town["id"], f"/{scene.trigger} run")
        dialog = await scene.alice.dialog()
        scene.sandbox.faults.server_error("GET /channels/{channel_id}", user=scene.me)
        said = await scene.alice.submit(dialog, scene.town["id"], name="Once")
        assert "nothing was changed" in said["error"]
        assert await scene.alice.submit(dialog, scene.town["id"], name="Once") == {}
        await scene.alice.sees("Owner:", "Once")
