"""What an administrator can grant beyond the necessary, done only when asked: each says what it changes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bot.admin import server_settings
from bot.admin.account import explained
from bot.driver import Driver, ServerRefused
from bot.trouble import Trouble

EPHEMERAL_FROM = (6, 0)
"""Older servers change roles only with a licence."""
ROLE, RIGHT = "system_post_all", "create_post_ephemeral"

OFFER = (
    "Muster can show short answers to one person alone, inside a channel; without that it answers in a direct message. "
    f'For this the right "{RIGHT}" is added to the server\'s role "{ROLE}", and the bot is given that role. '
    "Every account that has the role gets the right, too; and the role lets the bot post into any channel, also where "
    "it is no member. Reading is not part of it."
)
TOO_OLD = (
    "Messages that one person alone sees need a right that this server changes only with a licence (before 6.0). "
    "Muster answers in direct messages instead."
)


async def has_ephemeral(driver: Driver, roles: str) -> bool:
    """Tell whether one of the roles lets its holder show a message to one person alone."""
    if not roles:
        return False
    rows = await driver.client.post("/roles/names", options=roles.split())
    return any(RIGHT in (row.get("permissions") or []) for row in rows)


async def grant_ephemeral(admin: Driver, username: str) -> list[str]:
    """Let the bot show messages to one person alone; return what was changed. Raises `Trouble`."""
    done: list[str] = []
    with explained("change a role"):
        role = await admin.client.get(f"/roles/name/{ROLE}")
        if RIGHT not in (held := list(role.get("permissions") or [])):
            await admin.client.put(f"/roles/{role['id']}/patch", {"permissions": [*held, RIGHT]})
            done.append(f"The role {ROLE} has the right {RIGHT} now.")
        user = await admin.client.get(f"/users/username/{username}")
        if ROLE not in (roles := str(user["roles"]).split()):
            await admin.client.put(f"/users/{user['id']}/roles", {"roles": " ".join([*roles, ROLE])})
            done.append(f"@{user['username']} has the role {ROLE} now.")
    return done


async def allow_calls(admin: Driver, host: str) -> str:
    """Add a host to those that the server may call; return what was done. Raises `Trouble`."""
    key = server_settings.CONNECTIONS
    with explained("change a setting"):
        held = str(server_settings.value(await admin.client.get("/config"), key) or "")
        await _set(admin, key, f"{held} {host}".strip())
    return f"The server may call {host} now ({key})."


@asynccontextmanager
async def bots_may_be_created(admin: Driver) -> AsyncIterator[None]:
    """Switch the creation of bots on, and back off at the end. Raises `Trouble`."""
    await _set(admin, server_settings.BOTS, True)
    try:
        yield
    finally:
        await _set(admin, server_settings.BOTS, False)


async def _set(admin: Driver, key: str, wanted: Any) -> None:
    """Change a setting and look whether it holds: one that comes from the server's environment cannot be changed."""
    with explained("change a setting"):
        try:
            await admin.client.put("/config/patch", server_settings.patch(key, wanted))
        except ServerRefused as refusal:
            if refusal.status != 403:
                raise
            raise Trouble(f"The server does not let its settings be changed from afar. {_by_hand(key)}") from None
        held = server_settings.value(await admin.client.get("/config"), key)
    if held != wanted:
        variable = f"MM_{key.replace('.', '_').upper()}"
        raise Trouble(f"{key} did not change; the server seems to take it from {variable}. Change it there.")


def _by_hand(key: str) -> str:
    return f"Change it there: {server_settings.place(key)}."
