"""Whether somebody may still act in the channel where a dialog was opened for them, as the server says now."""

import asyncio
from typing import Literal

from bot.directory.directory import Directory
from bot.directory.protocols import Rest
from bot.driver import ServerRefused, ServerUnreachable
from bot.wire.reading import read_channel

SOON = 2.0
"""Seconds that whoever submits a dialog waits for the server's answer."""

Absence = Literal["", "archived", "left"]


async def absent(client: Rest, directory: Directory, person_id: str, place_id: str) -> Absence:
    """Return why somebody cannot act in a channel any more, or nothing.

    The server has asked about the channel that the client named, which may be another one. Of channels that it does
    not show to the bot nothing is known, and the bot does nothing there; in public ones whoever is in the team may
    act. Raises `ServerUnreachable`, and `ServerRefused` where that tells nothing about the channel.
    """
    try:
        async with asyncio.timeout(SOON):
            channel = read_channel(await client.get(f"/channels/{place_id}"))
            await directory.store_place(channel)
            if channel.delete_at:
                return "archived"
            if channel.type == "P" and not await _is_in(client, person_id, place_id):
                return "left"
    except TimeoutError:
        raise ServerUnreachable("no answer about a channel in time") from None
    except ServerRefused as refusal:
        if refusal.status not in (403, 404):
            raise
    return ""


async def _is_in(client: Rest, person_id: str, place_id: str) -> bool:
    try:
        await client.get(f"/channels/{place_id}/members/{person_id}")
    except ServerRefused as refusal:
        if refusal.status != 404:
            raise
        return False
    return True
