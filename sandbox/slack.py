"""Reads Slack's notation for links and mentions, which servers accept from integrations."""

import re

from .world import World

_LINK = re.compile(r"<([^<\n|]+)\|(.+)", re.DOTALL)
_BARE_LINK = re.compile(r"<((?:https?|mailto):[^<>\s]+)>")
_USER = re.compile(r"<@([a-z0-9]{26})>")
_SPECIAL = re.compile(r"<!(channel|here|all|everyone)>")


def from_slack(world: World, text: str) -> str:
    """Return a text with Slack's angle brackets turned into Markdown and mentions."""
    text = _SPECIAL.sub(lambda match: f"@{match[1]}".replace("@everyone", "@all"), text)
    text = _USER.sub(lambda match: _mention(world, match[1]) or match[0], text)
    *closed, rest = text.split(">")
    return _BARE_LINK.sub(r"\1", "".join([*map(_link, closed), rest]))


def _link(text: str) -> str:
    """Return what stands before a `>`, and that sign, with the link that ends there: `<address|words>`."""
    found = _LINK.search(text)
    return f"{text[: found.start()]}[{found[2]}]({found[1]})" if found else f"{text}>"


def _mention(world: World, user_id: str) -> str:
    user = world.users.get(user_id)
    return f"@{user.username}" if user else ""
