"""The life of a run as people see it: commands of tasks, words that complete them, timeline, names, places, the end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from aiohttp import web
from scenes import PUBLIC, QUICK, goes_on_in, joins, listens, own, settled, started
from stage import INCIDENT, Stage, free_port, stage

from sandbox.human import Refused, words

SHIP = QUICK | {
    "checklists": [
        {
            "title": "Triage",
            "tasks": [
                {"title": "Open a ticket", "command": "/TRIGGER create $ticket"},
                {"title": "Deploy", "done_when": {"says": ["deployed"]}},
                "Look",
            ],
        },
        {"title": "Fix", "tasks": ["Roll back", "Tell support"]},
    ]
}


@asynccontextmanager
async def jira(scene: Stage, trigger: str) -> AsyncIterator[list[str]]:
    """Let the team have another slash command, and keep what it is called with."""
    heard: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        heard.append(str((await request.post())["text"]))
        return web.json_response({"response_type": "ephemeral", "text": "ABC-1 is made"})

    app = web.Application()
    app.router.add_post("/", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    command = {"team_id": scene.team["id"], "trigger": trigger, "method": "P", "url": f"http://127.0.0.1:{port}/"}
    await scene.admin.rest("POST", "/commands", command)
    try:
        yield heard
    finally:
        await runner.cleanup()


def with_trigger(trigger: str) -> dict[str, Any]:
    tasks = [SHIP["checklists"][0]["tasks"][0] | {"command": f"/{trigger} create $ticket"}]  # type: ignore[index]
    rest = SHIP["checklists"][0]["tasks"][1:]  # type: ignore[index]
    return SHIP | {"checklists": [{"title": "Triage", "tasks": [*tasks, *rest]}, SHIP["checklists"][1]]}  # type: ignore[index]


async def ask(scene: Stage, channel: str, text: str) -> str:
    return await scene.alice.command(channel, f"/{scene.trigger} {text}")


async def nothing_stands(scene: Stage, channel: str) -> None:
    """Wait until all that the bot said in a channel is gone from Alice's screen, a moment after it is deleted."""
    for _ in range(300):
        if not own(scene, channel):
            break
        await asyncio.sleep(0.05)
    assert own(scene, channel) == []


async def test_a_tasks_command_runs_with_its_variables_and_says_who_ran_it(tmp_path: Path) -> None:
    async with (
        stage(tmp_path, [with_trigger("jiratest")], may_run=["/jiratest create"]) as scene,
        jira(scene, "jiratest") as heard,
    ):
        channel = await started(scene)
        assert "`$ticket`" in await ask(scene, channel, "do 1.1")
        assert heard == []
        assert "`$ticket` is ABC-1" in await ask(scene, channel, "set ticket ABC-1")
        triage = await scene.alice.sees("1 · Triage", "▶ 1.1", where=channel)
        await scene.alice.press(triage, "▶ 1.1")
        await scene.alice.sees("ran `/jiratest create ABC-1`", f"@{scene.name('alice')}", where=channel)
        assert heard == ["create ABC-1"]
        await scene.alice.sees("1 · Triage", where=channel, without=["[▶ 1.1"])


async def test_a_command_that_the_server_does_not_know_is_offered_to_paste(tmp_path: Path) -> None:
    async with stage(tmp_path, [with_trigger("nosuchthing")], may_run=["/nosuchthing"]) as scene:
        channel = await started(scene)
        await ask(scene, channel, "set ticket ABC-1")
        await ask(scene, channel, "do 1.1")
        await scene.alice.sees("Paste it into the channel yourself", "/nosuchthing create ABC-1")


async def test_nobody_drives_the_bots_account(tmp_path: Path) -> None:
    """As it was done: a checklist of one's own, a variable with a tab in it, and a command made of it."""
    async with stage(tmp_path) as scene:
        town, carla = scene.town["id"], scene.carla
        secret = await scene.bob.rest(
            "POST", "/channels", {"team_id": scene.team["id"], "name": "secret", "display_name": "Secret", "type": "P"}
        )
        await scene.bob.rest("POST", f"/channels/{town}/members", {"user_id": scene.bot.gateway.server.me.id})
        await scene.bob.rest("POST", f"/channels/{secret['id']}/members", {"user_id": scene.bot.gateway.server.me.id})
        for words in ("checklist mine; one", f"summary $x=invite\t@{carla.username} ~secret", "edit 1.1 command: /$x"):
            await ask(scene, town, words)
        await ask(scene, town, "do 1.1")
        await scene.alice.sees("written in this run", "Paste it into the channel yourself")
        members = await scene.bob.rest("GET", f"/channels/{secret['id']}/members")
        assert carla.id not in [member["user_id"] for member in members]


async def test_words_in_the_runs_channel_complete_a_task_and_nowhere_else(tmp_path: Path) -> None:
    async with stage(tmp_path, [with_trigger("jiratest")]) as scene:
        channel = await started(scene)
        await scene.alice.say(scene.town["id"], "We deployed something else")
        said = await scene.alice.say(channel, "OK, deployed to all")
        note = await scene.alice.sees("✓ **1.2** “Deploy” is done: this message says “deployed”", where=channel)
        assert note["root_id"] == said["id"]
        await scene.alice.sees("[x] ~~1.2 Deploy~~", where=channel)
        assert sum("is done: this message" in text for text in own(scene, channel)) == 1


async def test_the_words_that_complete_a_task_are_changed_while_the_run_goes_on(tmp_path: Path) -> None:
    async with stage(tmp_path, [PUBLIC]) as scene:
        channel = await started(scene)
        alice, bob = scene.alice, scene.bob
        await joins(scene, bob, channel)
        told = await ask(scene, channel, f'done-when 2.1 "build is green" by @{bob.username}')
        assert f"as soon as @{bob.username} says “build is green”" in told
        await listens(scene, channel, "build is green")
        await alice.say(channel, "I say: the build is green")
        said = await bob.say(channel, "Now the build is green.")
        note = await alice.sees("✓ **2.1** “Roll back” is done: this message says “build is green”", where=channel)
        assert note["root_id"] == said["id"]
        await alice.sees("[x] ~~2.1 Roll back~~", where=channel)
        # From the card, for another task; what was said of the first one is over.
        await alice.press(await alice.sees("Owner:", where=channel), "More…", "task.words")
        assert "task" in (await alice.submit(await alice.dialog(), channel, task="9.9", words="told them"))["errors"]
        await alice.press(await alice.sees("Owner:", where=channel), "More…", "task.words")
        assert await alice.submit(await alice.dialog(), channel, task="2.2", words="told them") == {}
        # A dialog that closed says that it was done; the task itself says what completes it.
        await alice.press(await alice.sees("2 · Fix", where=channel), "Any task…", "2.2")
        assert "“told them”" in (await alice.dialog())["dialog"]["introduction_text"]
        assert "Taken back" in await ask(scene, channel, "undo")
        await alice.say(channel, "We told them")
        await ask(scene, channel, 'done-when 2.2 "support knows"')
        await listens(scene, channel, "support knows")
        await alice.say(channel, "support knows")
        await alice.sees("✓ **2.2** “Tell support” is done: this message says “support knows”", where=channel)
        assert not any("told them”. " in text for text in own(scene, channel))
        assert "let “support knows” complete it" in await ask(scene, channel, "history 2.2")
        assert "done as soon as" in await ask(scene, channel, "done-when 2.3 graphs are flat")
        assert "No words complete" in await ask(scene, channel, "done-when 2.3 off")


async def test_the_timeline_is_read_added_to_and_corrected(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK]) as scene:
        channel = await started(scene)
        post = await scene.alice.say(channel, "The cache was cold")
        reaction = {"user_id": scene.alice.id, "post_id": post["id"], "emoji_name": "pushpin"}
        await scene.alice.rest("POST", "/reactions", reaction)
        for _ in range(200):
            if "The cache was cold" in (shown := await ask(scene, channel, "timeline")):
                break
            await asyncio.sleep(0.05)
        assert "The cache was cold" in shown
        assert f"/pl/{post['id']}" in shown
        noted = await ask(scene, channel, "note Rolled back to 4.2")
        number = noted.split(" as ")[1].split(".")[0]
        assert "Rolled back to 4.2" in await ask(scene, channel, "timeline")
        assert "out of the timeline" in await ask(scene, channel, f"timeline remove {number}")
        assert "Rolled back" not in await ask(scene, channel, "timeline")


async def test_a_renamed_run_renames_its_channel(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK]) as scene:
        channel = await started(scene)
        assert "**Payments are down**" in await ask(scene, channel, "rename Payments are down")
        await scene.alice.sees("Payments are down", "Owner:", where=channel)
        await settled(scene)
        assert (await scene.alice.rest("GET", f"/channels/{channel}"))["display_name"] == "Payments are down"
        await scene.alice.press(await scene.alice.sees("it was **Checkout is down**", "[Undo]"), "Undo")
        await scene.alice.sees("The run is called **Checkout is down** now", "[Undo]")
        await scene.alice.sees("Checkout is down", "Owner:", where=channel, without=["Payments"])


async def test_a_finished_runs_channel_is_archived_and_comes_back_with_the_run(tmp_path: Path) -> None:
    book = QUICK | {"channel": {"visibility": "private", "archive": True}}
    async with stage(tmp_path, [book]) as scene:
        channel = await started(scene)
        await ask(scene, channel, "check 1.1")
        await ask(scene, channel, "finish now")
        await scene.alice.sees("🏁", where=channel)
        await settled(scene)
        scene.pass_time(minutes=6)
        for _ in range(200):
            place = await scene.admin.rest("GET", f"/channels/{channel}")
            if place["delete_at"]:
                break
            await asyncio.sleep(0.05)
        assert place["delete_at"] > 0
        runs = await scene.bot.desk.ask(lambda store: store.runs(1))
        assert "goes on" in await ask(scene, scene.town["id"], f"#{runs[0].id} restart")
        await scene.alice.sees("I may not restore its archived channel")
        await scene.admin.rest("POST", f"/channels/{channel}/restore")
        await goes_on_in(scene, channel, scene.alice)
        await scene.alice.sees("Owner:", "1 of 5", "[Post update]", where=channel)
        version = (await scene.admin.rest("GET", "/config/client?format=old"))["Version"]
        if version.startswith("5."):  # It tells no connection of anybody what is said there for half an hour.
            await ask(scene, channel, "check 1.2")
        else:
            await scene.alice.say(channel, f"@{scene.me} check 1.2")
        for _ in range(200):
            tasks = await scene.bot.desk.ask(lambda store: [task.state for task in store.tasks(runs[0].id)])
            if tasks[1] == "done":
                break
            await asyncio.sleep(0.05)
        assert tasks[:3] == ["done", "done", "open"]


async def test_a_deleted_card_is_posted_again_and_pinned(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK]) as scene:
        channel = await started(scene)
        card = await scene.alice.sees("Owner:", where=channel)
        await settled(scene)
        await scene.admin.rest("DELETE", f"/posts/{card['id']}")
        again = await scene.alice.sees("Owner:", where=channel, that=lambda post: post["id"] != card["id"])
        await settled(scene)
        pinned = await scene.alice.rest("GET", f"/channels/{channel}/pinned")
        assert again["id"] in pinned["order"]


async def test_two_runs_in_one_channel_are_told_apart_by_a_menu_and_by_number(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK]) as scene:
        town = scene.town["id"]
        await ask(scene, town, "run incident-response here First")
        await ask(scene, town, "run incident-response here Second")
        await scene.alice.sees("Owner:", "Second", where=town)
        asked = await ask(scene, town, "check 1.1")
        assert "Several runs are in progress here" in asked
        shown = await scene.alice.sees("Several runs are in progress here", "[Choose a run…]", where=town)
        runs = await scene.bot.desk.ask(lambda store: store.runs(2))
        await scene.alice.press(shown, "Choose a run…", "Second")
        await scene.alice.sees("Acknowledge the alert” is done")
        assert "is done" in await ask(scene, town, f"#{runs[0].id} check 1.2")
        await settled(scene)
        assert "Several runs are in progress here" in asked
        done = await scene.bot.desk.ask(lambda store: [store.tasks(run.id)[0].state for run in runs])
        assert done == ["done", "open"]


async def test_a_run_begins_in_a_channel_that_is_there_by_dialog_and_ends_in_its_menu(tmp_path: Path) -> None:
    async with stage(tmp_path, [INCIDENT | {"channel": {"visibility": "public"}}]) as scene:
        alice, status = scene.alice, scene.status["id"]
        await alice.open(status)
        await ask(scene, status, "run")
        dialog = await alice.dialog()
        where = next(one for one in dialog["dialog"]["elements"] if one["name"] == "where")
        assert [one["text"] for one in where["options"]] == ["A new public channel", "This channel, Status"]
        assert await alice.submit(dialog, status, name="Search is slow", where="here") == {}
        card = await alice.sees("Owner:", "Search is slow", "0 of 5", where=status)
        await alice.sees("2 · Fix", where=status)
        await alice.press(card, "More…", "Add a note")
        assert await alice.submit(await alice.dialog(), status, note="The vendor is on it") == {}
        await ask(scene, status, "finish now")
        over = await alice.sees("Finished", "[More…]", where=status)
        await alice.press(over, "More…", "Brief me")
        await alice.sees("**What happened**", "The vendor is on it")
        await alice.press(over, "More…", "Delete…")
        assert await alice.submit(await alice.dialog(), status) == {}
        await nothing_stands(scene, status)


async def test_a_run_moves_to_another_channel(tmp_path: Path) -> None:
    async with stage(tmp_path, [PUBLIC]) as scene:
        channel = await started(scene)
        await scene.alice.open(scene.status["id"])
        runs = await scene.bot.desk.ask(lambda store: store.runs(1))
        moved = await ask(scene, scene.status["id"], f"movehere #{runs[0].id}")
        assert "is in ~status now" in moved
        await scene.alice.sees("Owner:", "0 of 5", where=scene.status["id"])
        await scene.alice.sees("2 · Fix", where=scene.status["id"])
        await scene.alice.sees("moved **", "to ~status", where=channel)
        await settled(scene)
        assert not [text for text in own(scene, channel) if "Owner:" in text]
        assert "is done" in await ask(scene, scene.status["id"], "check 1.1")


async def test_a_bare_checklist_in_a_channel_and_in_a_direct_message(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK]) as scene:
        town = scene.town["id"]
        assert "with 2 tasks" in await ask(scene, town, "checklist Before the release; Freeze; Tag it")
        await scene.bob.press(await scene.bob.sees("Before the release", "✓ 1.1 Freeze", where=town), "✓ 1.1")
        await scene.bob.sees("[x] ~~1.1 Freeze~~", f"@{scene.name('bob')}", where=town)
        me = scene.bot.gateway.server.me.id
        talk = await scene.alice.rest("POST", "/channels/direct", [scene.alice.id, me])
        await scene.alice.say(talk["id"], "checklist My day; Coffee; Mail")
        await scene.alice.sees("1 · My day", "Coffee", where=talk["id"])
        await scene.alice.say(talk["id"], "check 1.2")
        await scene.alice.sees("[x] ~~1.2 Mail~~", where=talk["id"])


async def test_a_run_made_by_mistake_goes_with_all_that_it_said(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK]) as scene:
        channel = await started(scene)
        await joins(scene, scene.bob, channel)
        assert "owner" in (await scene.bob.command(channel, f"/{scene.trigger} delete")).lower()
        await ask(scene, channel, "delete")
        dialog = await scene.alice.dialog()
        assert await scene.alice.submit(dialog, channel) == {}
        await nothing_stands(scene, channel)
        scene.pass_time(seconds=30)
        for _ in range(200):
            if (await scene.admin.rest("GET", f"/channels/{channel}"))["delete_at"]:
                break
            await asyncio.sleep(0.05)
        assert (await scene.admin.rest("GET", f"/channels/{channel}"))["delete_at"] > 0
        listed = await ask(scene, scene.town["id"], "list")
        assert "Checkout" not in listed
        with suppress(Refused):
            assert "no run" in words({"message": await ask(scene, channel, "check 1.1")})
