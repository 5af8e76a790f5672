"""Where the server cannot reach the bot: messages and reactions do everything, until the way begins to work."""

import asyncio
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, web
from scenes import QUICK, settled, takes_part
from stage import INCIDENT, Stage, empty_stage, free_port, stage

from bot.app import running
from bot.settings.sections import Callbacks, Commands
from sandbox.human import Human, Json, controls

OFF = Callbacks(mode="off", listen_host="127.0.0.1", listen_port=0)


async def react(who: Human, post: Json, emoji: str) -> None:
    """Put a reaction under a post, anew if it was there already."""
    await who.rest("DELETE", f"/users/me/posts/{post['id']}/reactions/{emoji}")
    await who.rest("POST", "/reactions", {"user_id": who.id, "post_id": post["id"], "emoji_name": emoji})


async def bears(who: Human, post: Json, *emoji: str) -> None:
    """Wait until just these reactions stand under a post, in this order, by whomever."""
    shown: list[str] = []
    for _ in range(100):
        reactions = await who.rest("GET", f"/posts/{post['id']}/reactions") or []
        shown = list(dict.fromkeys(one["emoji_name"] for one in sorted(reactions, key=lambda one: one["create_at"])))
        if shown == list(emoji):
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"{shown} instead of {emoji}")


async def test_an_incident_by_words_and_reactions_alone(tmp_path: Path) -> None:
    async with stage(tmp_path, [INCIDENT], callbacks=OFF) as scene:
        alice, me = scene.alice, f"@{scene.me}"
        await alice.say(scene.town["id"], "sev-1, checkout is down")
        prompt = await alice.sees("sev-1", "▶️ starts it", "🚫 not in this thread")
        assert controls(prompt) == []
        await bears(alice, prompt, "arrow_forward", "x", "no_entry_sign")

        await react(alice, prompt, "arrow_forward")
        card = await alice.sees("0 of 5", "Owner:", f"`{me} update …` posts an update")
        channel = card["channel_id"]
        assert controls(card) == []
        fix = await alice.sees("2 · Fix", "✅ the next one is done · 1️⃣ to 3️⃣ that one", where=channel)
        await alice.sees("✅", "started", where=scene.town["id"])
        await bears(alice, fix, "white_check_mark", "one", "two", "three")

        await react(alice, fix, "two")
        await alice.sees("[x] ~~2.2 Tell support~~", "1 of 3 done", where=channel)
        await react(alice, fix, "white_check_mark")
        await alice.sees("[x] ~~2.1 Roll back~~", "2 of 3 done", where=channel)
        await react(alice, fix, "white_check_mark")
        await alice.sees("[x] ~~2.3 Watch the graphs~~", "3 of 3 done", where=channel)

        scene.pass_time(minutes=31)
        reminder = await alice.sees("⏰ A status update is due", "⏰ asks again in 30 min", where=channel)
        await bears(alice, reminder, "alarm_clock")
        await react(alice, reminder, "alarm_clock")
        await alice.sees("😴", "snoozed the update until", where=channel)

        await alice.say(channel, f"{me} update Rolling back 4.1.7.")
        await alice.sees("**Update 1 · Checkout is down**", "Rolling back 4.1.7.", where=channel)
        await alice.say(channel, f"{me} finish now")
        await alice.sees("🏁", "3 of 5 tasks", where=channel)
        await alice.sees("Finished", where=channel, without=["posts an update"])


async def test_a_prompt_is_put_off_and_a_later_reaction_is_told_that_it_was(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK], callbacks=OFF) as scene:
        await scene.alice.say(scene.town["id"], "sev-1, checkout is down")
        prompt = await scene.bob.sees("▶️ starts it")
        await bears(scene.bob, prompt, "arrow_forward", "x", "no_entry_sign")
        await react(scene.bob, prompt, "no_entry_sign")
        await scene.alice.sees("asked me to be quiet in this thread", where=scene.town["id"])
        await react(scene.alice, prompt, "arrow_forward")
        await scene.alice.sees(f"@{scene.name('bob')} has already answered this")


async def test_a_bystander_who_reacts_is_told_why_not_and_others_see_nothing(tmp_path: Path) -> None:
    book = QUICK | {"channel": {"visibility": "public"}}
    async with stage(tmp_path, [book], callbacks=OFF) as scene:
        await scene.alice.say(scene.town["id"], f"@{scene.me} run incident-response Checkout")
        triage = await scene.alice.sees("1 · Triage")
        guest = scene.admin
        await guest.rest("POST", f"/channels/{triage['channel_id']}/members", {"user_id": scene.bob.id})
        await takes_part(scene, scene.bob)
        await react(scene.bob, triage, "one")
        await scene.bob.sees("[x] ~~1.1", f"@{scene.name('bob')}")
        await settled(scene)


async def test_a_task_that_is_added_gets_its_number_as_a_reaction(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK], callbacks=OFF) as scene:
        await scene.alice.say(scene.town["id"], f"@{scene.me} run incident-response Checkout")
        triage = await scene.alice.sees("1 · Triage", "1️⃣ to 2️⃣ that one")
        channel = triage["channel_id"]
        await bears(scene.alice, triage, "white_check_mark", "one", "two")
        await scene.alice.say(channel, f"@{scene.me} add 1 Call the vendor")
        await scene.alice.sees("**1.3** Call the vendor", "1️⃣ to 3️⃣ that one", where=channel)
        await bears(scene.alice, triage, "white_check_mark", "one", "two", "three")
        await react(scene.alice, triage, "three")
        await scene.alice.sees("[x] ~~1.3 Call the vendor~~", where=channel)


async def test_what_dialogs_ask_for_can_be_said_in_messages(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK], callbacks=OFF) as scene:
        alice, me = scene.alice, f"@{scene.me}"
        await alice.say(scene.status["id"], f"{me} run incident-response here Checkout")
        await alice.open(scene.status["id"])
        channel = (await alice.sees("0 of 5", "Owner:", where=scene.status["id"]))["channel_id"]
        await alice.say(channel, f"{me} edit 2.1 description: Ask ops first")
        await alice.sees("**2.1** “Roll back” has a new description")
        await alice.say(channel, f"{me} edit 2.1 command: /echo hello")
        await alice.sees("**2.1** “Roll back” has a new command")
        await alice.say(channel, f"{me} checklist skip 1")
        await alice.sees("What was open in checklist **1** “Triage” is skipped")
        await alice.say(channel, f"{me} snooze 2h")
        await alice.sees("😴 The update is due")
        await alice.say(channel, f"{me} update next=3h Rolling back")
        await alice.sees("Update 1 is posted; the next one is due")
        await alice.say(channel, f"{me} invite @{scene.name('bob')}")
        await takes_part(scene, scene.bob)
        await alice.say(channel, f"{me} handover @{scene.name('bob')}")
        asked = await scene.bob.sees("asks you to take over", f"`{me} accept`")
        await scene.bob.say(asked["channel_id"], "accept")
        await alice.sees(f"Owner: @{scene.name('bob')}", where=channel)
        await alice.say(channel, f"{me} list")
        await alice.sees("**Runs in progress**", "run 1", without=["[Look"])
        await settled(scene)


async def test_a_prefix_makes_a_message_a_command(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK], callbacks=OFF, commands=Commands(prefix="!")) as scene:
        await scene.alice.say(scene.town["id"], "!run incident-response Checkout")
        card = await scene.alice.sees("0 of 5", "Owner:")
        await scene.alice.say(card["channel_id"], "!check 1.2")
        await scene.alice.sees("Open a bridge call” is done")
        await scene.alice.say(card["channel_id"], "! what a day")
        await settled(scene)
        assert await scene.alice.sees("1 of 5", where=card["channel_id"])


async def test_a_reaction_while_the_bot_was_away_counts_and_counts_once(tmp_path: Path) -> None:
    async with empty_stage(tmp_path, [QUICK], callbacks=OFF) as scene:
        async with running(scene.config, clock=scene.clock) as scene.bot:
            await scene.alice.say(scene.town["id"], f"@{scene.me} run incident-response Checkout")
            fix = await scene.alice.sees("2 · Fix")
            await bears(scene.alice, fix, "white_check_mark", "one", "two", "three")
            await react(scene.alice, fix, "white_check_mark")
            await scene.alice.sees("[x] ~~2.1", "1 of 3 done")
            await settled(scene)
        await react(scene.alice, fix, "three")
        for _ in range(2):
            async with running(scene.config, clock=scene.clock) as scene.bot:
                await scene.alice.sees("[x] ~~2.1", "[x] ~~2.3", "2 of 3 done")
                await settled(scene)


@asynccontextmanager
async def gate(port: int, target: int) -> Any:
    """Stand between the server and the bot's door, closed until `open` is set."""
    is_open = asyncio.Event()

    async def pass_on(request: web.Request) -> web.Response:
        if not is_open.is_set():
            return web.Response(status=502)
        async with (
            ClientSession() as session,
            session.post(
                f"http://127.0.0.1:{target}{request.path}",
                data=await request.read(),
                headers={"Content-Type": request.headers.get("Content-Type", "")},
            ) as answer,
        ):
            return web.Response(status=answer.status, body=await answer.read(), content_type=answer.content_type)

    application = web.Application()
    application.router.add_route("*", "/{rest:.*}", pass_on)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield is_open
    finally:
        await runner.cleanup()


def _auto(scene: Stage, port: int) -> Callbacks:
    """Return the way back through the gate, which is tried by itself."""
    present = scene.config.callbacks
    return present.model_copy(update={"mode": "auto", "url": f"http://127.0.0.1:{port}/hooks"})


async def test_buttons_come_by_themselves_when_the_way_begins_to_work_and_go_when_it_ends(tmp_path: Path) -> None:
    port = free_port()
    async with (
        empty_stage(tmp_path, [QUICK]) as scene,
        gate(port, scene.config.callbacks.listen_port) as is_open,
    ):
        config = scene.config.model_copy(update={"callbacks": _auto(scene, port)})
        async with running(config, clock=scene.clock) as scene.bot:
            await scene.alice.say(scene.town["id"], f"@{scene.me} run incident-response Checkout")
            triage = await scene.alice.sees("1 · Triage", "✅ the next one is done")
            channel = triage["channel_id"]
            await scene.alice.say(scene.town["id"], "sev-1, search is down")
            await scene.alice.sees("▶️ starts it", where=scene.town["id"])

            is_open.set()
            scene.bot.buttons.look()
            triage = await scene.alice.sees("1 · Triage", "[✓ 1.1", where=channel, without=["the next one is done"])
            await scene.alice.sees("[Start run]", where=scene.town["id"], without=["starts it"])
            await scene.alice.press(triage, "✓ 1.1")
            await scene.alice.sees("[x] ~~1.1", where=channel)

            is_open.clear()
            for _ in range(2):
                await settled(scene)
                scene.bot.buttons.look()
                await asyncio.sleep(0.3)
            await scene.alice.sees("1 · Triage", "✅ the next one is done", where=channel, without=["[✓ 1.2"])
            await bears(scene.alice, triage, "white_check_mark", "one", "two")
            await react(scene.alice, triage, "two")
            await scene.alice.sees("[x] ~~1.2", where=channel)
