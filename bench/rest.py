"""The few answers by REST that bots want of a server before they listen, and when they reply."""

import json
from collections.abc import Sequence
from typing import Any

from bench import frames

VERSION = "11.6.0"


class Rest:
    """Answers by method and path below `/api/v4`; `channels` are the numbers of those that the bot is in."""

    def __init__(self, channels: Sequence[int]) -> None:
        self.channels = channels
        self.posts = 0

    def answer(self, method: str, path: str, body: bytes) -> tuple[int, Any]:
        """Return status and JSON."""
        parts = path.partition("?")[0].strip("/").split("/")
        said = json.loads(body) if body[:1] in (b"{", b"[") else {}
        match method, *parts:
            case "POST", "posts":
                return 201, self._post(said)
            case "POST", "posts", "ephemeral":
                return 201, self._post(said["post"])
            case "PUT", "posts", post_id, *_:
                return 200, self._post({"channel_id": frames.channel(0)} | said) | {"id": post_id}
            case "POST", "users", "ids":
                return 200, [self._person(one) for one in said]
            case "POST", "teams", team_id, "members", "ids":
                return 200, [{"team_id": team_id, "user_id": one, "delete_at": 0} for one in said]
            case "POST", "users", "usernames":
                return 200, []
            case "POST", "users", "login":
                return 200, self._person(frames.ME)
            case "POST", "roles", "names":
                return 200, [{"name": "system_user", "permissions": ["create_post", "create_post_ephemeral"]}]
            case "POST", "channels", "direct":
                return 201, self._channel(0) | {"type": "D", "team_id": ""}
            case _ if method == "GET":
                return 200, self._read(parts)
        return 200, {"status": "OK"}

    def _read(self, parts: list[str]) -> Any:
        match parts:
            case ["users", "me", "teams"] | ["users", frames.ME, "teams"] | ["teams"]:
                return [self._team()]
            case ["users", _, "teams", _, "channels"]:
                return [self._channel(n) for n in self.channels]
            case ["users", "me"]:
                return self._person(frames.ME)
            case ["users", "username", name]:
                return self._person(frames.ME) | {"username": name}
            case ["users", one]:
                return self._person(one)
            case ["teams", "name", _, "channels", "name", _] | ["teams", _, "channels", "name", _]:
                return self._channel(0)
            case ["teams", "name", _] | ["teams", _]:
                return self._team()
            case ["channels", one, "posts"]:
                return {"order": [], "posts": {}}
            case ["channels", one] if one[-1:].isdigit():
                return self._channel(int(one[-6:]))
            case ["channels", _, "members", *_]:
                return {"channel_id": frames.channel(0), "user_id": frames.ME, "roles": "channel_user"}
            case ["config", "client"]:
                return {"Version": VERSION, "SiteURL": "", "MaxPostSize": "16383"}
            case _:
                return {}

    def _post(self, said: dict[str, Any]) -> dict[str, Any]:
        self.posts += 1
        at = frames.START + self.posts
        known = {"create_at": at, "update_at": at, "delete_at": 0, "user_id": frames.ME, "type": "", "root_id": ""}
        return known | {"id": f"reply{self.posts:021d}", "message": "", "props": {}} | said

    def _person(self, one: str) -> dict[str, Any]:
        mine = one in (frames.ME, "me")
        name = "muster" if mine else f"person{int(one[-6:])}"
        return {"id": frames.ME if mine else one, "username": name, "roles": "system_user", "is_bot": mine}

    def _team(self) -> dict[str, Any]:
        return {"id": frames.TEAM, "name": "ops", "display_name": "Operations", "delete_at": 0}

    def _channel(self, n: int) -> dict[str, Any]:
        return {
            "id": frames.channel(n),
            "team_id": frames.TEAM,
            "type": "O",
            "name": f"channel-{n}",
            "display_name": f"Channel {n}",
            "create_at": frames.START - 1000,
            "last_post_at": frames.START - 1000,
            "delete_at": 0,
        }
