"""What keyboards of all scripts make of plain signs, read as the plain ones; what is kept stays as it was written."""

import re
import unicodedata
from collections.abc import Callable

_TYPED = {"。": ".", "｡": ".", "۔": ".", "、": ",", "､": ",", "،": ",", "؛": ";", "−": "-"}
_AROUND = " \n.,:;!?…()[]{}<>"
_POINT = re.compile(r"[.,]+\Z")


class _Forms(dict[int, str]):
    """A table for `str.translate` that is made as it is used."""

    def __init__(self, form: Callable[[str], str]) -> None:
        super().__init__()
        self._form = form

    def __missing__(self, code: int) -> str:
        # No more than there are characters.
        self[code] = found = self._form(chr(code))
        return found


def _form(sign: str) -> str:
    kind = unicodedata.category(sign)
    if sign.isspace() or kind in ("Cc", "Cs"):
        return "\n" if sign.splitlines() == [""] else " "
    if sign.isdecimal():
        return str(unicodedata.decimal(sign))
    if "\uff01" <= sign <= "\uff5e":
        sign = unicodedata.normalize("NFKC", sign)
    return "-" if kind == "Pd" else _TYPED.get(sign, sign)


def _is_unseen(sign: str) -> bool:
    return unicodedata.category(sign) == "Cf"


_SEEN = _Forms(lambda sign: "" if _is_unseen(sign) else _form(sign))
_ALIGNED = _Forms(lambda sign: " " if _is_unseen(sign) else _form(sign))


def plainly(text: str) -> str:
    """Return words as a plain keyboard writes them: full-width forms, digits and dashes; without what nobody sees."""
    return text.translate(_SEEN)


def aligned(text: str) -> str:
    """Return the same sign by sign, so that what is found in it is cut out of the text itself; lines stay lines."""
    return text.translate(_ALIGNED)


def bare(word: str) -> str:
    """Return a word plainly, and without the punctuation around it; quotation marks stay.

    A point or comma that stands directly before a digit stays: .5 is not 5.
    """
    text = plainly(word).rstrip(_AROUND)
    before = text[: len(text) - len(text.lstrip(_AROUND))]
    point = _POINT.search(before) if text[len(before) :][:1].isdecimal() else None
    return text[point.start() if point is not None else len(before) :]
