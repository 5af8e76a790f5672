"""The way from the server to the bot, tried as people use it: by a signed button that the server is made to press."""

import secrets
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from bot.doors import ping
from bot.driver import Driver, ServerRefused, ServerUnreachable
from bot.wire.signing import Signer

BUTTON = "waybackping"
WORDS = "Muster tries whether presses reach it. This message goes away by itself."


class WayBack:
    """Tries the way to `url` in the bot's conversation with itself, which nobody else sees.

    A message that was pressed in vain is kept and pressed again the next time, so that trying for days leaves no more
    than one. `is_refused` tells whether the server refused the last press.
    """

    def __init__(self, driver: Driver, url: str, signer: Signer, me: str, words: str = WORDS) -> None:
        self.is_refused = False
        self._words = words
        self._driver = driver
        self._url = url
        self._signer = signer
        self._me = me
        self._post_id = ""
        self._arg = ""

    async def works(self) -> bool:
        """Return whether a press arrives. Raises `ServerUnreachable` and `ServerRefused` where that cannot be told."""
        if not self._post_id:
            await self._write()
        try:
            path = f"/posts/{self._post_id}/actions/{BUTTON}"
            await self._driver.client.post(path, {"selected_option": ""})
            self.is_refused = False
        except (ServerRefused, ServerUnreachable):
            # That may mean that the server could not reach us, or that the message is gone; looking tells.
            self.is_refused = True
        try:
            shown = await self._driver.client.get(f"/posts/{self._post_id}")
        except ServerRefused:
            self._post_id = ""
            raise
        if not ping.is_pong(self._signer, str(shown.get("message")), self._arg):
            return False
        await self.clear()
        return True

    async def clear(self) -> None:
        """Take the message away."""
        post_id, self._post_id = self._post_id, ""
        if post_id:
            with suppress(ServerRefused, ServerUnreachable):
                await self._driver.client.delete(f"/posts/{post_id}")

    async def _write(self) -> None:
        channel = await self._driver.channels.create_direct_message_channel([self._me, self._me])
        arg = secrets.token_urlsafe(6)
        post = await self._driver.client.post("/posts", {"channel_id": channel["id"], **self._message(arg)})
        self._post_id, self._arg = str(post["id"]), arg

    def _message(self, arg: str) -> dict[str, Any]:
        """Return a message whose button makes the server call the door."""
        button = {
            "id": BUTTON,
            "name": "Ping",
            "type": "button",
            "integration": {
                "url": f"{self._url}/actions",
                "context": {"m": ping.ping(self._signer, arg, datetime.now(UTC))},
            },
        }
        shown = {"fallback": self._words, "text": self._words, "actions": [button]}
        return {"message": "", "props": {"attachments": [shown]}}
