"""Somebody sends the bot a file that Mattermost Playbooks has exported, and starts a run of it."""

from pathlib import Path

from mattermost_files import EXAMPLE
from scenes import QUICK
from stage import Stage, stage


async def sent(scene: Stage, name: str, content: bytes, words: str) -> str:
    """Let Alice send the bot a file by direct message; return the channel."""
    bot = await scene.alice.rest("GET", f"/users/username/{scene.me}")
    direct = await scene.alice.rest("POST", "/channels/direct", [scene.alice.id, bot["id"]])
    file = await scene.alice.upload(direct["id"], name, content)
    await scene.alice.say(direct["id"], words, file_ids=[file["id"]])
    return str(direct["id"])


async def test_a_file_in_a_direct_message_becomes_a_playbook(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK]) as scene:
        direct = await sent(scene, "drill.json", EXAMPLE.read_bytes(), "import")
        plan = await scene.alice.sees("1 to create, 0 to update, 0 to skip", where=direct)
        await scene.alice.press(plan, "Import")
        await scene.alice.sees("**Database failover drill** is imported", where=direct)
        await scene.alice.command(direct, f"/{scene.trigger} confirm database-failover-drill")
        town = await scene.alice.channel("town-square")
        await scene.alice.say(town["id"], "we start a db drill")
        await scene.alice.sees("Database failover drill", where=town["id"])


async def test_a_yaml_file_and_a_broken_one(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK]) as scene:
        direct = await sent(scene, "release.yaml", b"title: Release\nkeywords: [ship it]\n", "import now")
        await scene.alice.sees("**Release** is imported", where=direct)
        await sent(scene, "broken.json", b'{"title": ', "import")
        await scene.alice.sees("is no JSON", where=direct)
