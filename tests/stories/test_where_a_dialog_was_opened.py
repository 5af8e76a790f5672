"""A dialog belongs to the channel where it was opened, whatever is open in the client when it is submitted."""

from pathlib import Path
from typing import Any

from scenes import settled
from stage import INCIDENT, Stage, stage

from sandbox.human import Human

ASKING = INCIDENT | {"channel": {"visibility": "public"}}


async def asked(scene: Stage, channel: str, who: Human) -> dict[str, Any]:
    """Let somebody ask for the dialog that starts a run, and return it."""
    await who.command(channel, f"/{scene.trigger} run")
    return await who.dialog()


async def test_a_run_begins_where_its_dialog_was_opened_though_another_channel_is_open_by_then(tmp_path: Path) -> None:
    async with stage(tmp_path, [ASKING]) as scene:
        alice, status = scene.alice, scene.status["id"]
        await alice.open(status)
        dialog = await asked(scene, status, alice)
        assert await alice.submit(dialog, scene.town["id"], name="Search is slow", where="here") == {}
        await alice.sees("Owner:", "Search is slow", where=status)


async def test_a_dialog_of_a_team_starts_a_run_there_though_a_direct_message_is_open_by_then(tmp_path: Path) -> None:
    async with stage(tmp_path, [ASKING]) as scene:
        direct = await scene.alice.rest("POST", "/channels/direct", [scene.alice.id, scene.bob.id])
        dialog = await asked(scene, scene.town["id"], scene.alice)
        assert await scene.alice.submit(dialog, direct["id"], name="Search is slow") == {}
        await scene.alice.sees("Owner:", "Search is slow")
        assert [run.team_id for run in await runs(scene)] == [scene.team["id"]]


async def test_who_has_left_the_private_channel_of_a_dialog_starts_nothing_in_it(tmp_path: Path) -> None:
    async with stage(tmp_path, [ASKING]) as scene:
        channel = await private_channel(scene)
        dialog = await asked(scene, channel, scene.bob)
        await scene.alice.rest("DELETE", f"/channels/{channel}/members/{scene.bob.id}")
        said = await scene.bob.submit(dialog, scene.town["id"], name="Behind their backs", where="here")
        assert "You are no longer in the channel where this dialog was opened" in said["error"]
        assert await runs(scene) == []


async def test_a_dialog_of_a_channel_that_was_archived_says_so(tmp_path: Path) -> None:
    async with stage(tmp_path, [ASKING]) as scene:
        dialog = await asked(scene, scene.status["id"], scene.alice)
        await scene.admin.rest("DELETE", f"/channels/{scene.status['id']}")
        said = await scene.alice.submit(dialog, scene.town["id"], name="Too late", where="here")
        assert "The channel where this dialog was opened has been archived" in said["error"]
        assert await runs(scene) == []


async def test_a_dialog_is_taken_where_the_bot_is_not(tmp_path: Path) -> None:
    async with stage(tmp_path, [ASKING]) as scene:
        direct = await scene.alice.rest("POST", "/channels/direct", [scene.alice.id, scene.bob.id])
        dialog = await asked(scene, direct["id"], scene.alice)
        assert await scene.alice.submit(dialog, scene.town["id"], name="From a direct message") == {}
        await scene.alice.sees("Owner:", "From a direct message")


async def private_channel(scene: Stage) -> str:
    """Let Alice make a private channel with Bob and the bot in it."""
    wanted = {"team_id": scene.team["id"], "name": "quiet", "display_name": "Quiet", "type": "P"}
    made = await scene.alice.rest("POST", "/channels", wanted)
    for user_id in (scene.bob.id, scene.bot.gateway.server.me.id):
        await scene.alice.rest("POST", f"/channels/{made['id']}/members", {"user_id": user_id})
    return str(made["id"])


async def runs(scene: Stage) -> list[Any]:
    await settled(scene)
    return await scene.bot.desk.ask(lambda store: list(store.runs(5)))
