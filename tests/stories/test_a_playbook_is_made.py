"""Somebody who never saw a host makes a playbook in chat; its keyword is heard at once."""

from pathlib import Path

from scenes import settled
from stage import INCIDENT, stage

from sandbox.human import words

LISTED = "# Brew\n- [ ] Boil the water\n- [ ] Pour it"


async def test_from_nothing_to_a_run_in_chat(tmp_path: Path) -> None:
    async with stage(tmp_path) as scene:
        alice, bob, town = scene.alice, scene.bob, scene.town["id"]
        await alice.command(town, f"/{scene.trigger} create")
        asked = await alice.dialog()
        assert await alice.submit(asked, town, title="Tea time", tasks=LISTED, keywords="time for tea") == {}
        card = await alice.sees("Tea time", "is a draft", "Boil the water")
        await alice.press(card, "Tasks", "1.2 Pour it")
        part = await alice.dialog()
        assert await alice.submit(part, card["channel_id"], due="5m") == {}
        card = await alice.sees("(5 min) Pour it")
        await alice.press(card, "Publish")
        assert await alice.submit(await alice.dialog(), card["channel_id"], words="A first go") == {}
        await settled(scene)
        await alice.sees("published as version 1: A first go")
        await bob.say(town, "It is time for tea!")
        await bob.press(await bob.sees("Start run", "Tea time", where=town), "Start run")
        assert await bob.submit(await bob.dialog(), town) == {}
        run = await bob.sees("0 of 2", "Owner:", that=lambda post: post["is_pinned"])
        place = run["channel_id"]
        await bob.sees("Boil the water", where=place)
        await settled(scene)
        member = await bob.rest("GET", f"/channels/{place}/members/{bob.id}")
        assert member["scheme_admin"]


async def test_it_is_tried_alone(tmp_path: Path) -> None:
    async with stage(tmp_path, [INCIDENT]) as scene:
        alice, bob, town = scene.alice, scene.bob, scene.town["id"]
        await alice.command(town, f"/{scene.trigger} duplicate incident-response Fire drill")
        await alice.command(town, f"/{scene.trigger} try fire-drill")
        told = await alice.sees("This is a trial", "Fire drill", "status")
        assert "private channel" not in words(told)
        members = await alice.rest("GET", f"/channels/{told['channel_id']}/members")
        assert {one["user_id"] for one in members} == {alice.id, scene.bot.gateway.server.me.id}
        await alice.command(told["channel_id"], f"/{scene.trigger} finish now")
        await alice.sees("is finished", where=told["channel_id"])
        assert [post for post in bob.screen.values() if "Fire drill" in words(post)] == []
