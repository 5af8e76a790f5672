"""The @names that stand in a text, as the server reads them."""

import re

from handlers.words import say

MOST = 100
"""How many @names of one text are looked up: what the server is asked for at once, and more than a command is for."""
NOT_PEOPLE = frozenset({"all", "channel", "here"})

_CODE = re.compile(r"(`{3,}|~{3,}).*?(?:\1|\Z)|(`+)(?!`).+?(?<!`)\2(?!`)", re.DOTALL)
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
        for match in _NAME.finditer(_CODE.sub(" ", text)):
            name = match[1].lower()
            found[name] = None
            while name[-1:] in "._-" and len(name) > 1:
                name = name[:-1]
                found[name] = None
    return tuple(name for name in found if name not in NOT_PEOPLE)
