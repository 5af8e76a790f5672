"""The server's own slash commands, as far as the sandbox can run them: /echo."""

import asyncio
import re

from ..command_response import CommandResponse
from ..errors import ApiError
from ..model import Channel, User
from ..permissions import may_post
from ..posting import new_post, publish_post, send_ephemeral
from ..world import World

HINTS = {"echo": ("'message' [delay in seconds]", "Echo back text from your account")}
"""Hint and description of each command that can be run."""
LONGEST_DELAY = 10_000
_QUOTED = re.compile(r'"(.+)"([^"]*)', re.DOTALL)
_DELAYED = re.compile(r"(.*)( [+-]?\d+)", re.DOTALL)


def run(world: World, user: User, channel: Channel, root_id: str, text: str) -> CommandResponse:
    """Run /echo: the text is posted in the asker's name, some seconds later if it ends with a number of them."""
    if not text:
        return _refusal(world, user, channel, "A message must be provided with the /echo command.")
    found = _QUOTED.fullmatch(text) or _DELAYED.fullmatch(text)
    words, tail = found.groups() if found else (text, "")
    delay = int(tail) if re.fullmatch(r"\s*[+-]?\d+\s*", tail) else 0
    if delay > LONGEST_DELAY:
        return _refusal(world, user, channel, "Delays must be under 10000 seconds.")
    asyncio.get_running_loop().call_later(max(delay, 0), _post, world, user, channel, root_id, words)
    return CommandResponse()


def _post(world: World, user: User, channel: Channel, root_id: str, words: str) -> None:
    """Post it, unless that has become impossible, of which the server tells nobody either."""
    if not may_post(world, user, channel) or (root_id and root_id not in world.posts):
        return
    post = new_post(world, channel.id, user.id, words)
    post.root_id = root_id
    try:
        publish_post(world, post, user, session_bot=user.is_bot)
    except ApiError:
        return


def _refusal(world: World, user: User, channel: Channel, words: str) -> CommandResponse:
    send_ephemeral(world, new_post(world, channel.id, user.id, words), user.id)
    return CommandResponse(text=words, response_type="ephemeral")
