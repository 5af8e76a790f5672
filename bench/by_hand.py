"""The yardstick on a server: what Muster does there, written by hand with ready-made bodies and nothing remembered."""

import asyncio
import copy
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self

from aiohttp import web

from bench.ours import free_port
from bench.stages import Stage
from bot.delivery.invite import BULK_SINCE
from bot.driver import Driver, connect

Json = dict[str, Any]
AT_ONCE = 4


class ByHand:
    """A bot account of its own whose buttons come to a bare aiohttp handler."""

    def __init__(self, scene: Stage, invited: dict[str, str]) -> None:
        self._scene = scene
        self._invited = invited
        self._url = f"http://127.0.0.1:{free_port()}"
        self._answers = 0
        self._room = asyncio.Semaphore(AT_ONCE)
        self._bodies: list[Json] = []
        self._started: asyncio.Task[str] | None = None

    @asynccontextmanager
    async def standing(self) -> AsyncIterator[Self]:
        """Make the account, and listen."""
        self._driver = await self._account()
        app = web.Application()
        app.router.add_post("/click", self._clicked)
        app.router.add_post("/start", self._start)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", int(self._url.rpartition(":")[2])).start()
        try:
            yield self
        finally:
            await runner.cleanup()
            await self._driver.close()

    def copies(self, posts: Json) -> None:
        """Take the messages of a run that Muster started, its buttons made to point here."""
        ordered = sorted(posts["posts"].values(), key=lambda post: post["create_at"])
        cards = [post for post in ordered if (post.get("props") or {}).get("attachments")]
        self._bodies = [self._copied(post, "click") for post in cards]

    async def stand_ready(self) -> None:
        """Post the message that clicks are for; the next ones are for this one, like those of a checklist."""
        self._pressed = await self._post(self._scene.town["id"], self._bodies[-1])

    async def click(self) -> float:
        """Press a button whose answer is ready; return the ms until the message has changed."""
        alice, post_id = self._scene.alice, self._pressed["id"]
        seen = await alice.sees(that=lambda one: one["id"] == post_id)
        began = time.perf_counter()
        await alice.rest("POST", f"/posts/{post_id}/actions/{_button(seen)}", {"cookie": ""})
        await alice.sees(that=lambda one: one["id"] == post_id and one["update_at"] > seen["update_at"])
        return (time.perf_counter() - began) * 1e3

    async def start(self) -> float:
        """Press a button that starts a run; return the ms until the last message of its channel stands."""
        scene = self._scene
        said = await scene.alice.say(scene.town["id"], f"by hand {secrets.token_hex(4)}")
        self._prompt = await self._post(scene.town["id"], self._asking(), root_id=said["id"])
        seen = await scene.alice.sees(that=lambda one: one["id"] == self._prompt["id"])
        began = time.time()
        await scene.alice.rest("POST", f"/posts/{seen['id']}/actions/{_button(seen)}", {"cookie": ""})
        assert self._started is not None
        place = await self._started
        return await last_message(scene, place) - began * 1e3

    async def _clicked(self, request: web.Request) -> web.Response:
        await request.read()
        self._answers += 1
        ready = self._bodies[-1] | {"message": f"changed {self._answers}"}
        return web.json_response({"update": ready, "skip_slack_parsing": True})

    async def _start(self, request: web.Request) -> web.Response:
        await request.read()
        self._started = asyncio.create_task(self._set_up())
        return web.json_response({"update": {"message": "", "props": {"attachments": [{"text": "Starting…"}]}}})

    async def _set_up(self) -> str:
        name = f"by-hand-{secrets.token_hex(4)}"
        wish = {"team_id": self._scene.team["id"], "name": name, "display_name": name, "type": "O"}
        channel = await self._driver.channels.create_channel(options=wish)
        place = str(channel["id"])
        card, *lists = self._bodies
        started = {"message": "", "props": {"attachments": [{"text": f"Started: ~{name}"}]}}
        await asyncio.gather(
            self._invite(place),
            self._card(place, card),
            *(self._in_turn(self._post(place, body)) for body in lists),
            self._in_turn(self._driver.posts.patch_post(self._prompt["id"], options=started)),
        )
        return place

    async def _card(self, place: str, body: Json) -> None:
        post = await self._in_turn(self._post(place, body))
        await self._in_turn(self._driver.posts.pin_post_to_channel(post["id"]))

    async def _invite(self, place: str) -> None:
        people = [self._scene.alice.id, *self._invited.values()]
        await self._in_turn(self._driver.users.get_users_by_ids(options=[self._scene.alice.id]))
        await self._in_turn(self._driver.users.get_users_by_usernames(options=list(self._invited)))
        if self._scene.bot.gateway.server.version >= BULK_SINCE:
            await self._in_turn(self._driver.channels.add_user(place, options={"user_ids": people}))
            return
        each = (self._driver.channels.add_user(place, options={"user_id": one}) for one in people)
        await asyncio.gather(*(self._in_turn(one) for one in each))

    async def _in_turn(self, request: Any) -> Any:
        async with self._room:
            return await request

    async def _post(self, place: str, body: Json, root_id: str = "") -> Json:
        made: Json = await self._driver.posts.create_post(options={"channel_id": place, "root_id": root_id, **body})
        return made

    async def _account(self) -> Driver:
        admin, name = self._scene.admin, f"byhand-{secrets.token_hex(3)}"
        made = await admin.rest("POST", "/bots", {"username": name, "display_name": name})
        token = await admin.rest("POST", f"/users/{made['user_id']}/tokens", {"description": "bench"})
        member = {"team_id": self._scene.team["id"], "user_id": made["user_id"]}
        await admin.rest("POST", f"/teams/{self._scene.team['id']}/members", member)
        return connect(self._scene.url, token["token"])

    def _asking(self) -> Json:
        control = {"id": "start", "type": "button", "name": "Start", "integration": {"url": f"{self._url}/start"}}
        return {"message": "", "props": {"attachments": [{"text": "Start a run?", "actions": [control]}]}}

    def _copied(self, post: Json, path: str) -> Json:
        attachments = copy.deepcopy(post["props"]["attachments"])
        for card in attachments:
            for control in card.get("actions") or []:
                control["integration"] = {"url": f"{self._url}/{path}", "context": {"m": "x" * 60}}
        return {"message": post["message"], "props": {"attachments": attachments}}


async def last_message(scene: Stage, place: str) -> float:
    """Return when (ms) the last message of a channel was posted, the server's own notes included."""
    last, before = 0.0, -1.0
    while last != before:
        # The server notes who came after it has answered.
        await asyncio.sleep(0.3)
        posts = await scene.admin.rest("GET", f"/channels/{place}/posts", per_page=200)
        last, before = float(max(post["create_at"] for post in posts["posts"].values())), last
    return last


def _button(post: Json) -> str:
    """Return the id of a message's first button."""
    actions = post["props"]["attachments"][0]["actions"]
    return str(next(one["id"] for one in actions if one.get("type") in ("button", "", None)))
