"""What somebody asks in a thread is answered there, to them alone: in words, after a press, and after a dialog."""

from pathlib import Path

from scenes import QUICK, settled, started
from stage import Stage, empty_stage

from bot.app import running
from sandbox.human import Human


async def may_whisper(scene: Stage) -> None:
    """Let the bot, which does not run yet, post what one person alone sees; free servers have no finer right for it."""
    bot = await scene.admin.rest(
        "GET", f"/users/username/{scene.config.commands.trigger.replace('playbook', 'muster-')}"
    )
    await scene.admin.rest("PUT", f"/users/{bot['id']}/roles", {"roles": "system_user system_admin"})


async def asked(who: Human, channel: str, text: str, root_id: str = "") -> None:
    await who.rest("POST", "/posts", {"channel_id": channel, "message": text, "root_id": root_id})


async def test_private_answers_stay_in_the_thread_and_in_the_channel(tmp_path: Path) -> None:
    async with empty_stage(tmp_path, [QUICK]) as scene:
        await may_whisper(scene)
        async with running(scene.config, clock=scene.clock) as scene.bot:
            alice, channel = scene.alice, await started(scene)
            root = await alice.rest("POST", "/posts", {"channel_id": channel, "message": "Is it the database?"})
            await asked(alice, channel, f"@{scene.me} info 1.1", root["id"])
            told = await alice.sees("**1.1 Acknowledge the alert** · Open", where=channel)
            assert (told["type"], told["root_id"]) == ("system_ephemeral", root["id"])
            await alice.press(told, "Open task…")
            dialog = await alice.dialog()
            assert await alice.submit(dialog, channel, also="history") == {}
            kept = await alice.sees(
                "1.1 Acknowledge the alert", "change", where=channel, that=lambda post: post != told
            )
            assert (kept["type"], kept["root_id"]) == ("system_ephemeral", root["id"])
            await asked(alice, channel, f"@{scene.me} undo", root["id"])
            refused = await alice.sees("Nothing", where=channel)
            assert refused["root_id"] == root["id"]
            await asked(alice, channel, f"@{scene.me} pulse")
            assert (await alice.sees("open ·", where=channel))["root_id"] == ""
            await settled(scene)
