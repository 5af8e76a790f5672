"""Somebody writes a keyword, and the bot asks; somebody answers."""

import asyncio
from pathlib import Path
from typing import Any

import aiohttp
from scenes import PUBLIC, QUICK, own, started
from stage import INCIDENT, Stage, stage

from sandbox.human import words

RELEASE = {"title": "Release", "key": "release", "keywords": ["ship it", "sev-1"], "start": "now"}


async def hook(scene: Stage, body: dict[str, Any]) -> None:
    made = await scene.admin.rest("POST", "/hooks/incoming", {"channel_id": scene.town["id"], "display_name": "alerts"})
    async with aiohttp.ClientSession() as session, session.post(f"{scene.url}/hooks/{made['id']}", json=body) as answer:
        assert answer.status == 200, await answer.text()


async def test_an_alert_of_a_webhook_is_asked_about(tmp_path: Path) -> None:
    async with stage(tmp_path) as scene:
        await hook(
            scene,
            {"text": "", "attachments": [{"title": "Checkout fails", "text": "sev-1, 12% errors", "fallback": "x"}]},
        )
        prompt = await scene.alice.sees("sev-1", "Start run")
        await scene.alice.press(prompt, "Start run")
        assert (await scene.alice.dialog())["dialog"]["elements"][0]["default"] == "Checkout fails"


async def test_code_addresses_and_longer_words_are_not_heard(tmp_path: Path) -> None:
    async with stage(tmp_path) as scene:
        for text in ("`sev-1`", "```\nsev-1\n```", "https://x.example/sev-1", "sev-10 asev-1"):
            await scene.alice.say(scene.town["id"], text)
        last = await scene.alice.say(scene.town["id"], "#incident now")
        prompt = await scene.alice.sees("Start run")
        assert prompt["root_id"] == last["id"]
        assert len(own(scene, scene.town["id"])) == 1


async def test_a_thread_is_asked_once_and_not_now_is_an_answer(tmp_path: Path) -> None:
    async with stage(tmp_path) as scene:
        root = await scene.alice.say(scene.town["id"], "sev-1")
        prompt = await scene.alice.sees("Start run")
        await scene.bob.say(scene.town["id"], "sev-1, really", root["id"])
        await scene.bob.sees("Start run")
        await scene.bob.press(prompt, "Not now")
        await scene.alice.sees(f"@{scene.name('bob')}: not now.", where=scene.town["id"], without=["[Start run]"])
        await scene.alice.say(scene.town["id"], "sev-1 again", root["id"])
        await scene.alice.say(scene.town["id"], "sev-1, another one")
        await scene.alice.sees("Start run")
        assert len(own(scene, scene.town["id"])) == 2


async def test_who_presses_an_answered_question_reads_who_was_first(tmp_path: Path) -> None:
    async with stage(tmp_path, [PUBLIC]) as scene:
        await scene.bob.rest("GET", "/users/me")
        await scene.alice.say(scene.town["id"], "sev-1, checkout")
        prompt = await scene.alice.sees("Start run")
        await scene.bob.sees("Start run")
        await asyncio.gather(scene.alice.press(prompt, "Start run"), scene.bob.press(prompt, "Start run"))
        first = scene.alice if scene.bob.dialogs or await _told(scene.bob) else scene.bob
        late = scene.bob if first is scene.alice else scene.alice
        told = await late.dialog()
        assert told["dialog"]["title"] == "Already answered"
        assert f"@{first.username} has already started **Checkout**" in told["dialog"]["introduction_text"]
        assert await late.submit(told, scene.town["id"]) == {}
        await first.sees("Owner", "0 of 5")
        runs = await scene.bot.desk.ask(lambda store: store.runs(10))
        assert len(runs) == 1


async def _told(human: Any) -> bool:
    """Whether this one is told that the question was answered."""
    try:
        human.dialogs.insert(0, await human.dialog(within=3))
    except AssertionError:
        return False
    return True


async def test_not_in_this_thread_keeps_other_playbooks_out_too(tmp_path: Path) -> None:
    async with stage(tmp_path, [INCIDENT, RELEASE | {"keywords": ["ship it"]}]) as scene:
        root = await scene.alice.say(scene.town["id"], "sev-1")
        await scene.alice.press(await scene.alice.sees("Start run"), "Not in this thread")
        await scene.alice.sees("asked me to be quiet in this thread")
        await scene.alice.say(scene.town["id"], "ship it", root["id"])
        elsewhere = await scene.alice.say(scene.town["id"], "ship it")
        assert (await scene.alice.sees("Release", "Start run"))["root_id"] == elsewhere["id"]
        assert len(own(scene, scene.town["id"])) == 2


async def test_several_playbooks_are_offered_in_one_menu(tmp_path: Path) -> None:
    async with stage(tmp_path, [INCIDENT, RELEASE]) as scene:
        await scene.alice.say(scene.town["id"], "sev-1")
        prompt = await scene.alice.sees("**Incident response** or **Release**", "[Start run…]")
        await scene.alice.press(prompt, "Start run…", "Release")
        card = await scene.alice.sees("Owner:", "0 of 0")
        assert "Release · run" in words(card)


async def test_a_question_that_nobody_answers_folds_up(tmp_path: Path) -> None:
    async with stage(tmp_path) as scene:
        await scene.alice.say(scene.town["id"], "sev-1")
        await scene.alice.sees("Start run")
        scene.pass_time(hours=13)
        await scene.alice.sees("Nobody answered whether **sev-1** needs a run", without=["[Start run]"])


async def test_a_playbook_may_start_at_once_and_the_question_says_where(tmp_path: Path) -> None:
    async with stage(tmp_path, [PUBLIC]) as scene:
        channel = await started(scene)
        place = await scene.alice.rest("GET", f"/channels/{channel}")
        assert place["type"] == "O"
        assert place["name"].startswith("checkout-is-down-")
        said = words(await scene.alice.sees("✅", where=scene.town["id"]))
        assert f"/channels/{place['name']}" in said
        card = await scene.alice.sees("Owner:", where=channel, that=lambda post: post["is_pinned"])
        pinned = await scene.alice.rest("GET", f"/channels/{channel}/pinned")
        assert pinned["order"] == [card["id"]]
        assert "“sev-1, checkout is down”" in words(card)
        assert "/pl/" in words(card)


async def test_the_longest_message_that_a_server_takes_starts_a_run(tmp_path: Path) -> None:
    async with stage(tmp_path, [QUICK]) as scene:
        await started(scene, "sev-1 " + "長い" * 8188 + "!")
