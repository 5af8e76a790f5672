"""Whoever knocks at the callback door with something that is not the bot's own gets nothing done."""

import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from scenes import PUBLIC, QUICK, joins, settled, started
from stage import Stage, stage

from sandbox.human import Refused, find_control, words


async def knock(scene: Stage, path: str, method: str = "POST", **request: Any) -> tuple[int, str]:
    """Send something to the callback door, as anybody on the network could."""
    url = f"{scene.config.callbacks.url}{path}"
    async with aiohttp.ClientSession() as session, session.request(method, url, **request) as answer:
        return answer.status, await answer.text()


def press_body(scene: Stage, channel: str, post_id: str, token: str, who: str = "") -> dict[str, Any]:
    return {
        "user_id": who or scene.alice.id, "user_name": "x", "channel_id": channel, "team_id": scene.team["id"],
        "post_id": post_id, "trigger_id": "t", "type": "button", "context": {"m": token},
    }  # fmt: skip


def stored_token(scene: Stage, post: dict[str, Any], label: str) -> str:
    """Return the context of a button, which only the server knows."""
    assert scene.sandbox is not None
    control = find_control(post, label)
    (row,) = [row for row in scene.sandbox.posts() if row.id == post["id"]]
    cards = row.props["attachments"]
    (found,) = [one for card in cards for one in card.get("actions") or [] if one["id"] == control["id"]]
    return str(found["integration"]["context"]["m"])


@pytest.mark.parametrize("path", ["/actions", "/dialogs", "/commands"])
async def test_a_visit_by_browser_is_refused(path: str, tmp_path: Path) -> None:
    async with stage(tmp_path) as scene:
        assert (await knock(scene, path, "GET"))[0] == 405


async def test_what_is_no_request_is_refused_in_words_and_the_bot_goes_on(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK]) as scene:
        deep = b"[" * 100_000
        for path in ("/actions", "/dialogs"):
            for body in (b"", b"{", b"[]", b"null", b"\xff\xfe", deep, b'{"user_id": 7}', b'{"context": []}'):
                assert (await knock(scene, path, data=body))[0] == 400
        assert (await knock(scene, "/commands", data=b"nonsense"))[0] == 400
        for path in ("/actions", "/dialogs", "/commands"):
            assert (await knock(scene, path, data=b"x" * (2 * 1024 * 1024)))[0] in (400, 413)
        await started(scene)


async def test_a_made_up_token_is_refused(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK]) as scene:
        channel = await started(scene)
        triage = await scene.alice.sees("1 · Triage", where=channel)
        token = stored_token(scene, triage, "✓ 1.1")
        for made_up in ("", "x", token[:-2] + "AA", token + "=", "A" * 90, token.swapcase()):
            status, _ = await knock(scene, "/actions", json=press_body(scene, channel, triage["id"], made_up))
            assert status == 403, made_up
            dialog = {"type": "dialog_submission", "state": made_up, "user_id": scene.alice.id, "channel_id": channel}
            assert (await knock(scene, "/dialogs", json=dialog | {"submission": {}}))[0] == 403
        dialog = {"type": "dialog_submission", "state": token, "user_id": scene.alice.id, "channel_id": channel}
        assert (await knock(scene, "/dialogs", json=dialog))[0] == 403
        assert "0 of 2 done" in words(await scene.alice.sees("1 · Triage", where=channel))


async def test_a_copied_button_does_nothing_even_on_a_post_that_looks_like_the_bots(tmp_path: Path) -> None:
    async with stage(tmp_path, [PUBLIC]) as scene:
        channel = await started(scene)
        await joins(scene, scene.bob, channel)
        triage = await scene.alice.sees("1 · Triage", where=channel)
        token = stored_token(scene, triage, "✓ 1.1")
        action = {
            "id": "mine", "type": "button", "name": "Free beer",
            "integration": {"url": f"{scene.config.callbacks.url}/actions", "context": {"m": token}},
        }  # fmt: skip
        props = {"from_bot": "true", "attachments": [{"text": "x", "actions": [action]}]}
        await scene.bob.say(scene.town["id"], "look", props=props)
        fake = await scene.alice.sees("Free beer")
        await scene.alice.press(fake, "Free beer")
        assert (await scene.alice.dialog())["dialog"]["title"] == "Out of date"
        assert "0 of 2 done" in words(await scene.alice.sees("1 · Triage", where=channel))


async def test_a_press_that_is_sent_again_changes_nothing(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK]) as scene:
        channel = await started(scene)
        triage = await scene.alice.sees("1 · Triage", where=channel)
        body = press_body(scene, channel, triage["id"], stored_token(scene, triage, "✓ 1.1"))
        for _ in range(5):
            assert (await knock(scene, "/actions", json=body))[0] == 200
        await scene.alice.sees("1 of 2 done", where=channel)
        moments = await scene.bot.desk.ask(lambda store: [one.kind for one in store.moments(1)])
        assert moments.count("task_done") == 1


async def test_somebody_elses_dialog_cannot_be_sent(tmp_path: Path) -> None:
    async with stage(tmp_path) as scene:
        await scene.alice.say(scene.town["id"], "sev-1")
        await scene.alice.press(await scene.alice.sees("Start run"), "Start run")
        dialog = await scene.alice.dialog()
        with pytest.raises(Refused):
            await scene.bob.submit(dialog, scene.town["id"], name="Not mine")
        assert await scene.alice.submit(dialog, scene.town["id"], name="Mine") == {}
        await scene.alice.sees("Owner:")


async def test_a_command_with_an_unknown_token_says_who_can_put_it_right(tmp_path: Path) -> None:
    async with stage(tmp_path) as scene:
        assert scene.sandbox is not None
        scene.sandbox.faults.regenerate_command_token(scene.trigger)
        answer = await scene.alice.command(scene.town["id"], f"/{scene.trigger} run incident-response X")
        assert "I do not know this command's token as one of this team's" in answer
        assert "an administrator runs `muster setup` again" in answer
        assert await scene.bot.desk.ask(lambda store: list(store.runs(5))) == []


async def test_a_dialog_submitted_twice_starts_one_run(tmp_path: Path) -> None:
    async with stage(tmp_path) as scene:
        await scene.alice.command(scene.town["id"], f"/{scene.trigger} run")
        dialog = await scene.alice.dialog()
        playbook = dialog["dialog"]["elements"][0]
        values = {"name": "Once"} | ({"playbook": playbook["options"][0]["value"]} if playbook.get("options") else {})
        for _ in range(2):
            assert await scene.alice.submit(dialog, scene.town["id"], **values) == {}
        await scene.alice.sees("Owner:", "Once")
        await settled(scene)
        assert len(await scene.bot.desk.ask(lambda store: list(store.runs(5)))) == 1


async def test_a_dialog_that_stood_open_for_a_day_says_so(tmp_path: Path) -> None:
    async with stage(tmp_path) as scene:
        await scene.alice.say(scene.town["id"], "sev-1")
        await scene.alice.press(await scene.alice.sees("Start run"), "Start run")
        dialog = await scene.alice.dialog()
        scene.clock.ahead += scene.config.prompts.fold_after * 3
        said = await scene.alice.submit(dialog, scene.town["id"], name="Late")
        assert "open for too long" in said["error"]
        assert await scene.bot.desk.ask(lambda store: list(store.runs(5))) == []


async def test_on_an_old_server_a_dialog_that_comes_too_late_is_told(tmp_path: Path) -> None:
    async with stage(tmp_path, version="5.37") as scene:
        assert scene.sandbox is not None
        await scene.alice.say(scene.town["id"], "sev-1")
        prompt = await scene.alice.sees("Start run")
        await scene.alice.press(prompt, "Start run")
        await scene.alice.dialog()
        body = json.loads(scene.sandbox.outgoing[-1].body)
        scene.sandbox.clock.advance(seconds=4)
        assert (await knock(scene, "/actions", json=body))[0] == 200
        await scene.alice.sees("The server gave me too little time to open the dialog. Press it once more.")
        assert scene.alice.dialogs == []
