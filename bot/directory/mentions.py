"""The @names that stand in a text, as the server reads them."""

import re
from bisect import bisect_left
from collections.abc import Iterator

from handlers.text.readers import ANYBODY, Reader
from handlers.text.sentences import say

MOST = 100
"""How many @names of one text are looked up: what the server is asked for at once, and more than a command is for."""
LONGEST = 64
"""How long a user name is at most (server source: model/user.go)."""
NOT_PEOPLE = frozenset({"all", "channel", "here"})

_MARKS = re.compile(r"`+|~{3,}")
_NAME = re.compile(r"(?<![\w@＠.\-/])[@＠]([a-z0-9][a-z0-9._\-]*)", re.IGNORECASE)


def too_many(count: int, to: Reader = ANYBODY) -> str:
    """Say that a command names more people than are looked up."""
    return say("door", to, count=count, most=MOST)["too_many_names"]


def mentions_in(text: str) -> tuple[str, ...]:
    """Return the @names that stand in a text, outside code, in lower case and in their order.

    A name may end in `.`, `-` or `_`, and so may a sentence; then every shorter reading is returned as well, after
    the longer one, as the server tries them (server source: app/notification.go:checkForMention).
    """
    found: dict[str, None] = {}
    if "@" in text or "＠" in text:
        for match in _NAME.finditer(" ".join(_outside_code(text))):
            name = match[1].lower()
            shortest = max(1, len(name.rstrip("._-")))
            for length in range(min(len(name), LONGEST), shortest - 1, -1):
                found[name[:length]] = None
    return tuple(name for name in found if name not in NOT_PEOPLE)


def _outside_code(text: str) -> Iterator[str]:
    """Yield what is not code: three marks or more hide all up to as many, or to the end, fewer up to just as many."""
    closing = {length: [one.start() for one in _MARKS.finditer(text) if one[0] == "`" * length] for length in (1, 2)}
    at = begin = 0
    while (found := _MARKS.search(text, begin)) is not None:
        code = _code(text, found, closing)
        if code is None:
            begin = found.end()
        else:
            yield text[at : code[0]]
            at = begin = code[1]
    yield text[at:]


def _code(text: str, found: re.Match[str], closing: dict[int, list[int]]) -> tuple[int, int] | None:
    """Return from where to where code reaches that begins with some marks; None where none does."""
    marks, end = found[0], found.end()
    if len(marks) >= 3:
        at = text.find(marks, end)
        return found.start(), at + len(marks) if at >= 0 else len(text)
    for length in range(len(marks), 0, -1):
        at = bisect_left(closing[length], end)
        if at < len(closing[length]):
            return end - length, closing[length][at] + length
    return None
