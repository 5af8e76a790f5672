"""Names made from what people wrote: a run's headline from a message, a channel's name from a run's."""

import re
import unicodedata
from collections.abc import Iterable

from handlers.text.words import one_line, shorten

# A run of signs is looked at from its beginning alone.
_NOISE = re.compile(r"```.*?```|`[^`]*`|https?://\S+|(?<![*_~>#])[*_~>#]++(?=\s)|^[#>\s]+", re.DOTALL)
_EDGES = " ,.;:!?-–—|*_~`\"'()[]"


def headline(text: str, keywords: Iterable[str], limit: int = 64) -> str:
    """Return a message's gist for a run's name: its first telling line, without the keyword it begins with.

    Empty when nothing but keywords was said.
    """
    for line in _NOISE.sub(" ", text).splitlines():
        rest = one_line(line).strip(_EDGES)
        for word in keywords:
            if rest.casefold().startswith(word.casefold()):
                rest = rest[len(word) :].strip(_EDGES)
        if rest:
            return shorten(rest[0].upper() + rest[1:], limit)
    return ""


def channel_name(wish: str, fallback: str, number: int) -> str:
    """Return a legal, readable channel name for any title in any script, such as checkout-is-down-12.

    Servers from 5.37 on take 2 to 64 of a-z, 0-9 and hyphens, beginning and ending with a letter or digit (server
    source: model/channel.go, IsValid); room is left for a suffix where a name is taken.
    """
    return f"{_slug(wish)[:46].rstrip('-') or _slug(fallback)[:46].rstrip('-') or 'run'}-{number}"


def _slug(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")
    # What is left of a title in another script is no name: a lone number, or a syllable or two.
    telling = sum(c.isalnum() for c in slug) * 2 >= sum(c.isalnum() for c in text)
    return slug if telling else ""
