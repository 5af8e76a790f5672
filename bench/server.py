"""On a server: a click, from the press to the changed message, and the start of a run, to its last message."""

import asyncio
import secrets
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from bench.by_hand import ByHand, last_message
from bench.measure import Row, Size, at_most, summary
from bench.stages import Stage, server_named, stage
from sandbox.human import controls

INVITED = 10
TASKS = [f"Look at part {n} of the system" for n in range(1, 6)]


def book(invited: list[str]) -> dict[str, Any]:
    """Return a playbook that starts at once, with three checklists of five tasks."""
    return {
        "title": "Bench",
        "key": "bench",
        "keywords": ["sev-1"],
        "start": "now",
        "invite": [f"@{name}" for name in invited],
        "checklists": [{"title": title, "tasks": list(TASKS)} for title in ("Triage", "Fix", "Learn")],
    }


def rows(size: Size) -> list[Row]:
    """Return the rows that want a real Mattermost."""
    return asyncio.run(_rows(size))


async def _rows(size: Size) -> list[Row]:
    rest = size(30, 5) / 100
    names = [f"guest{n}-{secrets.token_hex(3)}" for n in range(INVITED)]
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        scene = await stack.enter_async_context(stage(Path(folder), [book(names)]))
        people = {name: await _invited(scene, name) for name in names}
        hand = await stack.enter_async_context(ByHand(scene, people).standing())
        # The first of each lets both get warm, and gives the messages that are copied by hand.
        place = (await _start(scene, rest))[1]
        hand.copies(await scene.admin.rest("GET", f"/channels/{place}/posts"))
        await hand.start()
        starts, clicks = [], []
        for number in range(size(9, 1)):
            took, place = await _start(scene, rest)
            starts.append((took, await _hand_starts(scene, hand, rest)))
            if number < size(3, 1):
                clicks += await _clicks(scene, hand, place, size(8, 1), rest)
    return [
        _row(
            "click on a task, press to changed message",
            "an aiohttp handler that answers with a ready `update`",
            1.6,
            clicks,
        ),
        _row(
            "start of a run, 10 invited, 3 checklists of 5 tasks, click to last message",
            "the same REST calls by hand, four at a time",
            1.3,
            starts,
        ),
    ]


def _row(what: str, yardstick: str, goal: float, found: list[tuple[float, float]]) -> Row:
    ratio, ours, theirs = summary(found)
    return at_most(what, yardstick, ratio, goal, f"{ours:.0f} ms against {theirs:.0f} ms, on {server_named()}")


async def _invited(scene: Stage, name: str) -> str:
    body = {"username": name, "email": f"{name}@example.com", "password": "Bench-pass-2026"}
    user = await scene.admin.rest("POST", "/users", body)
    member = {"team_id": scene.team["id"], "user_id": user["id"]}
    await scene.admin.rest("POST", f"/teams/{scene.team['id']}/members", member)
    return str(user["id"])


async def _start(scene: Stage, rest: float) -> tuple[float, str]:
    """Start a run by a press; return the ms until its last message stands, and its channel."""
    said = await scene.alice.say(scene.town["id"], f"sev-1 {secrets.token_hex(4)}")
    prompt = await scene.alice.sees(that=lambda post: post["root_id"] == said["id"] and bool(controls(post)))
    await _quiet(scene, rest)
    began = time.time()
    await _press(scene, prompt, "Start run")
    await _quiet(scene, rest)
    place = (await scene.bot.desk.ask(lambda store: store.runs(1)))[0].channel_id or ""
    return await last_message(scene, place) - began * 1e3, place


async def _clicks(scene: Stage, hand: ByHand, place: str, count: int, rest: float) -> list[tuple[float, float]]:
    """Press in a run and in a message made by hand, in turn; the first of each lets both get warm."""
    await scene.alice.open(place)
    await hand.stand_ready()
    both = [(await _click(scene, place, rest), await _hand_clicks(scene, hand, rest)) for _ in range(count + 1)]
    return both[1:]


async def _click(scene: Stage, place: str, rest: float) -> float:
    """Press the button of the next task; return the ms until the message has changed."""
    post = await scene.alice.sees(where=place, that=_is_list)
    await _quiet(scene, rest)
    began = time.perf_counter()
    await _press(scene, post)
    await scene.alice.sees(that=lambda one: one["id"] == post["id"] and one["update_at"] > post["update_at"])
    return (time.perf_counter() - began) * 1e3


async def _hand_starts(scene: Stage, hand: ByHand, rest: float) -> float:
    await _quiet(scene, rest)
    return await hand.start()


async def _hand_clicks(scene: Stage, hand: ByHand, rest: float) -> float:
    await _quiet(scene, rest)
    return await hand.click()


async def _quiet(scene: Stage, rest: float) -> None:
    """Wait until nothing of what was before goes on in the bot and on the server, and disturbs what comes.

    `rest` is in seconds.
    """
    await asyncio.sleep(rest)
    while (await scene.bot.desk.ask(lambda store: store.outbox.waiting()))[0]:  # noqa: ASYNC110 -- it has no event
        await asyncio.sleep(0.1)
    await asyncio.sleep(rest)


async def _press(scene: Stage, post: dict[str, Any], label: str = "✓") -> None:
    control = next(one for one in controls(post) if str(one.get("name")).startswith(label))
    await scene.alice.rest("POST", f"/posts/{post['id']}/actions/{control['id']}", {"cookie": ""})


def _is_list(post: dict[str, Any]) -> bool:
    """Tell a checklist with open tasks from the card, which has the button of the next task as well."""
    names = [str(control.get("name")) for control in controls(post)]
    return any(name.startswith("✓") for name in names) and "Finish" not in names
