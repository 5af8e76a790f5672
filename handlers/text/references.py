"""Tasks as people name them in a row: `2.1, 2.3`, `2.1 to 2.4`, `2.1; "Roll back" and 3.1`; and what stands behind."""

import re
from dataclasses import dataclass

from handlers.text.numbers import TASK
from handlers.text.plain_forms import aligned
from handlers.text.quotes import covered, quoted, unquoted

_END = r"[.:!?…)]*+(?![\w.])"
_NUMBER = rf"\(?{TASK}"
_TO = r"\s*(?:-+|\.\.+|…|~|〜)\s*"
_TO_WORD = r"\s+(?:up to|to|through|thru|till|until)\s+"
_RANGE = re.compile(rf"{_NUMBER}(?:{_TO}(?:{_NUMBER}|([0-9]{{1,4}}))|{_TO_WORD}{_NUMBER}){_END}", re.IGNORECASE)
_SIGNED_RANGE = re.compile(rf"{_NUMBER}{_TO}(?:{_NUMBER}|([0-9]{{1,4}})){_END}")
_ONE = re.compile(rf"{_NUMBER}{_END}")
_BETWEEN = re.compile(r"\s*(?:[,;&+/|]\s*)?(?:\band\s+)?", re.IGNORECASE)
# The space around is no part of these: looked for from each of its signs, it would take quadratic time.
_LIST = re.compile(r"[,;\n]")
_AND = re.compile(r"&|(?<=\s)and(?=\s)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Span:
    """All tasks from one number to another, or a single one."""

    first: tuple[int, int]
    last: tuple[int, int]


Reference = Span | str
"""Tasks by their numbers, or one by how its title begins."""


def leading(text: str, *, spaced: bool = False, to: bool = True) -> tuple[list[Reference], str]:
    """Return the numbers and quoted titles that a text begins with, and what stands behind them.

    Where they are `spaced`, white space alone stands between two; and the word `to` may make a range of them.
    """
    plain, found, at, end = aligned(text), list[Reference](), len(text) - len(text.lstrip()), 0
    while (one := _reference(text, plain, at, to=to)) is not None:
        found.append(one[0])
        end = one[1]
        between = _BETWEEN.match(plain, end)
        at = between.end() if between else end
        if not plain[end:at].strip() and not spaced:
            break
    behind = plain[end:].lstrip(" \n,;:") if found else plain[end:].lstrip()
    return found, text[len(text) - len(behind) :].strip()


def parts(text: str) -> list[str]:
    """Return the parts of a list, between commas, semicolons or lines, or else between "and"; a lone one is whole."""
    text = text.strip(" \t\n,;")
    hidden = aligned(covered(text))
    for between in (_LIST, _AND):
        cuts = [(found.start(), found.end()) for found in between.finditer(hidden)]
        begins, ends = [0, *(end for _, end in cuts)], [*(begin for begin, _ in cuts), len(text)]
        some = [text[begin:end].strip() for begin, end in zip(begins, ends, strict=True)]
        if len(found := [one for one in some if one]) > 1:
            return found
    return [text]


def _reference(text: str, plain: str, at: int, *, to: bool) -> tuple[Reference, int] | None:
    number = (_RANGE if to else _SIGNED_RANGE).match(plain, at) or _ONE.match(plain, at)
    if number is not None:
        return _span(number), number.end()
    title = quoted(text, at)
    name = unquoted(title[0]) if title is not None else ""
    return (name, title[1]) if title is not None and name else None


def _span(found: re.Match[str]) -> Span:
    numbers = [int(one) for one in found.groups() if one is not None]
    first = (numbers[0], numbers[1])
    last = first if len(numbers) == 2 else (first[0], numbers[2]) if len(numbers) == 3 else (numbers[2], numbers[3])
    return Span(min(first, last), max(first, last))
