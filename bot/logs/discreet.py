"""What an error says, without the words of people that it may quote: those of a private message are not logged."""

import re

LONGEST = 300
_QUOTED = re.compile(r"(?<!\w)['\"`](?:.*['\"`]|.*)", re.DOTALL)
"""From the first quotation mark to the last one: what is between may hold marks of its own."""


def without_quotes(said: str) -> str:
    """Return the first line of an error's words, with nothing of what it quotes."""
    return _QUOTED.sub("'…'", said).partition("\n")[0][:LONGEST]
