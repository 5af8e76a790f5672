"""Adding people to a channel: who they are, who can be added, and why each of the others cannot."""

import asyncio
from collections.abc import Iterator, Sequence
from typing import Any

from bot.delivery.refusals import invitation_reason, is_hopeless, reason
from bot.directory import groups
from bot.driver import Driver, ServerRefused
from bot.wire.answers import Server
from bot.wire.reading import read_users
from handlers.effects import Invite
from handlers.events import NotInvited, Person

AT_ONCE = 100
PAGE = 200
"""How many people the server lists at a time, at most (server source: api4/user.go)."""
BULK_SINCE = (10, 0)


async def invite(driver: Driver, effect: Invite, server: Server) -> tuple[tuple[Person, ...], dict[str, NotInvited]]:
    """Return who is in the channel now and, by user name (or as asked for), why each of the others is not.

    Somebody who was in before counts as added. Of a group nobody is refused whose account is deactivated. Raises
    `ServerRefused` where the channel itself is gone, and `groups.Unknown`.
    """
    wanted, refused = await _who(driver, effect)
    people = [one for one in wanted if one.is_active]
    refused |= {one.username: "deactivated" for one in wanted if not one.is_active}
    added = await _add_many(driver, effect.place_id, people) if server.version >= BULK_SINCE else set()
    for one, why in await _add_each(driver, effect.place_id, [one for one in people if one.id not in added]):
        if why:
            refused[one.username] = why
    return tuple(one for one in people if one.username not in refused), refused


async def present(driver: Driver, place_id: str) -> tuple[Person, ...]:
    """Return who is in a channel now, deactivated accounts left out; nobody where the bot may not know."""
    found: dict[str, Person] = {}
    page = 0
    while True:
        asked = {"in_channel": place_id, "page": page, "per_page": PAGE}
        try:
            people = _people(await driver.client.get("/users", params=asked))
        except ServerRefused as refusal:
            if not is_hopeless(refusal):
                raise
            return ()
        found |= people
        page += 1
        if len(people) < PAGE:
            return tuple(one for one in found.values() if one.is_active)


async def _who(driver: Driver, effect: Invite) -> tuple[list[Person], dict[str, NotInvited]]:
    names = [name.lower().removeprefix("@") for name in effect.usernames]
    answers = await asyncio.gather(
        *(driver.users.get_users_by_ids(options=ids) for ids in _chunks(list(effect.person_ids))),
        *(driver.users.get_users_by_usernames(options=some) for some in _chunks(names)),
    )
    found: dict[str, Person] = {}
    for answer in answers:
        found |= _people(answer)
    of_group = await groups.members(driver.client, effect.group) if effect.group else ()
    found |= {one.id: one for one in of_group if one.is_active}
    known = {one.username for one in found.values()}
    missing = [id for id in effect.person_ids if id not in found] + [n for n in names if n not in known]
    return list(found.values()), dict.fromkeys(missing, "unknown")


async def _add_many(driver: Driver, place_id: str, people: Sequence[Person]) -> set[str]:
    """Return the ids of those added in one request; the server leaves out silently whom it cannot add."""
    added: set[str] = set()
    for some in _chunks([one.id for one in people]):
        try:
            members = await driver.channels.add_user(place_id, options={"user_ids": some})
        except ServerRefused as refusal:
            if not is_hopeless(refusal):
                raise
            return added
        added |= {member["user_id"] for member in members} if isinstance(members, list) else set()
    return added


async def _add_each(
    driver: Driver, place_id: str, people: Sequence[Person]
) -> Sequence[tuple[Person, NotInvited | None]]:
    some_at_once = asyncio.Semaphore(4)

    async def add(one: Person) -> tuple[Person, NotInvited | None]:
        async with some_at_once:
            return one, await _add(driver, place_id, one)

    return await asyncio.gather(*(add(one) for one in people))


async def _add(driver: Driver, place_id: str, one: Person) -> NotInvited | None:
    try:
        await driver.channels.add_user(place_id, options={"user_id": one.id})
    except ServerRefused as refusal:
        if not is_hopeless(refusal) or reason(refusal) == "channel_gone":
            raise
        return invitation_reason(refusal)
    return None


def _people(answer: Any) -> dict[str, Person]:
    return {user.id: user.person for user in read_users(answer)}


def _chunks(items: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(items), AT_ONCE):
        yield list(items[start : start + AT_ONCE])
