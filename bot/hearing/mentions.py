"""The @names that stand in a text, as the server reads them."""

import re

from handlers.plain_text import outside_code
from handlers.words import say

MOST = 100
"""How many @names of one text are looked up: what the server is asked for at once, and more than a command is for."""
LONGEST = 64
"""How long a user name is at most (server source: model/user.go)."""
NOT_PEOPLE = frozenset({"all", "channel", "here"})

_NAME = re.compile(r"(?<![\w@.\-/])@([a-z0-9][a-z0-9._\-]*)", re.IGNORECASE)


def too_many(count: int) -> str:
    """Say that a command names more people than are looked up."""
    return say("door", count=count, most=MOST)["too_many_names"]


def mentions_in(text: str) -> tuple[str, ...]:
    """Return the @names that stand in a text, outside code, in lower case and in their order.

    A name may end in `.`, `-` or `_`, and so may a sentence; then every shorter reading is returned as well, after
    the longer one, as the server tries them (server source: app/notification.go:checkForMention).
    """
    found: dict[str, None] = {}
    if "@" in text:
        for match in _NAME.finditer(outside_code(text)):
            name = match[1].lower()
            shortest = max(1, len(name.rstrip("._-")))
            for length in range(min(len(name), LONGEST), shortest - 1, -1):
                found[name[:length]] = None
    return tuple(name for name in found if name not in NOT_PEOPLE)
