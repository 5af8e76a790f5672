"""What is private stays so, on a server: channels that are converted and renamed, words of private runs, prompts."""

import asyncio
from pathlib import Path

from scenes import PUBLIC, QUICK, settled, started
from stage import Stage, empty_stage, stage

from bot.app import running
from sandbox.human import words

QUIET = {"every": "30m", "broadcast": ["~status"]}
BOARD = {
    "title": "Board crisis",
    "key": "board-crisis",
    "keywords": ["sev-1"],
    "start": "now",
    "checklists": [{"title": "Lawyers", "tasks": ["Call them"]}],
}


async def knows(scene: Stage, channel: str, **facts: str) -> None:
    """Wait until the bot knows what a channel is now, and has shown it; a conversion is told twice."""
    in_a_row = 0
    for _ in range(400):
        seen = await scene.bot.desk.ask(lambda store: {name: getattr(store.place(channel), name) for name in facts})
        in_a_row = in_a_row + 1 if seen == facts else 0
        if in_a_row == 5:
            break
        await asyncio.sleep(0.05)
    assert in_a_row == 5, seen
    await settled(scene)


async def converted(scene: Stage, channel: str, kind: str) -> None:
    await scene.admin.rest("PUT", f"/channels/{channel}/privacy", {"privacy": kind})
    await knows(scene, channel, kind=kind)


async def test_a_public_channel_that_becomes_private_takes_its_run_away_from_all_outside(tmp_path: Path) -> None:
    async with stage(tmp_path, [PUBLIC | {"updates": QUIET}]) as scene:
        alice, carla, town = scene.alice, scene.carla, scene.town["id"]
        channel = await started(scene)
        assert "heckout is down" in await carla.command(town, f"/{scene.trigger} list")
        assert "You follow" in await carla.command(town, f"/{scene.trigger} follow #1")
        await converted(scene, channel, "P")
        for asked in ("list", "info #1", "timeline #1", "brief #1", "join #1", "follow #1"):
            assert "heckout" not in await carla.command(town, f"/{scene.trigger} {asked}")
        members = await scene.admin.rest("GET", f"/channels/{channel}/members")
        assert carla.id not in {one["user_id"] for one in members}
        prompt = await carla.sees("started a private run", where=town)
        assert "heckout" not in words(prompt)
        await alice.command(channel, f"/{scene.trigger} update The vendor leaked it")
        await carla.sees("no longer follow run 1")
        assert not [post for post in carla.screen.values() if "vendor leaked" in words(post)]
        await converted(scene, channel, "O")
        assert "heckout is down" in await carla.command(town, f"/{scene.trigger} list")
        await carla.sees("✅", "heckout is down", where=town)


async def test_links_and_names_follow_renamed_channels(tmp_path: Path) -> None:
    async with stage(tmp_path, [PUBLIC]) as scene:
        alice, carla, town, status = scene.alice, scene.carla, scene.town["id"], scene.status["id"]
        channel = await started(scene)
        await carla.open(status)
        rename = {"name": "payments-fail", "display_name": "Payments fail"}
        await scene.admin.rest("PUT", f"/channels/{channel}/patch", rename)
        await scene.admin.rest("PUT", f"/channels/{status}/patch", {"name": "news", "display_name": "News"})
        await knows(scene, channel, name="payments-fail")
        await knows(scene, status, name="news")
        await carla.sees("/channels/payments-fail", "~payments-fail", where=town)
        assert "/channels/payments-fail" in await carla.command(town, f"/{scene.trigger} list")
        await alice.command(channel, f"/{scene.trigger} update Rolling back")
        await carla.sees("Rolling back", "/channels/payments-fail", where=status)


async def test_what_a_channel_became_while_the_bot_was_away_counts_from_its_first_answer_on(tmp_path: Path) -> None:
    async with empty_stage(tmp_path, [PUBLIC]) as scene:
        carla, town = scene.carla, scene.town["id"]
        async with running(scene.config, clock=scene.clock) as scene.bot:
            channel = await started(scene)
            await settled(scene)
        await scene.admin.rest("PUT", f"/channels/{channel}/privacy", {"privacy": "P"})
        async with running(scene.config, clock=scene.clock) as scene.bot:
            assert "heckout" not in await carla.command(town, f"/{scene.trigger} info #1")
            assert "heckout" not in words(await carla.sees("started a private run", where=town))


async def test_words_of_a_private_run_stay_in_its_channel(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK | {"updates": QUIET}]) as scene:
        alice, carla, town, status = scene.alice, scene.carla, scene.town["id"], scene.status["id"]
        await carla.open(status)
        await carla.open(town)
        channel = await started(scene, "sev-1, checkout is down")
        await alice.command(channel, f"/{scene.trigger} update The payroll leaked")
        await alice.sees("did not go to ~status", "`broadcast_private: true`")
        await alice.command(channel, f"/{scene.trigger} finish now")
        await alice.sees("Finished", where=channel)
        await settled(scene)
        prompt = await carla.sees("started a private run", where=town)
        assert "heckout" not in words(prompt)
        theirs = [words(post) for post in carla.screen.values() if post["channel_id"] == status]
        assert not [text for text in theirs if "payroll" in text or "heckout" in text]


async def test_the_prompt_of_a_private_playbook_names_it_to_its_members_alone(tmp_path: Path) -> None:
    async with stage(tmp_path, [BOARD | {"members": ["@only-the-board"]}]) as scene:
        alice, town = scene.alice, scene.town["id"]
        # A keyword of a playbook that is not theirs is no keyword to them.
        await alice.say(town, "sev-1, is anybody there?")
        await scene.admin.say(town, "sev-1, call me")
        prompt = await alice.sees("run of a private playbook", "[Start run]", where=town)
        await alice.press(prompt, "Start run")
        refused = str(await alice.dialog())
        assert "only its members see and start it" in refused
        assert "oard" not in refused.replace("only-the-board", "")
        await scene.admin.press(prompt, "Start run")
        await scene.admin.sees("Owner:", "0 of 1")
        await alice.sees("started a private run", where=town)
        await settled(scene)
        said = [words(post) for post in alice.screen.values()]
        assert not [text for text in said if "Board" in text or "awyers" in text]
