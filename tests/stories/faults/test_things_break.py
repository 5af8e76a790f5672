"""The server, the network or the disk fails in the middle: what was decided is said, once, when it works again."""

import asyncio
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from scenes import (
    LONG,
    PUBLIC,
    QUICK,
    STANDING,
    goes_on_in,
    joins,
    own,
    settled,
    standing,
    started,
    takes_part,
    until_health,
)
from stage import PASSWORD, Stage, empty_stage, stage

from bot.app import running
from bot.directory.retry import Patience
from bot.settings.sections import Storage
from bot.trouble import Trouble
from sandbox import Sandbox
from sandbox.human import Human, words
from tests.accounts import person


def server(scene: Stage) -> Sandbox:
    assert scene.sandbox is not None
    return scene.sandbox


async def test_an_archived_channel_is_told_to_the_owner_and_shows_the_truth_when_it_is_restored(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK]) as scene:
        channel = await started(scene)
        server(scene).faults.archive_channel(channel)
        told = await scene.alice.sees("The channel of **Checkout is down**", "was archived", "Restore the channel")
        assert "[Finish the run]" in words(told)
        scene.pass_time(minutes=31)
        await scene.alice.sees("⏰ A status update is due", where=told["channel_id"])
        await scene.admin.rest("POST", f"/channels/{channel}/restore")
        await goes_on_in(scene, channel, scene.alice)
        await scene.alice.sees("Update overdue", where=channel)
        triage = await scene.alice.sees("1 · Triage", where=channel)
        await scene.alice.press(triage, "✓ 1.1")
        await scene.alice.sees("1 of 2 done", where=channel)


async def test_a_bot_that_was_removed_tells_the_owner_and_goes_on_when_invited_back(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK]) as scene:
        channel = await started(scene)
        server(scene).faults.remove_from_channel(scene.me, channel)
        await scene.alice.sees("closed to me: I was removed from it", "Invite me back")
        await scene.alice.rest("POST", f"/channels/{channel}/members", {"user_id": scene.bot.gateway.server.me.id})
        await scene.alice.press(await scene.alice.sees("1 · Triage", where=channel), "✓ 1.1")
        await scene.alice.sees("1 of 2 done", where=channel)
        await scene.alice.sees("1 of 5", "Owner:", where=channel)


async def test_a_card_and_a_checklist_deleted_by_hand_come_again(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK]) as scene:
        channel = await started(scene)
        for part in ("Owner:", "1 · Triage"):
            post = await scene.alice.sees(part, where=channel)
            await scene.admin.rest("DELETE", f"/posts/{post['id']}")
            again = await scene.alice.sees(part, where=channel, that=lambda one, old=post: one["id"] != old["id"])
            assert again["id"] != post["id"]
        await scene.alice.press(await scene.alice.sees("1 · Triage", where=channel), "✓ 1.1")
        await scene.alice.sees("1 of 5", "Owner:", where=channel)
        pinned = await scene.alice.rest("GET", f"/channels/{channel}/pinned")
        assert len(pinned["order"]) == 1


async def test_a_channel_name_that_is_taken_gets_a_number(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK]) as scene:
        body = {"team_id": scene.team["id"], "name": "checkout-is-down-1", "display_name": "x", "type": "O"}
        await scene.admin.rest("POST", "/channels", body)
        channel = await started(scene)
        assert (await scene.alice.rest("GET", f"/channels/{channel}"))["name"] == "checkout-is-down-1-2"


async def test_somebody_who_left_the_company_is_named_and_the_run_starts(tmp_path: Path) -> None:
    async with empty_stage(tmp_path, [QUICK | {"invite": ["@gone"]}]) as scene:
        async with await person(scene.admin, scene.url, None, "gone"):
            pass
        async with running(scene.config, clock=scene.clock) as scene.bot:
            channel = await started(scene)
            await scene.alice.sees("I could not add @gone (the account is deactivated)", where=channel)


async def test_a_server_that_limits_and_fails_during_a_start_gets_everything_once(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK]) as scene:
        await scene.alice.say(scene.town["id"], "sev-1, checkout is down")
        prompt = await scene.alice.sees("Start run")
        faults = server(scene).faults
        faults.rate_limit("POST /posts", user=scene.me, times=1)
        faults.server_error("POST /channels", user=scene.me, times=1, status=503)
        faults.server_error("POST /channels/{channel_id}/members", user=scene.me, times=1)
        await scene.alice.press(prompt, "Start run")
        card = await scene.alice.sees("Owner:", "0 of 5", within=30)
        channel = card["channel_id"]
        await scene.alice.sees("1 · Triage", where=channel)
        await scene.alice.sees("2 · Fix", where=channel)
        await takes_part(scene, scene.alice)
        await scene.alice.sees("✅", "started", where=scene.town["id"])
        await settled(scene)
        assert standing(scene, channel) == STANDING


async def test_a_connection_cut_after_the_server_posted_says_nothing_twice(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK]) as scene:
        server(scene).faults.reset("POST /posts", user=scene.me, times=3, after_commit=True)
        server(scene).faults.reset("POST /channels", user=scene.me, times=1, after_commit=True)
        await scene.alice.say(scene.town["id"], "sev-1, checkout is down")
        await scene.alice.press(await scene.alice.sees("Start run"), "Start run")
        card = await scene.alice.sees("Owner:", "0 of 5", within=30)
        await scene.alice.sees("2 · Fix", where=card["channel_id"], within=30)
        await settled(scene)
        assert standing(scene, card["channel_id"]) == STANDING
        assert len(own(scene, scene.town["id"])) == 1
        names = [one.name for one in server(scene).channels if one.name.startswith("checkout-is-down")]
        assert len(names) == 1


async def test_what_was_pressed_before_its_post_was_known_of_stands_once(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK]) as scene:
        faults = server(scene).faults
        faults.reset("POST /posts", user=scene.me, times=1, after_commit=True)
        faults.server_error("GET /channels/{channel_id}/posts", user=scene.me, times=None, status=502)
        await scene.alice.say(scene.town["id"], "sev-1, checkout is down")
        await scene.alice.press(await scene.alice.sees("Start run"), "Not now")
        await scene.alice.sees(": not now.", where=scene.town["id"])
        server(scene).clock.advance(minutes=5)
        faults.clear()
        await settled(scene)
        assert len(own(scene, scene.town["id"])) == 1


async def test_what_is_written_while_the_server_restarts_is_heard(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK]) as scene:
        await server(scene).stop()
        await server(scene).start()
        async with _again(scene) as alice:
            await alice.say(scene.town["id"], "sev-1, after the restart")
            await alice.press(await alice.sees("Start run", within=30), "Start run")
            await alice.sees("Owner:", "After the restart", within=30)


def _answers(heard: dict[str, Any], post: dict[str, Any]) -> bool:
    return bool(post["root_id"] == heard["id"])


def _again(scene: Stage) -> Human:
    human = Human(scene.url, scene.alice.username, PASSWORD)
    human.team_id = scene.team["id"]
    return human


async def test_a_dropped_connection_loses_no_message_and_hears_none_twice(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK]) as scene:
        for number in range(3):
            server(scene).faults.drop_sockets(scene.me)
            posted = await scene.alice.say(scene.town["id"], f"sev-1, number {number}")
            await scene.alice.sees("Start run", that=partial(_answers, posted))
        await settled(scene)
        assert len(own(scene, scene.town["id"])) == 3


async def test_a_bot_that_is_started_again_knows_everything(tmp_path: Path) -> None:
    async with empty_stage(tmp_path, [PUBLIC]) as scene:
        async with running(scene.config, clock=scene.clock) as scene.bot:
            channel = await started(scene)
            await joins(scene, scene.bob, channel)
            await scene.alice.press(await scene.alice.sees("1 · Triage", where=channel), "✓ 1.1")
            await scene.alice.sees("1 of 2 done", where=channel)
        await scene.alice.say(scene.town["id"], "sev-1, while it was away")
        await scene.alice.rest("POST", f"/channels/{channel}/members", {"user_id": scene.carla.id})
        async with running(scene.config, clock=scene.clock) as scene.bot:
            await takes_part(scene, scene.carla)
            await scene.alice.press(await scene.alice.sees("1 · Triage", where=channel), "✓ 1.2")
            await scene.alice.sees("2 of 2 done", where=channel)
            scene.pass_time(minutes=31)
            await scene.alice.sees("⏰ A status update is due", where=channel)
            await scene.alice.sees("[Start run]", where=scene.town["id"])
            await settled(scene)
            assert sum("Welcome" in words(post) for post in scene.bob.screen.values()) == 1
            assert len(own(scene, scene.town["id"])) == 2


async def test_a_full_disk_is_told_and_nothing_is_half_done(tmp_path: Path) -> None:
    file = Storage(url=f"sqlite:///{tmp_path / 'small.sqlite'}")
    async with stage(tmp_path, [QUICK], store=file) as scene:
        channel = await started(scene)
        await settled(scene)
        triage = await scene.alice.sees("1 · Triage", where=channel)
        await _limit(scene, full=True)
        text = "x" * 2900
        answers = [await scene.alice.command(channel, f"/{scene.trigger} update {text}") for _ in range(40)]
        assert "cannot reach my memory" in answers[-1]
        assert "nothing was changed" in answers[-1]
        await _limit(scene, full=False)
        await until_health(scene, ok=True)
        await scene.alice.press(triage, "✓ 1.1")
        await scene.alice.sees("1 of 2 done", where=channel, within=30)
        said = sum("is posted" in answer for answer in answers)
        assert (await scene.bot.desk.ask(lambda store: store.run(1))).updates == said


async def _limit(scene: Stage, *, full: bool) -> None:
    """Let the database grow no more, or grow again."""

    def limit(store: object) -> None:
        connection = store.session.connection()  # type: ignore[attr-defined]
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 1 if full else 10**6}")

    await Patience().insist(lambda: scene.bot.desk.ask(limit))


async def test_a_revoked_token_ends_the_bot_with_words_that_say_what_to_do(tmp_path: Path) -> None:
    async with empty_stage(tmp_path, [QUICK]) as scene:
        server(scene).faults.revoke_tokens(_bot_name(scene))
        with pytest.raises(Trouble, match="refuses the bot's token") as caught:
            async with running(scene.config, clock=scene.clock):
                pytest.fail("it must not run")
        assert "muster setup" in str(caught.value)


def _bot_name(scene: Stage) -> str:
    (name,) = [one.username for one in server(scene).users if one.username.startswith("muster")]
    return name


async def test_an_event_that_comes_before_the_answer_changes_nothing(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK]) as scene:
        server(scene).faults.events_first("POST /posts", user=scene.me, times=None)
        channel = await started(scene)
        await scene.alice.press(await scene.alice.sees("1 · Triage", where=channel), "✓ 1.1")
        await scene.alice.sees("1 of 2 done", where=channel)
        await settled(scene)
        assert standing(scene, channel) == STANDING


async def test_somebody_elses_post_in_the_answer_is_not_taken_for_the_bots(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK]) as scene:
        await scene.bob.say(scene.town["id"], "hello")
        server(scene).faults.foreign_post(user=scene.me, times=1)
        channel = await started(scene)
        await settled(scene)
        assert standing(scene, channel) == STANDING


async def opened(scene: Stage, name: str) -> str:
    """Wait until the server has a channel whose name begins so, and return its id; the bot may not know of it yet."""
    async with asyncio.timeout(LONG):
        while not (found := [one.id for one in server(scene).channels if one.name.startswith(name)]):
            await scene.bot.desk.ask(lambda store: store.next_due())
    return found[0]


async def test_who_joins_before_the_bot_knows_its_own_channel_takes_part(tmp_path: Path) -> None:
    async with stage(tmp_path, [PUBLIC]) as scene:
        server(scene).faults.delay(1.0, "POST /channels", user=scene.me)
        await scene.alice.say(scene.town["id"], "sev-1, checkout is down")
        await scene.alice.press(await scene.alice.sees("Start run"), "Start run")
        channel = await opened(scene, "checkout-is-down")
        await scene.bob.rest("POST", f"/channels/{channel}/members", {"user_id": scene.bob.id})
        await takes_part(scene, scene.bob)
        triage = await scene.bob.sees("1 · Triage", where=channel)
        await scene.bob.press(triage, "✓ 1.1")
        await scene.bob.sees("1 of 2 done", where=channel)
        await settled(scene)
        assert sum("Welcome" in words(post) for post in scene.bob.screen.values()) == 1


async def test_a_start_goes_on_where_a_team_does_not_show_its_channels_just_then(tmp_path: Path) -> None:
    async with empty_stage(tmp_path, [QUICK]) as scene:
        route = "GET /users/{user_id}/teams/{team_id}/channels"
        server(scene).faults.server_error(route, status=403, user=f"muster-{scene.config.commands.trigger[8:]}")
        async with running(scene.config, clock=scene.clock) as scene.bot:
            await started(scene)


async def test_a_token_that_is_revoked_while_the_bot_starts_is_told_in_words(tmp_path: Path) -> None:
    async with empty_stage(tmp_path, [QUICK]) as scene:
        server(scene).faults.server_error("GET /users/{user_id}/teams", status=401, times=None)
        with pytest.raises(Trouble, match="refuses the bot's token"):
            async with running(scene.config, clock=scene.clock):
                pass


async def test_who_presses_while_the_server_does_not_answer_the_bot_is_told_that_nothing_happened(
    tmp_path: Path,
) -> None:
    """By a direct message where no dialog opens: clients from 11 on hide what is answered in place."""
    async with stage(tmp_path, [QUICK]) as scene:
        channel = await started(scene)
        triage = await scene.alice.sees("1 · Triage", where=channel)
        for route in ("POST /teams/{team_id}/members/ids", "POST /actions/dialogs/open"):
            server(scene).faults.server_error(route, status=503, times=None)
        await settled(scene)
        await scene.bot.desk.ask(lambda store: store.doubt_members([scene.team["id"]]))
        await scene.alice.press(triage, "✓ 1.1")
        told = await scene.alice.sees("The server did not tell me who asks, so nothing was changed")
        assert told["user_id"] == scene.bot.gateway.server.me.id
        assert (await scene.bot.desk.ask(lambda store: store.tasks(1)))[0].state == "open"


async def test_who_comes_into_the_channel_and_presses_at_once_takes_part(tmp_path: Path) -> None:
    """However long the bot leaves those alone who come."""
    slow = Patience(arrivals=60.0)
    async with (
        empty_stage(tmp_path, [PUBLIC]) as scene,
        running(scene.config, clock=scene.clock, patience=slow) as scene.bot,
    ):
        channel = await started(scene)
        triage = await scene.alice.sees("1 · Triage", where=channel)
        await scene.bob.rest("POST", f"/channels/{channel}/members", {"user_id": scene.bob.id})
        await scene.bob.open(channel)
        await scene.bob.sees("joined the channel", where=channel)
        await scene.bob.press(triage, "✓ 1.1")
        await scene.bob.sees("[x] ~~1.1", where=channel)
