"""People of a run over real sockets: owners, roles, handovers, followers, what is to be done, and help."""

from pathlib import Path

import yaml
from scenes import PUBLIC, QUICK, joins, settled, started, takes_part
from stage import empty_stage, stage

from bot.app import running

ROLES = PUBLIC | {"roles": ["commander", "scribe"]}


async def test_a_run_is_handed_over_and_everybody_concerned_is_told(tmp_path: Path) -> None:
    async with stage(tmp_path, [ROLES]) as scene:
        channel = await started(scene)
        await joins(scene, scene.bob, channel)
        alice, bob = scene.name("alice"), scene.name("bob")
        answer = await scene.alice.command(channel, f"/{scene.trigger} handover @{bob} Look at the graphs")
        assert f"I asked @{bob}" in answer
        asked = await scene.bob.sees("asks you to take over", "Look at the graphs")
        await scene.bob.sees(f"@{alice} asked @{bob} to take over", where=channel)
        await scene.bob.press(asked, "Take over")
        await scene.bob.sees("You took over", that=lambda post: post["id"] == asked["id"])
        await scene.alice.sees(f"@{bob} took over")
        await scene.alice.sees(f"@{bob} owns this run now", where=channel)
        await scene.alice.sees("Owner:", f"@{bob}", where=channel)
        assert f"is owned by @{bob}" in await scene.alice.command(channel, f"/{scene.trigger} owner")


async def test_the_card_hands_over_with_a_dialog_and_not_now_says_no(tmp_path: Path) -> None:
    async with stage(tmp_path, [ROLES]) as scene:
        channel = await started(scene)
        await joins(scene, scene.bob, channel)
        await scene.alice.press(await scene.alice.sees("Owner:", where=channel), "More…", "Hand over…")
        assert await scene.alice.submit(await scene.alice.dialog(), channel, to=scene.bob.id, words="Please") == {}
        await scene.bob.press(await scene.bob.sees("asks you to take over"), "Not now")
        await scene.alice.sees(f"@{scene.name('bob')} cannot take over **[")
        assert f"@{scene.name('alice')}" in await scene.bob.command(channel, f"/{scene.trigger} owner")


async def test_a_handover_is_answered_by_command_in_a_direct_message_and_anywhere(tmp_path: Path) -> None:
    async with stage(tmp_path, [ROLES]) as scene:
        channel = await started(scene)
        await joins(scene, scene.bob, channel)
        bob = scene.name("bob")
        for ask, answered in (("decline", f"@{bob} cannot take over **["), ("accept", f"@{bob} took over **[")):
            await scene.alice.command(channel, f"/{scene.trigger} handover @{bob}")
            asked = await scene.bob.sees("asks you to take over", "[Not now]")
            refused = await scene.carla.command(scene.town["id"], f"/{scene.trigger} {ask}")
            assert "Nobody waits for you" in refused
            await scene.bob.say(asked["channel_id"], ask)
            await scene.alice.sees(answered)
            await scene.bob.sees(
                "take over" if ask == "decline" else "took over",
                that=lambda post, asked=asked: post["id"] == asked["id"],
            )
        await scene.alice.sees("Owner:", f"@{bob}", where=channel)


async def test_a_finished_run_is_found_looked_at_and_restarted(tmp_path: Path) -> None:
    async with stage(tmp_path, [PUBLIC]) as scene:
        alice, channel = scene.alice, await started(scene)
        await alice.command(channel, f"/{scene.trigger} finish now")
        await alice.sees("🏁", where=channel)
        await scene.carla.say(scene.town["id"], f"@{scene.me} list finished")
        await scene.carla.sees("**Finished runs**", "Checkout is down", "0 of 5 tasks")
        await alice.say(scene.town["id"], f"@{scene.me} list finished")
        listed = await alice.sees("**Finished runs**", "[Look at a run…]")
        await alice.press(listed, "Look at a run…", "Checkout is down")
        await alice.press(await alice.sees("finished", "[Restart]", where=listed["channel_id"]), "Restart")
        await alice.sees("took **Checkout is down** up again", where=channel)


async def test_joining_and_leaving_a_run_follow_its_channel(tmp_path: Path) -> None:
    async with stage(tmp_path, [PUBLIC]) as scene:
        channel = await started(scene)
        run = (await scene.bot.desk.ask(lambda store: store.runs(1)))[0].id
        answer = await scene.bob.command(scene.town["id"], f"/{scene.trigger} join #{run}")
        assert "You are being added" in answer
        await takes_part(scene, scene.bob)
        assert "is done" in await scene.bob.command(channel, f"/{scene.trigger} check 1.1")
        assert "Inviting" in await scene.alice.command(channel, f"/{scene.trigger} invite @{scene.name('carla')}")
        await takes_part(scene, scene.carla)
        assert "no longer take part" in await scene.bob.command(channel, f"/{scene.trigger} leave")
        removed = await scene.alice.command(channel, f"/{scene.trigger} remove @{scene.name('carla')}")
        assert "no longer takes part" in removed
        await scene.carla.sees("took you out of")
        await settled(scene)
        members = await scene.alice.rest("GET", f"/channels/{channel}/members")
        assert not {scene.bob.id, scene.carla.id} & {one["user_id"] for one in members}
        await scene.alice.command(channel, f"/{scene.trigger} leave")
        assert "handover @name" in await scene.alice.command(channel, f"/{scene.trigger} leave")


async def test_a_follower_is_told_of_updates_and_the_end_by_direct_message(tmp_path: Path) -> None:
    async with stage(tmp_path, [PUBLIC]) as scene:
        channel = await started(scene)
        run = (await scene.bot.desk.ask(lambda store: store.runs(1)))[0].id
        assert "You follow" in await scene.carla.command(scene.town["id"], f"/{scene.trigger} follow #{run}")
        scene.pass_time(minutes=31)
        await scene.carla.sees("is overdue")
        await scene.alice.command(channel, f"/{scene.trigger} update Rolling back")
        told = await scene.carla.sees(
            "Update 1", "Rolling back", that=lambda post: post["channel_id"] != scene.status["id"]
        )
        await scene.alice.command(channel, f"/{scene.trigger} finish now")
        await scene.carla.sees("🏁", where=told["channel_id"])


async def test_a_run_is_found_followed_and_joined_from_the_list_without_a_number(tmp_path: Path) -> None:
    async with stage(tmp_path, [PUBLIC]) as scene:
        carla, channel = scene.carla, await started(scene)
        body = {"channel_id": scene.town["id"], "team_id": carla.team_id, "command": f"/{scene.trigger} list"}
        await carla.rest("POST", "/commands/execute", body)
        listed = await carla.sees("**Runs in progress**", "[Look at a run…]", "[Start a run…]", "[New checklist…]")
        await carla.press(listed, "Look at a run…", "Checkout is down")
        shown = await carla.sees("0 of 5 tasks", "[Take part]", "[Follow]")
        await carla.press(shown, "Follow")
        await carla.sees("You follow **[Checkout is down]")
        await carla.press(shown, "Take part")
        await takes_part(scene, carla)
        await carla.command(channel, f"/{scene.trigger} check 1.1")
        await carla.sees("[x] ~~1.1", f"@{carla.username}", where=channel)


async def test_the_card_hands_over_at_once_where_that_is_ticked(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK]) as scene:
        channel = await started(scene)
        await joins(scene, scene.bob, channel)
        await scene.alice.press(await scene.alice.sees("Owner:", where=channel), "More…", "Hand over…")
        await scene.alice.submit(await scene.alice.dialog(), channel, to=scene.bob.id, now=True)
        await scene.alice.sees(f"Owner: @{scene.name('bob')}", where=channel)
        await scene.bob.sees("made you the owner")


async def test_roles_are_claimed_given_from_the_menu_and_seen_on_the_card(tmp_path: Path) -> None:
    async with stage(tmp_path, [ROLES]) as scene:
        channel = await started(scene)
        await joins(scene, scene.bob, channel)
        bob = scene.name("bob")
        assert "You are **scribe** now" in await scene.bob.command(channel, f"/{scene.trigger} role scribe")
        await scene.alice.sees(f"scribe: @{bob}", where=channel, that=lambda post: post["is_pinned"])
        await scene.alice.press(await scene.alice.sees("Owner:", where=channel), "More…", "role.ask")
        dialog = await scene.alice.dialog()
        assert await scene.alice.submit(dialog, channel, role="commander", person=scene.bob.id) == {}
        await scene.bob.sees("made you **commander**")
        shown = await scene.alice.command(channel, f"/{scene.trigger} roles")
        assert f"commander · @{bob}" in shown
        assert "Did you mean" in await scene.alice.command(channel, f"/{scene.trigger} role scirbe")


async def test_who_joins_late_reads_the_welcome_and_is_briefed_in_one_message(tmp_path: Path) -> None:
    async with stage(tmp_path, [PUBLIC]) as scene:
        channel = await started(scene)
        await scene.alice.command(channel, f"/{scene.trigger} check 1.1")
        scene.pass_time(minutes=20)
        await joins(scene, scene.bob, channel)
        await scene.bob.sees("Welcome to **Checkout is down**", "Mute yourself on the bridge.", where=channel)
        told = await scene.bob.command(channel, f"/{scene.trigger} brief")
        for part in ("**What happened**", "in progress since", "1 of 5 tasks", "**Overdue**", "1.2"):
            assert part in told


async def test_what_is_to_be_done_is_asked_for_and_comes_each_morning(tmp_path: Path) -> None:
    async with stage(tmp_path, [PUBLIC]) as scene:
        channel = await started(scene)
        await joins(scene, scene.bob, channel)
        assigned = await scene.alice.command(channel, f"/{scene.trigger} assign 1.1-1.2 @{scene.name('bob')}")
        assert scene.name("bob") in assigned
        todo = await scene.bob.command(scene.town["id"], f"/{scene.trigger} todo")
        assert "**1.1** Acknowledge the alert" in todo
        scene.pass_time(days=1)
        digest = await scene.bob.sees("Acknowledge the alert", "digest]")
        await scene.bob.press(digest, "✓ Acknowledge")
        await scene.bob.sees("1.2", that=lambda post: post["id"] == digest["id"], without=["Acknowledge the alert"])
        await scene.alice.sees("[x] ~~1.1", where=channel)
        off = await scene.bob.sees("digest]", that=lambda post: post["id"] == digest["id"])
        await scene.bob.press(off, "No ")
        await scene.bob.sees("digest is **off**")
        assert "**off**" in await scene.bob.command(scene.town["id"], f"/{scene.trigger} settings")


async def test_help_explains_a_word_and_a_guest_is_told_who_could(tmp_path: Path) -> None:
    strict = PUBLIC | {"only_owner_finishes": True}
    async with stage(tmp_path, [strict]) as scene:
        helped = await scene.alice.command(scene.town["id"], f"/{scene.trigger} help handover")
        assert "asks somebody to take the run over" in helped
        assert "Did you mean" in await scene.alice.command(scene.town["id"], f"/{scene.trigger} help handovr")
        channel = await started(scene)
        await joins(scene, scene.bob, channel)
        refused = await scene.bob.command(channel, f"/{scene.trigger} finish now")
        assert f"Only the owner @{scene.name('alice')}" in refused
        await scene.bob.press(await scene.bob.sees("Owner:", where=channel), "Finish")
        assert "Only the owner" in (await scene.bob.dialog())["dialog"]["introduction_text"]


async def test_a_rota_passes_a_role_and_its_tasks_on_until_somebody_takes_it_by_hand(tmp_path: Path) -> None:
    async with empty_stage(tmp_path, [PUBLIC]) as scene:
        bob, carla = scene.name("bob"), scene.name("carla")
        today = f"{scene.clock():%Y-%m-%d}"
        rota = {"people": [f"@{bob}", f"@{carla}"], "every": "10d", "from": today}
        tasks = [{"title": "Look at the graphs", "assignee": "on-call"}, *"BCDE"]
        roles = {"roles": [{"name": "on-call", "rota": rota}], "checklists": [{"title": "First", "tasks": tasks}]}
        (tmp_path / "book0.yaml").write_text(yaml.safe_dump(PUBLIC | roles), encoding="utf-8")
        async with running(scene.config, clock=scene.clock) as scene.bot:
            await scene.alice.say(scene.town["id"], "sev-1 rota")
            await scene.alice.press(await scene.alice.sees("Start run", where=scene.town["id"]), "Start run")
            channel = (await scene.alice.sees("0 of 5", f"on-call: @{bob}"))["channel_id"]
            scene.pass_time(days=10)
            await scene.carla.sees("It is your turn as **on-call**", f"@{bob}", "1.1")
            await scene.bob.sees("Your turn as **on-call**", f"@{carla} has it now")
            await scene.alice.sees("Owner:", f"on-call: @{carla}", where=channel)
            await scene.carla.sees("Owner:", f"on-call: @{carla}", where=channel)
            await takes_part(scene, scene.carla)
            await scene.carla.command(channel, f"/{scene.trigger} start 1.1")
            await scene.alice.sees("1 · First", "in progress", f"@{carla}", where=channel)
            assert "whose turn it is" in await scene.alice.command(channel, f"/{scene.trigger} timeline")
            await scene.alice.command(channel, f"/{scene.trigger} role on-call")
            scene.pass_time(days=10)
            await settled(scene)
            shown = await scene.alice.command(channel, f"/{scene.trigger} roles")
            assert f"on-call · @{scene.name('alice')} · by hand" in shown


async def test_who_administers_the_channel_takes_over_when_the_owner_is_away(tmp_path: Path) -> None:
    async with stage(tmp_path, [PUBLIC | {"only_owner_finishes": True}]) as scene:
        body = {"team_id": scene.team["id"], "name": "war-room", "display_name": "War room", "type": "P"}
        channel = (await scene.bob.rest("POST", "/channels", body))["id"]
        for user_id in (scene.alice.id, scene.carla.id, scene.bot.gateway.server.me.id):
            await scene.bob.rest("POST", f"/channels/{channel}/members", {"user_id": user_id})
        await scene.bob.say(channel, f"@{scene.me} list")
        await scene.bob.sees("**Playbooks**")
        answer = await scene.alice.command(channel, f"/{scene.trigger} run incident-response here Checkout is down")
        assert "Checkout is down" in answer
        await scene.alice.command(channel, f"/{scene.trigger} invite @{scene.name('carla')}")
        await takes_part(scene, scene.carla)
        card = await scene.carla.sees("Owner:", f"@{scene.name('alice')}", where=channel)
        refused = await scene.carla.command(channel, f"/{scene.trigger} finish now")
        assert "a channel admin or a system administrator may finish it" in refused
        assert "own" in await scene.bob.command(channel, f"/{scene.trigger} owner me")
        await scene.carla.sees("Owner:", f"@{scene.name('bob')}", where=channel)
        # An admin's right lasts as long as the server says so.
        path = f"/channels/{channel}/members/{scene.carla.id}/schemeRoles"
        await scene.bob.rest("PUT", path, {"scheme_user": True, "scheme_admin": True})
        await scene.carla.press(card, "Finish")
        assert "still open" in (await scene.carla.dialog())["dialog"]["introduction_text"]
        await scene.bob.rest("PUT", path, {"scheme_user": True, "scheme_admin": False})
        await scene.carla.press(card, "Finish")
        assert "Only the owner" in (await scene.carla.dialog())["dialog"]["introduction_text"]
