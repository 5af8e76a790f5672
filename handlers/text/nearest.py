"""The nearest of some known words to one that was mistyped."""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word that was probably meant, or an empty one."""
    return next(iter(get_close_matches(word.casefold(), list(known), n=1, cutoff=0.6)), "")
