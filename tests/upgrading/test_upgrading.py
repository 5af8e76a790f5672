"""What was stored by an older version goes on in this one: deliveries, reminders, buttons, dialogs, and the settings.

Each `installation_*.json` here is what one version left behind; none is ever changed, and each has to go on for ever.
A version that adds an effect, a kind of reminder, a button or a setting stores one more when it is released, by
`python -m tests.upgrading.store_installation NAME`, and its settings, all of them, as `bot_*.toml` and `bot_*.secrets`.
What a document has to hold it says itself (`holds`). Where a sentence changes, its words are changed here as well.

Each goes on from its revision on both kinds of databases. What is the same on both once it has come so far, such as
what a button says, is tried on both for the newest one, and of all where `MUSTER_UPGRADING` is `all`.
"""

import os
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from scenes import goes_on_in
from stage import KINDS

from sandbox.human import controls, words
from tests.upgrading.document import HERE, Json, read, stored
from tests.upgrading.store_installation import store
from tests.upgrading.upgraded import pressable, settings_of, upgraded

Old = tuple[Path, str]
EACH: list[Old] = [(path, kind) for path in stored() for kind in KINDS]
SOME = [(path, kind) for path, kind in EACH if kind == KINDS[0] or path == stored()[-1]]


def of_old(some: list[Old]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("path", "kind"), some, ids=[f"{path.stem}-{kind}" for path, kind in some])


on_both = of_old(EACH)
old_ones = of_old(EACH if os.environ.get("MUSTER_UPGRADING") == "all" else SOME)

TOLD = {
    "archive": ("carla", "archived the channel"),
    "digest": ("alice", "☀️ Wednesday", "Overdue updates"),
    "fold": ("alice", "Nobody answered whether", "sev-1"),
    "insights": ("alice", "Last week, as the playbook **Incident response** wants it told every week", "5 runs"),
    "retro": ("alice", "The retrospective of **Logins fail** waits for you", "1 of 2 questions are open"),
    "task_due": ("bob", "⏰ **", "was due"),
    "task_due 9": ("carla", "⏰ **3.1** fix the probe"),
    "task_soon": ("bob", "⏰ **1.2** Open a ticket · due"),
    "task_soon 9": ("carla", "⏰ **3.1** fix the probe · due"),
    "turn": ("bob", "It is your turn as **on-call**", "Payments are down"),
    "update": ("alice", "⏰ A status update is due", "[Snooze…]"),
}
"""Who is told what of each kind of reminder, where it is told of a run in other words with the run's number."""

PRESSES = (
    ("alice update.ask 1", "Post update", "**Payments are down** · update 1"),
    ("bob handover.ask 2", "Hand over", "who is to own it?"),
    ("alice finish.ask 1", "Finish the run?", "5 tasks are still open"),
    ("alice run.ask", "Start a run", "Choose a playbook"),
    ("alice bare.ask", "New checklist"),
    ("alice run.look - 2", "[Two new colleagues]", "of 2 tasks"),
    ("carla run.join 8", "You are being added to **[Search is slow]"),
    ("carla run.follow 8", "You no longer follow **Search is slow**"),
    ("alice settings.turn daily", "The daily digest is **off** from now on"),
    ("alice task.pick - 3", "Task 1.3", "Tell support"),
    ("alice task.choose 1 2", "Task 1.2", "Open a ticket"),
    ("bob task.open 2", "Task 1.2", "Open a ticket"),
    ("bob task.start 2", "**1.2** Open a ticket", "In progress"),
    ("bob task.done 2", "[x] ~~1.2 Open a ticket~~ · @bob-acme"),
    ("alice task.snooze 3 3600", "😴 I remind you of **1.3** “Tell support” again"),
    ("alice todo.done 3", "✓ **Tell support** in **Payments are down** is done"),
    ("bob task.run 2", "@bob-acme ran `/ticket create payment`"),
    ("alice reminder.snooze 1 3600", "😴 @alice-acme snoozed the update"),
    ("bob timeline.page 3:1", "Timeline of Release 1", "@bob-acme finished the run"),
    ("alice timeline.page 1:2", "Timeline of Payments are down (2 of 3)", "Entry 0"),
    ("alice timeline.change remove:", "is out of the timeline"),
    ("alice timeline.change remove 16", "is out of the timeline"),
    ("alice variable.undo 1", "`$where` is taken away; it was Berlin."),
    ("alice undo 1", "Taken back: added: Tell sales."),
    ("alice describe.undo", "The run is called **Checkout is down** now, it was **Payments are down**."),
    ("bob run.brief 1", "**[Checkout is down]", "Nobody can pay."),
    ("bob handover.take 1", "✅ You took over **[Checkout is down]"),
    ("alice handover.decline 2", "You did not take over **[Two new colleagues]"),
    ("bob digest.off daily", "The daily digest is **off** from now on"),
    ("alice run.which - 5", "✓ **1.1** “boxes” is done. ▰▰▱▱▱▱▱▱ 1 of 3."),
    ("alice prompt.start 5", "Start a run", "Incident response"),
    ("alice prompt.dismiss 6", "@alice-acme: not now."),
    ("alice prompt.mute 7", "@alice-acme asked me to be quiet in this thread."),
    ("alice prompt.start 9 2", "✅ @alice-acme started **[Release 1"),
    ("alice list.where 0:", "Spare", "[✓ 1.1 wheel]"),
    ("bob run.restart 3", "▶ @bob-acme took **Release 1** up again."),
    ("bob times.ask 8", "Times of the run", "Impact started"),
    ("bob metrics.ask 8", "Metrics", "Users"),
    ("alice retro.switch 1", "Nobody is asked for a retrospective of **Checkout is down**."),
    ("alice retro.write 10 18", "Write a section", "What went badly?"),
    ("alice retro.over 10:17:both", "Section 1, “What went well?”, is written."),
    ("alice retro.settle 10 1", "Comment 1 is settled"),
    ("alice retro.event 10 65", "Show an event otherwise", "Decided to roll back"),
    ("bob retro.read 10", "Draft of the retrospective of **Logins fail**", "Bob saw it first", "Alice saw it first"),
    ("bob retro.comment 10", "'title': 'Comment'", "1 What went well?"),
    ("bob retro.seen 10", "You have read"),
    ("alice retro.publish 10", "Publish?", "What went badly?"),
    ("alice retro.more 10 retro.review", "Ask for review"),
    ("alice retro.more 10 retro.comment", "'title': 'Comment'", "1 What went well?"),
    ("alice retro.more 10 retro.event", "Which event is to be shown"),
    ("alice retro.more 10 retro.timeline", "Timeline of Logins fail"),
    ("alice retro.more 10 retro.history", "What has changed", "Alice saw it first"),
    ("alice retro.more 10 retro.skip", "Skip it?"),
    ("alice retro.more 10 retro.off", "@alice-acme decided that **Logins fail** needs no retrospective."),
    ("alice changes.show 4", "*Sound the horn* was skipped in 5 of 5 runs", "*Ring the bell*"),
    ("alice changes.accept 1:1", "✓ accepted by @alice-acme", "Make the patch (2)"),
    ("alice changes.leave 1:0", "left as it is by @alice-acme", "Make the patch (1)"),
    ("alice changes.patch 1", "The accepted changes of **Drill** as a patch"),
    ("alice settings.sign_out", "signed out"),
    ("alice run.more 1 task.add", "Add a task"),
    ("alice run.more 1 checklist.add", "Add a checklist"),
    ("alice run.more 1 task.words", "Done when it is said"),
    ("alice run.more 1 undo.last", "Taken back: done: Tell support."),
    ("alice run.more 1 note.ask", "Add a note"),
    ("alice run.more 1 run.timeline", "Timeline of Checkout is down (1 of 3)"),
    ("alice run.more 1 time.ask", "Times of the run"),
    ("alice run.more 1 metric.ask", "Users"),
    ("alice run.more 1 run.export", "come to you by direct message"),
    ("alice run.more 1 retro.read", "Nobody is asked for a retrospective of **Checkout is down**"),
    ("alice run.more 1 run.brief", "**[Checkout is down]", "**What happened**"),
    ("alice run.more 1 pulse", "Checkout is down", "open", "skipped"),
    ("alice run.more 1 handover.ask", "Hand over", "who is to own it?"),
    ("alice run.more 1 todo", "**What you have to do**", "**2.2** Watch the graphs"),
    ("alice run.more 1 role.ask", "Give a role"),
    ("alice run.more 1 people.invite", "Invite people"),
    ("alice run.more 1 people.remove", "Remove a person"),
    ("alice run.more 1 people.join", "You already take part in **[Checkout is down]"),
    ("alice run.more 1 follow", "You follow **[Checkout is down]"),
    ("alice run.more 1 run.describe", "Name and summary"),
    ("alice run.more 1 variable.ask", "Variables", "`$what` payment"),
    ("alice run.more 1 run.move", "Move the run"),
    ("alice run.more 1 run.delete", "Delete the run?"),
    ("alice run.more 1 people.leave", "You no longer take part in **Checkout is down**"),
)
"""Who presses which button (action, what it is about, and what is chosen), and what they are told; in this order."""

MENUS = {"run.more": "more", "retro.more": "retro_more"}
"""The menus that have the same items for ever, and what a document calls those that it has to hold."""


@on_both
async def test_what_waited_is_delivered(path: Path, kind: str, tmp_path: Path) -> None:
    async with upgraded(path, kind, tmp_path) as old:
        alice, bob, carla, admin = (*old.people, old.scene.admin)
        # Post, Tell, Edit and Redraw: an update, and what it changes.
        await bob.sees("**Update 1 · Search is slow**", "All is slow", where=old.places["search"])
        await alice.sees("**Update 1 · [Search is slow]", where=old.scene.status["id"])
        await carla.sees(
            "**Update 1 · [Search is slow]", that=lambda post: post["channel_id"] != old.scene.status["id"]
        )
        await bob.sees("✅ @bob-acme posted update 1.", where=old.places["search"])
        await bob.sees("[x] ~~1.1 Acknowledge the alert~~ · @bob-acme", where=old.places["search"])
        # OpenChannel and Pin: the channels of two runs.
        for name in ("Half open", "Not open yet"):
            await alice.sees(name, "0 of 2", "Owner: @alice-acme", that=lambda post: post["is_pinned"])
        # Invite, RemovePerson and ChangeChannel: who is where, and what it is called.
        members = await admin.rest("GET", f"/channels/{old.places['checkout']}/members")
        assert admin.id in [one["user_id"] for one in members]
        hiring = await bob.rest("GET", f"/channels/{old.places['hiring']}")
        assert hiring["display_name"] == "Two new colleagues"
        members = await bob.rest("GET", f"/channels/{hiring['id']}/members")
        assert carla.id not in [one["user_id"] for one in members]
        await carla.sees("took you out of **Two new colleagues**")
        # Delete: a run has moved, and its messages are where it is.
        await alice.sees("Garden", "0 of 2", "Owner:", where=old.places["lounge"])
        there = await alice.rest("GET", f"/channels/{old.places['town']}/posts")
        assert [one for one in there["posts"].values() if "Garden\nOwner" in words(one)] == []
        # RunCommand: a task's command.
        await alice.sees("ran `/ticket create payment`", "OPS-1 is made", where=old.places["checkout"])
        assert old.tickets == ["create payment"]
        # SendRun and PostInsights: a run as files, and figures with a picture.
        if "SendRun" in old.found["holds"]["effects"]:
            sent = await alice.sees("as Markdown, HTML and JSON")
            assert len(sent["metadata"]["files"]) == 3
            figures = await alice.sees("**Incident response**", "5 runs", where=old.places["town"])
            assert len(figures["metadata"]["files"]) == 1
        # React: reactions that were to take the place of buttons, which are there again.
        party = await alice.sees("1 · Party", "[✓ 1.1 cake]", where=old.places["lounge"])
        reactions = await alice.rest("GET", f"/posts/{party['id']}/reactions")
        assert [one["emoji_name"] for one in reactions] == ["white_check_mark", "one", "two"]


@old_ones
async def test_what_was_planned_is_told(path: Path, kind: str, tmp_path: Path) -> None:
    async with upgraded(path, kind, tmp_path) as old:
        planned = planned_in(old.found)
        for minute, what in sorted({(one["due_at"][:16], told_as(one)) for one in planned if one["done_at"] is None}):
            who, *parts = TOLD[what]
            before = old.shown(who)
            old.passes(minute)
            await old.is_told(who, parts, before)


@old_ones
async def test_every_button_means_what_it_did(path: Path, kind: str, tmp_path: Path) -> None:
    async with upgraded(path, kind, tmp_path) as old:
        for press, *parts in PRESSES:
            who, action, about, choice = (*press.split(), "", "")[:4]
            known = old.found["holds"].get(MENUS.get(action, "buttons"), ())
            if (choice if action in MENUS else action) not in known:
                continue
            before = old.shown(who)
            await old.press(who, action, about.removeprefix("-"), choice)
            await old.is_told(who, parts, before)


@old_ones
async def test_people_go_on_to_the_end(path: Path, kind: str, tmp_path: Path) -> None:
    async with upgraded(path, kind, tmp_path) as old:
        alice, bob, carla = old.people
        town, checkout = old.places["town"], old.places["checkout"]
        (muted,) = old.found["database"]["muted_thread"]
        await bob.say(town, "sev-1, ship it", muted["thread_id"])
        asked = await bob.say(town, "ship it, outside that thread")
        await bob.sees("Start run", that=lambda post: post["root_id"] == asked["id"])
        there = [one for one in bob.screen.values() if one["root_id"] == muted["thread_id"]]
        assert [words(one) for one in there if controls(one)] == []
        await old.press("alice", "prompt.start", "5")
        assert await alice.submit(await alice.dialog(), town, name="Shop is slow") == {}
        await alice.sees("Shop is slow", "0 of 5", "Owner:", that=lambda post: post["is_pinned"])
        await alice.sees("✅ @alice-acme started **[Shop is slow]", where=town)
        await bob.say(checkout, "support knows")
        await bob.sees("[x] ~~1.3 Tell support~~ · @bob-acme", where=checkout)
        await old.press("bob", "task.done", "4")
        await bob.sees("[x] ~~2.1 Roll back~~ · @bob-acme", where=checkout)
        assert "**1.4** “Tell sales” is done" in await old.ask(alice, "checkout", "check 1.4")
        await alice.sees("Payments are down", "4 of 6", "Owner: @alice-acme", where=checkout)
        await old.press("alice", "update.ask", "1")
        assert await alice.submit(await alice.dialog(), checkout, text="Rolled back", next="1800") == {}
        await carla.sees("**Update 1 · [Payments are down]", "Rolled back", where=old.scene.status["id"])
        await old.press("alice", "finish.ask", "1")
        assert await alice.submit(await alice.dialog(), checkout) == {}
        await bob.sees("🏁", "is finished", "4 of 6 tasks", where=checkout)
        await bob.sees("Payments are down", "🏁 Finished", where=checkout, without=["[Post update]"])
        assert "goes on" in await old.ask(carla, "town", "restart #4")
        await carla.sees("**Search was slow** goes on, but I may not restore its archived channel.")
        await old.scene.admin.rest("POST", f"/channels/{old.places['archived']}/restore")
        await goes_on_in(old.scene, old.places["archived"], carla)
        await carla.sees("Search was slow", "1 of 5", "[Post update]", where=old.places["archived"])
        if "drafted" in old.places:
            await old.press("alice", "retro.publish", "10")
            assert await alice.submit(await alice.dialog(), old.places["drafted"], lead="Worth it.") == {}
            await bob.sees("Retrospective of Logins fail", "Worth it.", "Bob saw it first", where=old.places["drafted"])
            assert "Payments are down" in (await old.page("alice", "/runs")).words
        assert "Two new colleagues" in await old.ask(bob, "town", "list")
        assert "Two new colleagues" not in await old.ask(carla, "town", "list")
        assert "with your runs: **off**" in await old.ask(carla, "town", "settings")
        # What was open in a browser has no field where it had none then: phones could not send it before, either.
        for kept in old.found["dialogs"]:
            answer = await old.human(kept["to"]).submit_at_desk(kept["dialog"], old.places["lounge"])
            assert answer == {} or "again" in answer["error"]


def planned_in(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what was planned, which were reminders up to 0010."""
    rows: list[dict[str, Any]] = found["database"].get("job", found["database"].get("reminder"))
    return rows


def told_as(planned: dict[str, Any]) -> str:
    """Return by what name `TOLD` has what is told of it."""
    of_run = f"{planned['kind']} {planned['run_id']}"
    return of_run if of_run in TOLD else str(planned["kind"])


@pytest.mark.parametrize("path", stored(), ids=lambda path: path.stem)
def test_a_document_holds_all_that_its_version_had(path: Path) -> None:
    found = read(path)
    holds, rows = found["holds"], found["database"]
    pressed = [press.split() for press, *_ in PRESSES]
    assert {one["effect"]["type"] for one in rows["outbox"] if one["done_at"] is None} == {*holds["effects"]}
    assert {one["kind"] for one in planned_in(found) if one["done_at"] is None} == {*holds["reminders"]}
    assert {means.action for _, _, means in pressable(found)} == {*holds["buttons"]}
    for menu, items in MENUS.items():
        assert set(choices(found, menu)) == {*holds.get(items, ())}
        assert {one[3] for one in pressed if one[1] == menu} >= {*holds.get(items, ())}
    assert [name for name, kept in rows.items() if not kept] == ["process"]
    assert {*TOLD} >= {*holds["reminders"]}
    assert {action for _, action, *_ in pressed} >= {*holds["buttons"]}


def choices(found: Json, action: str) -> Iterator[str]:
    for _, button, means in pressable(found):
        if means.action == action:
            yield from (one["value"] for one in button["options"])


async def test_this_version_can_be_stored_too(tmp_path: Path) -> None:
    await store(tmp_path, tmp_path / "stored.json")
    found = read(tmp_path / "stored.json")
    assert {one["effect"]["type"] for one in found["database"]["outbox"]} == {*found["holds"]["effects"]}
    for menu, items in MENUS.items():
        assert set(choices(found, menu)) == {*found["holds"][items]}


@pytest.mark.parametrize("path", sorted(HERE.glob("bot_*.toml")), ids=lambda path: path.stem)
def test_every_setting_that_there_was_is_still_taken(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = path.with_suffix(".secrets").read_text(encoding="utf-8")
    shutil.copy(path, tmp_path / "bot.toml")
    (tmp_path / "muster.secrets").write_text(secrets, encoding="utf-8")
    said = settings_of(tmp_path / "bot.toml", monkeypatch)
    toml = tomllib.loads(path.read_text(encoding="utf-8"))
    names = {f"MUSTER_{section}_{key}".upper() for section, keys in toml.items() for key in keys}
    names |= {line.partition("=")[0] for line in secrets.splitlines()}
    installation = read(HERE / f"{path.stem.replace('bot', 'installation')}.json")
    assert sorted(names) == installation["holds"]["settings"]
    assert said == {"url": "https://chat.example.com", "trigger": "plan", "token": "t" * 26}
