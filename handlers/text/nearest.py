"""The nearest of some known words to one that was mistyped."""

from collections.abc import Iterable

from rapidfuzz import fuzz, process


def nearest(word: str, known: Iterable[str], likeness: int = 60) -> str:
    """Return the known word that was probably meant, whatever its capitals, or an empty one.

    100 of `likeness` is the word itself.
    """
    found = process.extractOne(word, list(known), scorer=fuzz.ratio, processor=str.casefold, score_cutoff=likeness)
    return found[0] if found else ""
