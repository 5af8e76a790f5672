"""Quotation marks of all languages, „so“ or «so» or 'so': where they begin and end, and what stands between them."""

import re
from collections.abc import Iterator

_CLOSED_BY = {
    '"': '"', "“": "”", "„": "“”", "”": "”", "«": "»", "»": "«", "‹": "›", "›": "‹", "＂": "＂", "〝": "〞〟",
    "「": "」", "『": "』", "'": "'’", "‘": "’'", "‚": "‘’", "’": "’",
}  # fmt: skip
_APOSTROPHES = "'‘’"
MARKS = "".join(dict.fromkeys("".join((*_CLOSED_BY, *_CLOSED_BY.values()))))
"""All signs that may open or close a quotation."""
DOUBLE = "".join(sign for sign in MARKS if sign not in _APOSTROPHES)
"""Those that are never an apostrophe."""

_AMBIGUOUS = f'{_APOSTROPHES}"”'
# An apostrophe closes nothing as long as its word goes on.
_CLOSING = {
    mark: re.compile("|".join(rf"{sign}(?!\w)" if sign in _APOSTROPHES else re.escape(sign) for sign in closing))
    for mark, closing in _CLOSED_BY.items()
}
_ANY = re.compile(f"[{DOUBLE}]")
_OPENING = re.compile(f"[{''.join(_CLOSED_BY)}]")


def quoted(text: str, at: int = 0) -> tuple[str, int] | None:
    """Return what is quoted from a place in the text on, and where that ends; None where nothing is.

    A mark that its own language does not close is closed by any other.
    """
    mark = text[at : at + 1]
    if mark not in _CLOSING or not mark or (mark in _AMBIGUOUS and text[at - 1 : at].isalnum()):
        return None
    end = _CLOSING[mark].search(text, at + 1)
    if end is None and mark in DOUBLE:
        end = _ANY.search(text, at + 1)
    return (text[at + 1 : end.start()], end.end()) if end is not None else None


def is_opening(text: str) -> bool:
    """Return whether a text begins with a mark that can be nothing else."""
    return text[:1] in _CLOSED_BY and text[0] in DOUBLE


def unquoted(text: str) -> str:
    """Return a text without quotation marks around it."""
    text = text.strip()
    found = quoted(text)
    return found[0].strip() if found is not None and found[1] == len(text) else text.strip(f"{DOUBLE} ")


def covered(text: str) -> str:
    """Return a text of the same length in which nothing stands between quotation marks but dots."""
    parts, at = list[str](), 0
    for begin, end in _quotations(text):
        parts += [text[at:begin], "." * (end - begin)]
        at = end
    return "".join([*parts, text[at:]])


def _quotations(text: str) -> Iterator[tuple[int, int]]:
    at, lonely = 0, set[str]()
    while (mark := _OPENING.search(text, at)) is not None:
        found = quoted(text, mark.start()) if mark[0] not in lonely else None
        if found is not None:
            yield mark.start(), found[1]
        elif not text[mark.start() - 1 : mark.start()].isalnum() or mark[0] not in _AMBIGUOUS:
            # Nothing behind it closes one, however many there are.
            lonely.add(mark[0])
        at = found[1] if found is not None else mark.end()
