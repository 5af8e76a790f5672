"""A time that stands before free text, such as `tomorrow 5pm All good`: read whole, or not at all.

The longest beginning that is a time counts. Where the text could go on with the time (`2h 30 servers left`), or the
time with the text (`tomorrow morning shift takes over`), nobody can tell where it ends, and it is refused.
"""

import re
from dataclasses import dataclass
from datetime import datetime, tzinfo

from handlers.text import times
from handlers.text.readers import ENGLISH
from handlers.text.time_words import compared, is_telling

_BEFORE_NUMBERS = frozenset({"at", "@", "by", "and", "until", "till", "til"})
_JOINING = frozenset({"and", "&", "+", "-", "/", "to", "until", "till", "til"})
"""What joins a time and another on one line."""
_GOING_ON = re.compile(r"(?:of|or|sharp|ish|at (?:the )?(?:latest|most|least))\b")
"""How no text begins, but the rest of a time that is not understood."""


class Endless(times.Unreadable):
    """Nobody can tell where the time ends that these words begin with."""


@dataclass(frozen=True, slots=True)
class Leading:
    """A time (UTC), the words that say it, and the text behind them."""

    at: datetime
    words: str
    rest: str


def leading(text: str, where: tzinfo, now: datetime, language: str = ENGLISH) -> Leading:
    """Return the time that a text begins with. Raises `times.Unreadable`."""
    words = list(re.finditer(r"\S+", text))[: times.MOST_WORDS]
    ends = [end for end in range(1, len(words) + 1) if _is_time(text[: words[end - 1].end()], where, now, language)]
    if not ends:
        raise times.Unreadable(text, words[0][0] if words else "")
    said = text[: words[ends[-1] - 1].end()]
    found = Leading(times.parse(said, where, now, language), said, text[len(said) :].strip())
    more = [word[0] for word in words[ends[-2] : ends[-1]]] if len(ends) > 1 else []
    if found.rest and (_goes_on(text[len(said) :]) or _is_endless(more, found.rest.split(maxsplit=1)[0])):
        raise Endless(text)
    return found


def _is_time(words: str, where: tzinfo, now: datetime, language: str) -> bool:
    """Return whether words are a time, or would be if it were clear which one."""
    try:
        times.parse(words, where, now, language)
    except (times.Ambiguous, times.FarAway):
        return True
    except times.Unreadable:
        return False
    return True


def _goes_on(behind: str) -> bool:
    """Return whether the words right behind a time lead to more of it, such as `or 3h`, `& 30m` or `at the latest`."""
    same_line, *_ = behind.splitlines()
    said = [compared(word).removeprefix("+") or "+" for word in same_line.split()]
    joined = next((word for word in said if word not in _JOINING), "")
    return bool(_GOING_ON.match(" ".join(said))) or is_telling(joined)


def _is_endless(more: list[str], following: str) -> bool:
    """Return whether the words that make a time longer may be text, or the first word of the text part of the time."""
    if is_telling(following):
        return True
    if not more:
        return False
    numbers = [word for word in map(compared, more) if word not in _BEFORE_NUMBERS]
    is_mere_number = len(numbers) == 1 and numbers[0].isdigit()
    is_like_text = more[0].istitle() and not _has_digit("".join(more))
    return is_mere_number or is_like_text or (following.islower() and not _has_digit(more[-1]))


def _has_digit(word: str) -> bool:
    return any(letter.isdigit() for letter in word)
