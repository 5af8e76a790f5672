"""Tasks, assignees and due times, as those who work on a run see them."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

from scenes import PUBLIC, QUICK, joins, settled, started, takes_part
from stage import Stage, person, stage

from sandbox.human import Human, words


async def command(scene: Stage, who: Human, channel: str, text: str) -> str:
    return await who.command(channel, f"/{scene.trigger} {text}")


async def test_tasks_are_added_moved_and_taken_back_by_command_and_dialog(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK]) as scene:
        alice, channel = scene.alice, await started(scene)
        assert "**1.3** “Call the vendor” is added." in await command(scene, alice, channel, "add 1 Call the vendor")
        await alice.sees("1.3", "Call the vendor", where=channel)
        assert "⤼ 2 tasks (2.1, 2.2) are skipped" in await command(scene, alice, channel, "skip 2.1-2.2")
        assert "Taken back: skipped: tasks 2.1, 2.2" in await command(scene, alice, channel, "undo")
        await alice.sees("2 · Fix", "0 of 3 done", where=channel)
        assert "now it is **2.1** “Call the vendor”" in await command(scene, alice, channel, "move call to 2.1")
        await alice.sees("2 · Fix", "**2.1** Call the vendor", "**2.2** Roll back", where=channel)
        assert "@" in await command(scene, alice, channel, "history 2.1")
        assert "is now called **2.1** “Ring them" in await command(scene, alice, channel, "edit 2.1 Ring them")
        await command(scene, alice, channel, "checklist add Afterwards")
        await alice.sees("3 · Afterwards", where=channel)
        card = await alice.sees("Owner:", where=channel)
        await alice.press(card, "More…", "Add a task")
        dialog = await alice.dialog()
        await alice.submit(
            dialog, channel, title="Write it down", description="For the retrospective.", due="tomorrow 5pm"
        )
        await alice.sees("3 · Afterwards", "**3.1** Write it down", "due", where=channel)
        listed = await alice.sees("3 · Afterwards", where=channel)
        await alice.press(listed, "Any task…", "3.1")
        await alice.submit(await alice.dialog(), channel, also="remove")
        await alice.sees("3 · Afterwards", "0 of 0", where=channel)
        assert "removed: 3.1 Write it down" in await command(scene, alice, channel, "undo")
        await alice.sees("3 · Afterwards", "**3.1** Write it down", where=channel)


async def test_a_checklists_own_menu_does_everything_about_it(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK]) as scene:
        alice, channel = scene.alice, await started(scene)
        await alice.press(await alice.sees("1 · Triage", where=channel), "Any task…", "+ A new task…")
        await alice.submit(await alice.dialog(), channel, title="Call the vendor")
        triage = await alice.sees("1 · Triage", "**1.3** Call the vendor", where=channel)
        await alice.press(triage, "Any task…", "☰ The whole checklist…")
        # That the dialog closes says that it is done.
        assert await alice.submit(await alice.dialog(), channel, also="skip", title="First steps") == {}
        await alice.sees("1 · First steps", "3 of 3 done", where=channel)
        assert "Taken back" in await command(scene, alice, channel, "undo")
        triage = await alice.sees("1 · Triage", "0 of 3 done", where=channel)
        await alice.press(triage, "Any task…", "☰ The whole checklist…")
        assert await alice.submit(await alice.dialog(), channel, number="2") == {}
        listed = await alice.sees("2 · Triage", "**2.3** Call the vendor", where=channel)
        await alice.press(listed, "Any task…", "2.3")
        await alice.submit(await alice.dialog(), channel, also="history")
        await alice.sees("**2.3 Call the vendor**", "added it")


async def test_the_assignee_opens_the_task_in_the_direct_message_and_puts_it_off(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK]) as scene:
        alice, bob, channel = scene.alice, scene.bob, await started(scene)
        await joins(scene, bob, channel)
        await command(scene, alice, channel, f"assign 2.1 @{bob.username}")
        told = await bob.sees("A task for you: **2.1** Roll back")
        await bob.press(told, "Open")
        await bob.submit(await bob.dialog(), told["channel_id"], due="in 10h")
        await alice.sees("2 · Fix", "**2.1** Roll back", "due", where=channel)
        scene.pass_time(hours=10)
        await bob.sees("⏰ **2.1** Roll back · was due", "[Open]")
        assert "😴 I remind you of **2.1**" in await command(scene, bob, channel, "snooze 2.1 2h")
        await bob.sees("😴 I remind you of **2.1**", where=told["channel_id"])
        await settled(scene)


async def test_the_undo_button_of_an_answer_takes_back_what_it_told(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK]) as scene:
        alice, channel = scene.alice, await started(scene)
        body = {"channel_id": channel, "team_id": alice.team_id, "command": f"/{scene.trigger} remove 2.1"}
        await alice.rest("POST", "/commands/execute", body)
        answer = await alice.sees("**2.1** “Roll back” is removed.", "[Undo]")
        await alice.sees("2 · Fix", "0 of 2", where=channel)
        await alice.press(answer, "Undo")
        assert "Taken back: removed: 2.1" in (await alice.dialog())["dialog"]["introduction_text"]
        await alice.sees("2 · Fix", "**2.1** Roll back", "0 of 3", where=channel)


async def test_the_assignee_is_told_and_does_the_task_from_there(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK]) as scene:
        alice, bob, channel = scene.alice, scene.bob, await started(scene)
        await joins(scene, bob, channel)
        said = await command(scene, alice, channel, f"assign 2.1 @{bob.username} owner")
        assert f"is for @{bob.username}, @{alice.username} now" in said
        told = await bob.sees("A task for you: **2.1** Roll back")
        assert told["channel_id"] != channel
        await bob.press(told, "Start")
        await alice.sees("2 · Fix", "in progress", where=channel)
        await bob.press(await bob.sees("A task for you", "In progress"), "Done")
        await alice.sees("2 · Fix", f"~~2.1 Roll back~~ · @{bob.username}", where=channel)
        await bob.sees("~~Roll back~~ is done", where=told["channel_id"])
        await command(scene, alice, channel, "uncheck 2.1")
        await bob.sees("A task for you: **2.1**", "[Done]", where=told["channel_id"])
        await command(scene, alice, channel, "assign 2.1 nobody")
        await bob.sees("no longer assigned to you", where=told["channel_id"])


async def test_the_assignee_is_reminded_snoozes_and_the_list_turns_overdue(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK]) as scene:
        alice, bob, channel = scene.alice, scene.bob, await started(scene)
        await joins(scene, bob, channel)
        await command(scene, alice, channel, f"assign 2.1 @{bob.username}")
        assert "· due" in await command(scene, alice, channel, "due 2.1 in 10h")
        assert "I cannot read" in await command(scene, alice, channel, "due 2.1 soonish")
        scene.pass_time(hours=9, minutes=1)
        soon = await bob.sees("⏰ **2.1** Roll back · due")
        scene.pass_time(hours=1)
        # The first one may be seen to say so as well, before the second takes its place.
        late = await bob.sees("⏰ **2.1** Roll back · was due", that=lambda post: post["id"] != soon["id"])
        await alice.sees("2 · Fix", "**overdue since", where=channel)
        await bob.press(late, "Snooze…", "for 15 min")
        await bob.sees("😴 I remind you of **2.1**")
        scene.pass_time(minutes=16)
        again = await bob.sees("⏰ **2.1** Roll back · was due", that=lambda post: post["id"] != late["id"])
        await bob.press(again, "Done")
        await alice.sees("2 · Fix", f"~~2.1 Roll back~~ · @{bob.username}", where=channel)
        await settled(scene)


async def test_twenty_people_who_click_one_checklist_at_once_lose_nothing(tmp_path: Path) -> None:
    tasks = [f"Task {number}" for number in range(1, 21)]
    async with (
        stage(tmp_path, [PUBLIC | {"checklists": [{"title": "All", "tasks": tasks}]}]) as scene,
        AsyncExitStack() as stack,
    ):
        alice = scene.alice
        await alice.say(scene.town["id"], "sev-1 twenty")
        await alice.press(await alice.sees("Start run", where=scene.town["id"]), "Start run")
        channel = (await alice.sees("1 · All", "0 of 20"))["channel_id"]
        crowd = [
            await stack.enter_async_context(
                await person(scene.admin, scene.url, scene.team, f"crowd{n}-{scene.team['name']}")
            )
            for n in range(20)
        ]
        for one in crowd:
            await alice.rest("POST", f"/channels/{channel}/members", {"user_id": one.id})
        for one in crowd:
            await takes_part(scene, one)
            await one.open(channel)

        async def work(one: Human, number: int) -> None:
            shown = await one.sees("1 · All", where=channel)
            await one.press(shown, "Any task…", f"1.{number} Task")
            await one.submit(await one.dialog(), channel, state="done")

        await asyncio.gather(*(work(one, number) for number, one in enumerate(crowd, 1)))
        done = words(await alice.sees("1 · All", "20 of 20 done", where=channel))
        for number, one in enumerate(crowd, 1):
            assert f"~~1.{number} Task {number}~~ · @{one.username}" in done
        await settled(scene)
