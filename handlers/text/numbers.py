"""Numbers as they come from people and from what they press: read in one way, whatever was written instead."""

LONGEST = 9
"""How many digits a number has at most: enough for whatever is counted here, and few enough for every database."""


def number(text: str) -> int:
    """Return the number that a text is; 0, which nothing here is numbered by, for everything else."""
    digits = text.strip()
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= LONGEST else 0
