"""A person at a client: logs in to a Mattermost server, writes, presses, fills in dialogs, and reads what comes."""

import asyncio
import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

import aiohttp

Json = dict[str, Any]

WITHIN = 15.0
"""Seconds that a person waits for something to appear, unless told otherwise."""


class Refused(Exception):
    """The server said no."""

    def __init__(self, status: int, body: Any) -> None:
        said = body if isinstance(body, dict) else {"message": str(body)}
        super().__init__(f"{status} {said.get('id', '')} {said.get('message', '')}")
        self.status = status
        self.id = str(said.get("id", ""))


class NotSeen(AssertionError):
    """What was waited for did not appear."""


class Human:
    """One logged-in person with a live connection; `screen` holds all posts that came, in their newest state.

    `rung` are the posts by which the server notified them: mentions, direct messages, being added to a channel.
    """

    def __init__(self, url: str, username: str, password: str) -> None:
        self.url = url.rstrip("/")
        self.username = username
        self.id = ""
        self.team_id = ""
        self.token = ""
        self.screen: dict[str, Json] = {}
        self.dialogs: list[Json] = []
        self.rung: list[Json] = []
        self._password = password
        self._changed = asyncio.Condition()
        self._reader: asyncio.Task[None] | None = None
        self._looking: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession()
        async with self._session.post(
            f"{self.url}/api/v4/users/login", json={"login_id": self.username, "password": self._password}
        ) as answer:
            body = await answer.json()
            if answer.status != 200:
                await self._session.close()
                raise Refused(answer.status, body)
            self.token = answer.headers["Token"]
            self._headers = {"Authorization": f"Bearer {self.token}"}
            self.id = body["id"]
        await self._connect()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in (self._reader, *self._looking):
            if task is not None:
                task.cancel()
        await self._socket.close()
        await self._session.close()

    async def rest(self, method: str, path: str, body: Any = None, **params: Any) -> Any:
        """Send a request below /api/v4 and return its JSON. Raises `Refused`."""
        async with self._session.request(
            method, f"{self.url}/api/v4{path}", json=body, params=params, headers=self._headers
        ) as answer:
            text = await answer.text()
            try:
                read = json.loads(text)
            except ValueError:
                read = text
            if answer.status >= 400:
                raise Refused(answer.status, read)
            return read

    async def channel(self, name: str) -> Json:
        """Return a channel of the person's team by name."""
        found: Json = await self.rest("GET", f"/teams/{self.team_id}/channels/name/{name}")
        return found

    async def say(self, channel_id: str, text: str, root_id: str = "", **more: Any) -> Json:
        """Post a message."""
        body = {"channel_id": channel_id, "message": text, "root_id": root_id, **more}
        posted: Json = await self.rest("POST", "/posts", body)
        return posted

    async def upload(self, channel_id: str, name: str, content: bytes) -> Json:
        """Upload a file for a message in a channel. Raises `Refused`."""
        where = {"channel_id": channel_id, "filename": name}
        headers = {**self._headers, "Content-Type": "application/octet-stream"}
        async with self._session.post(
            f"{self.url}/api/v4/files", data=content, params=where, headers=headers
        ) as answer:
            read: Json = await answer.json()
            if answer.status >= 400:
                raise Refused(answer.status, read)
            info: Json = read["file_infos"][0]
            return info

    async def command(self, channel_id: str, text: str, root_id: str = "") -> str:
        """Run a slash command and return what it answers to this person, words and cards."""
        body = {"channel_id": channel_id, "team_id": self.team_id, "command": text, "root_id": root_id}
        answer = await self.rest("POST", "/commands/execute", body)
        return words({"message": answer.get("text"), "props": {"attachments": answer.get("attachments")}})

    async def press(self, post: Json, label: str, choice: str = "") -> None:
        """Press the button whose label begins so, or choose an option, by value or by text, from that menu."""
        control = find_control(post, label)
        body = {"cookie": control.get("cookie", "")}
        if choice:
            options = control.get("options") or []
            body["selected_option"] = next(
                (one["value"] for one in options if choice in (one["value"], one["text"]) or choice in one["text"]),
                choice,
            )
        await self.rest("POST", f"/posts/{post['id']}/actions/{control['id']}", body)

    async def dialog(self, within: float = WITHIN) -> Json:
        """Return the next dialog that is shown to this person."""

        async def shown() -> Json:
            async with self._changed:
                await self._changed.wait_for(lambda: self.dialogs)
                return self.dialogs.pop(0)

        try:
            return await asyncio.wait_for(shown(), within)
        except TimeoutError:
            raise NotSeen(f"no dialog was shown to {self.username} within {within:g} s") from None

    async def submit(self, dialog: Json, channel_id: str, **values: Any) -> Json:
        """Fill in a dialog, its defaults where nothing is said, and return what the integration answered.

        As on a phone, one without any field cannot be sent.
        """
        if not dialog["dialog"]["elements"]:
            raise Refused(400, "a phone does not send a dialog without fields")
        return await self.submit_at_desk(dialog, channel_id, **values)

    async def submit_at_desk(self, dialog: Json, channel_id: str, **values: Any) -> Json:
        """Fill in a dialog in a browser or on the desktop, where one without any field can be sent, too."""
        body = {
            "type": "dialog_submission",
            "url": dialog["url"],
            "callback_id": dialog["dialog"]["callback_id"],
            "state": dialog["dialog"]["state"],
            "channel_id": channel_id,
            "team_id": self.team_id,
            "submission": defaults(dialog) | values,
            "cancelled": False,
        }
        answered = await self.rest("POST", "/actions/dialogs/submit", body)
        return answered if isinstance(answered, dict) else {}

    async def sees(
        self,
        *parts: str,
        where: str = "",
        within: float = WITHIN,
        that: Callable[[Json], bool] = lambda post: True,
        without: Iterable[str] = (),
    ) -> Json:
        """Wait until a post shows all `parts` (in the channel `where`), and return it."""
        absent = tuple(without)

        def match() -> Json | None:
            for post in reversed(self.screen.values()):
                shown = words(post)
                fits = all(part in shown for part in parts) and not any(part in shown for part in absent)
                if fits and where in ("", post["channel_id"]) and that(post):
                    return post
            return None

        async def seen() -> Json:
            async with self._changed:
                await self._changed.wait_for(lambda: match() is not None)
                found = match()
                assert found is not None
                return found

        try:
            return await asyncio.wait_for(seen(), within)
        except TimeoutError:
            raise NotSeen(
                f"{self.username} did not see {parts} within {within:g} s, but:\n"
                + "\n".join(words(post) for post in list(self.screen.values())[-12:])
            ) from None

    async def open(self, channel_id: str) -> None:
        """Look at a channel: read the posts that are there already, as they are now."""
        listed = await self.rest("GET", f"/channels/{channel_id}/posts")
        async with self._changed:
            for post_id in reversed(listed["order"]):
                post = listed["posts"][post_id]
                if post["update_at"] >= self.screen.get(post_id, post)["update_at"]:
                    self.screen[post_id] = post
            self._changed.notify_all()

    async def reload(self, channel_id: str) -> None:
        """Load the client anew, which makes another connection, with a channel open."""
        if self._reader is not None:
            self._reader.cancel()
        await self._socket.close()
        await self._connect()
        await self.open(channel_id)

    async def _connect(self) -> None:
        socket = self.url.replace("http", "ws", 1) + "/api/v4/websocket"
        self._socket = await self._session.ws_connect(socket, headers=self._headers, max_msg_size=0)
        self._reader = asyncio.create_task(self._read())

    async def _read(self) -> None:
        async for frame in self._socket:
            event = json.loads(frame.data)
            if event.get("event") == "user_added" and (event.get("data") or {}).get("user_id") == self.id:
                # As a client does: what was written there before is read, and none of it is told again.
                self._look_into(event["broadcast"]["channel_id"])
            async with self._changed:
                self._take(event.get("event", ""), event.get("data") or {})
                self._changed.notify_all()

    def _look_into(self, channel_id: str) -> None:
        async def look() -> None:
            with suppress(Refused):
                await self.open(channel_id)

        task = asyncio.create_task(look())
        self._looking.add(task)
        task.add_done_callback(self._looking.discard)

    def _take(self, kind: str, data: Json) -> None:
        match kind:
            case "posted" | "post_edited" | "ephemeral_message":
                post = json.loads(data["post"])
                if self.id in json.loads(data.get("mentions") or "[]"):
                    self.rung.append(post)
                known = self.screen.get(post["id"])
                if known is None or post["update_at"] >= known["update_at"]:
                    self.screen[post["id"]] = post
            case "post_deleted":
                self.screen.pop(json.loads(data["post"])["id"], None)
            case "open_dialog":
                self.dialogs.append(json.loads(data["dialog"]))


def words(post: Json) -> str:
    """Return all that a post shows, as plain lines."""
    lines = [post.get("message") or ""]
    for card in (post.get("props") or {}).get("attachments") or []:
        lines += [card.get("pretext") or "", card.get("title") or "", card.get("text") or ""]
        lines += [f"{field['title']}: {field['value']}" for field in card.get("fields") or []]
        lines += [card.get("footer") or ""]
        lines += [f"[{control['name']}]" for control in card.get("actions") or []]
    # Nobody sees the joiner that keeps a name from calling somebody.
    return "\n".join(line for line in lines if line).replace("\u2060", "")


def controls(post: Json) -> list[Json]:
    """Return a post's buttons and menus."""
    cards = (post.get("props") or {}).get("attachments") or []
    return [control for card in cards for control in card.get("actions") or []]


def find_control(post: Json, label: str) -> Json:
    """Return the button or menu whose label begins so. Raises `NotSeen`."""
    for control in controls(post):
        if control["name"].startswith(label):
            return control
    raise NotSeen(f"no button {label!r} on:\n{words(post)}")


def defaults(dialog: Json) -> Json:
    """Return what a dialog holds before anything is changed."""
    elements = dialog["dialog"].get("elements") or []
    return {one["name"]: one.get("default") or "" for one in elements}
