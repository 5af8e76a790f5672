"""Texts in which a value is empty: what stood only to part it from the rest goes with it."""

import re

EMPTY = "\ue002"
"""Stands where a value is empty, until the text is tidied."""
NUMBER, CALLED = "\ue000", "\ue001"
"""Stand for the numbers of a run that there is not yet: 12, and what it is called, as INC-0042."""
MARKS = dict.fromkeys(map(ord, f"{EMPTY}{NUMBER}{CALLED}"))
"""What to take out of whatever people wrote."""

_SIGNS = ":-\u2013\u2014|·,;/"
_SIGNS_AND_SPACE = f" \t{_SIGNS}"
_AROUND = (
    ("(", ")"),
    ("[", "]"),
    ("“", "”"),
    ('"', '"'),
    ("**", "**"),
    ("__", "__"),
    ("*", "*"),
    ("_", "_"),
    ("`", "`"),
)
_BULLET = re.compile(r"[ \t]*(?:[-*+>]|\d{1,9}[.)]|#{1,6})?[ \t]*")
_BEHIND = ".!?)"


def tidied(text: str, *, is_line: bool) -> str:
    """Return a text without the marks of empty values, and without the separators that they leave behind.

    A line of Markdown that says nothing else goes; one that is a label stays, for people to write behind it.
    """
    if EMPTY not in text:
        return text
    lines = ((line, _tidied(line, is_line=is_line)) if EMPTY in line else ("", line) for line in text.split("\n"))
    return "\n".join(after for before, after in lines if not before or _says_something(after))


def _tidied(line: str, *, is_line: bool) -> str:
    first, *rest = line.split(EMPTY)
    for part in rest:
        first = _joined(first, part)
    if rest[-1].strip(_SIGNS_AND_SPACE):
        return first.strip() if is_line else first.rstrip()
    return first.strip(_SIGNS_AND_SPACE) if is_line else _without_end(first)


def _joined(left: str, right: str) -> str:
    """Return what stood before and behind an empty value, put together."""
    for opens, closes in _AROUND:
        if left.endswith(opens) and right.startswith(closes):
            return _joined(left[: -len(opens)], right[len(closes) :])
    before, behind = left.rstrip(), right.lstrip()
    if not _says_something(left):
        return left + _without_beginning(right)
    if behind[:1] and behind[0] in _SIGNS + _BEHIND:
        is_parted = before[-1:] in _SIGNS and behind[0] in _SIGNS
        return left + behind.lstrip(_SIGNS_AND_SPACE) if is_parted else before + right
    is_spaced = before != left or behind != right
    return (left if before[-1:] in _SIGNS else before + " " * (is_spaced and bool(behind))) + behind


def _without_beginning(right: str) -> str:
    """Return what stood behind an empty value at the beginning of a line, without what parted them."""
    behind = right.lstrip(_SIGNS_AND_SPACE)
    parted = right[: len(right) - len(behind)]
    return behind if not parted.strip() or parted[-1:].isspace() or not behind else right


def _without_end(line: str) -> str:
    is_label = line.rstrip(" \t*_").endswith(":")
    return line.rstrip() if is_label else line.rstrip(_SIGNS_AND_SPACE)


def _says_something(line: str) -> bool:
    bullet = _BULLET.match(line)
    return bool(line[bullet.end() if bullet else 0 :].strip(f"{_SIGNS_AND_SPACE}*_#>+`"))
