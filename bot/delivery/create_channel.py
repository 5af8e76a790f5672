"""Creating a run's channel once: a legal, free name, and knowing one's own channel again after a crash."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from bot.delivery.refusals import CHANNEL_EXISTS
from bot.driver import Driver, ServerRefused
from bot.wire.outgoing import new_channel
from handlers.effects import OpenChannel

LONGEST_NAME = 64
_SUFFIX_ROOM = 12


async def open_channel(
    driver: Driver, effect: OpenChannel, own_id: str, *, is_repeated: bool = False
) -> Mapping[str, Any]:
    """Return the channel, new or made by an attempt before this one. Raises `ServerRefused`.

    The names tried are the same at each attempt, so an earlier attempt's channel is met on the way, unless somebody has
    given it another address meanwhile: where there may be one it is looked for first.
    """
    if is_repeated and (earlier := await _made_before(driver, effect, own_id)) is not None:
        return earlier
    taken: ServerRefused | None = None
    for name in names(effect.name, effect.mark):
        try:
            made: Mapping[str, Any] = await driver.channels.create_channel(options=new_channel(effect, name))
        except ServerRefused as refusal:
            if refusal.id != CHANNEL_EXISTS:
                raise
            taken = refusal
        else:
            return made
        found = await _by_name(driver, effect.team_id, name)
        if found and _is_ours(found, effect, own_id):
            return found
    raise taken or ServerRefused(400, CHANNEL_EXISTS)


def names(wish: str, mark: str) -> Iterator[str]:
    """Yield the names to try: the wish made legal, then with numbers, at last with the mark, which nobody else has."""
    name = legal_name(wish)
    yield name
    for number in range(2, 6):
        yield f"{name}-{number}"
    yield f"{name[:38].strip('-')}-{legal_name(mark)[-24:].strip('-')}"


def legal_name(wish: str) -> str:
    """Return a channel name that every server version takes (server source: model/channel.go:IsValid)."""
    plain = unicodedata.normalize("NFKD", wish).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[: LONGEST_NAME - _SUFFIX_ROOM].strip("-")
    return name if len(name) >= 2 else f"run-{name}".strip("-")


async def _made_before(driver: Driver, effect: OpenChannel, own_id: str) -> Mapping[str, Any] | None:
    mine: list[Mapping[str, Any]] = await driver.client.get(f"/users/me/teams/{effect.team_id}/channels")
    return next((channel for channel in mine if _is_ours(channel, effect, own_id)), None)


def _is_ours(channel: Mapping[str, Any], effect: OpenChannel, own_id: str) -> bool:
    return channel["creator_id"] == own_id and effect.mark in (channel.get("purpose") or "")


async def _by_name(driver: Driver, team_id: str, name: str) -> Mapping[str, Any] | None:
    try:
        found: Mapping[str, Any] = await driver.client.get(
            f"/teams/{team_id}/channels/name/{name}", params={"include_deleted": True}
        )
    except ServerRefused as refusal:
        # Somebody else's private channel is not to be seen.
        if refusal.status in (403, 404):
            return None
        raise
    return found
