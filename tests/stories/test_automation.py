"""What a playbook does by itself, as those see it who work on a run."""

from pathlib import Path

from scenes import PUBLIC, settled, started
from stage import stage

from sandbox.human import words

AFTER = {"title": "Ask the customers", "key": "customers", "start": "now", "name": "Customers {number}"}
BOOK = PUBLIC | {
    "invite": ["group:sre"],
    "channel": {"visibility": "public", "category": "Incidents"},
    "actions": [
        {"on": "task", "task": "Roll back", "post": "Rolled back. Look at the graphs."},
        {"on": "task", "task": "Roll back", "command": "/echo rolled"},
        {"on": "finish", "post": "It is over.", "channel": "~status"},
        {"on": "finish", "run": "customers"},
    ],
}


async def test_a_run_does_by_itself_what_its_playbook_says_and_tells_why_not(tmp_path: Path) -> None:
    async with stage(tmp_path, [BOOK, AFTER], may_run=["/echo"]) as scene:
        alice, channel = scene.alice, await started(scene)
        await alice.command(channel, f"/{scene.trigger} check 2.1")
        await alice.sees("Rolled back. Look at the graphs.", where=channel)
        offer = await alice.sees("offers a command", where=channel)
        await alice.press(offer, "Run it")
        await alice.sees("ran `/echo rolled`", where=channel)
        await alice.command(channel, f"/{scene.trigger} uncheck 2.1")
        await alice.command(channel, f"/{scene.trigger} check 2.1")
        await alice.command(channel, f"/{scene.trigger} finish now")
        await alice.sees("has started another run: **Customers 2**", where=channel)
        await alice.sees("It is over.", where=scene.status["id"])
        await settled(scene)
        why = await alice.command(channel, f"/{scene.trigger} why")
        assert "invite the group sre · skipped" in why
        assert "this server has no groups: they need a license of Mattermost's" in why
        assert "the sidebar's category “Incidents” · skipped" in why
        assert "start the playbook `customers` (run 2) · done" in why
        said = [words(post) for post in alice.screen.values() if post["channel_id"] == channel]
        # Some servers show the answer of a command as a message, too, which tells of it.
        assert sum(text.startswith("Rolled back. Look at the graphs.") for text in said) == 1
