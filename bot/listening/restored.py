"""Channels that were restored and nobody told the bot: it asks, while runs in progress wait in archived ones.

For each connection the server remembers for half an hour which channels its user is in. It looks that up anew when the
user comes into a channel or leaves one, and leaves out what is archived at that time, so of such a channel nothing is
told any more, nor that it was restored (server source: app/web_conn.go; so do 5.37, 10.0 and 11.6).
"""

from contextlib import suppress

import structlog

from bot.directory.protocols import Asks, Rest
from bot.directory.retry import Passing, Patience, passes
from bot.driver import ServerRefused
from bot.listening.listener import Listener
from bot.wire.reading import BadFrame, read_channel

log = structlog.get_logger()

MOST = 20
"""About how many channels it is asked each time."""


class RestoredChannels:
    """Has the `listener` take up again what can be used again, once each time that a channel is restored."""

    def __init__(self, readers: Asks, client: Rest, listener: Listener, patience: Patience) -> None:
        self._readers = readers
        self._client = client
        self._listener = listener
        self._patience = patience
        self._open: dict[str, int] = {}

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await self._patience.sleep(self._patience.restored_every)
            # Of what passes others tell, who need an answer now; here it is asked again in any case.
            with suppress(*Passing, BadFrame):
                await self.look()

    async def look(self) -> None:
        """Ask once about each archived channel of runs in progress. Raises what passes."""
        archived = await self._readers.ask(lambda store: store.archived_places(MOST))
        found = {place_id: since for place_id in archived if (since := await self._open_since(place_id)) is not None}
        restored = {place_id: since for place_id, since in found.items() if place_id not in self._open}
        self._open = found
        if restored:
            log.info("restored channels found", action="restored_found", places=sorted(restored))
            self._listener.take_up_again(restored)

    async def _open_since(self, place_id: str) -> int | None:
        """Return since when (ms) a channel can be used again at the latest; None if not by the bot."""
        try:
            channel = read_channel(await self._client.get(f"/channels/{place_id}"))
            if channel.delete_at:
                return None
            await self._client.get(f"/channels/{place_id}/members/me")
        except ServerRefused as error:
            if passes(error):
                raise
            return None
        # To restore a channel is the last change of it, unless it was also renamed since.
        return channel.update_at
