"""Listening where only this machine can knock: offered once a call of the server's has arrived there.

Neither the server's address nor that of the door tells it: a server in a container has a local address, too, and calls
from somewhere else.
"""

import asyncio

from bot.admin.doctor_door import opened
from bot.admin.setup_questions import Questions
from bot.doors.way_back import WayBack
from bot.driver import ServerRefused, ServerUnreachable, connect
from bot.settings.config import Config
from bot.wire.reading import BadFrame, read_user
from bot.wire.signing import Signer

LOOPBACK = "127.0.0.1"
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - looked for here, not listened at
LONGEST = 10.0
"""Seconds that the call is waited for."""


async def wants_loopback(config: Config, ask: Questions) -> bool:
    """Return whether somebody wants to listen for this machine alone, which is asked only where that works."""
    callbacks = config.callbacks
    is_tried = ask.asks and callbacks.mode != "off" and callbacks.listen_host in EVERYWHERE
    if not is_tried or not await _arrives(config):
        return False
    return ask.yes(
        f"The server's calls arrive at {LOOPBACK}, where no other machine can knock. Listen there alone?", default=True
    )


async def _arrives(config: Config) -> bool:
    """Tell whether the server, made to press a button of the bot's, reaches a door that stands at loopback alone."""
    driver = connect(config.server.url, config.token.get_secret_value(), verify=config.server.verify_tls)
    signer = Signer(config.callbacks.secret.get_secret_value())
    there = config.model_copy(update={"callbacks": config.callbacks.model_copy(update={"listen_host": LOOPBACK})})
    try:
        async with asyncio.timeout(LONGEST):
            me = read_user(await driver.client.get("/users/me")).id
            async with opened(there, signer, me) as door:
                return door.is_own and await _is_pressed(WayBack(driver, config.callbacks.url, signer, me))
    except (ServerRefused, ServerUnreachable, BadFrame, TimeoutError):
        return False
    finally:
        await driver.close()


async def _is_pressed(way: WayBack) -> bool:
    try:
        return await way.works()
    finally:
        await way.clear()
