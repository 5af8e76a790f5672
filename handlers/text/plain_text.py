"""A message as keywords are sought in it: written evenly, without code and addresses, and where its words end.

Even writing: canonical composition (NFC), full-width and half-width letters as plain ones, typographic hyphens and
apostrophes as typed ones, no invisible characters, one space for any white space. Not NFKC, which would glue the ™
of a product to its name and make a 2 of a footnote's ².
"""

import re
import unicodedata
from collections.abc import Iterator

GAP = "\x00"
"""Stands where code or an address was: no keyword reaches over it, and a word may end at it."""

_TYPED = {"‐": "-", "‑": "-", "−": "-", "’": "'", "‘": "'", "“": '"', "”": '"'}
_WIDE = "\uff00-\uffef"
_SINGLE = "‐‑−’‘“”\xad\u200b\u2060\ufeff\ufe00-\ufe0f\ud800-\udfff"
_ODD = re.compile(f"[{_WIDE}]+|[{_SINGLE}]")
# One set of characters is sought seven times as fast as the pattern above, and most messages hold nothing odd.
_ANY_ODD = re.compile(f"[{_WIDE}{_SINGLE}]")

PIECE = 1000
# A piece is as long as it can be and ends before a plain sign, so that no letter is cut off from its marks; where there
# is no plain sign in so many characters, it is cut all the same.
_PIECES = re.compile(rf"[\s\S]{{1,{PIECE}}}(?=[\x00-\x7f]|\Z)|[\s\S]{{1,{PIECE}}}")

_FENCE = re.compile(r"^[ \t>]*(`{3,}+(?!.*`)|~{3,}+).*$", re.MULTILINE)
_TICKS_OR_BLANK_LINE = re.compile(r"(?<!\\)`+|\n[ \t]*\n")
_ADDRESS = re.compile(
    r"""\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+"[^"\n]*")?\s*\)"""  # the target of a link, or of an image
    r"""|(?:[a-z][a-z0-9]{1,15}://|(?<![a-z0-9.])www\.)(?:[^]\s<>|\x00、。，！？「」『』（）【】]|\](?!\())+"""
    r"""|(?<![a-z0-9._+-])[a-z0-9._+-]+@[a-z0-9-]+\.[a-z0-9.-]*[a-z0-9]""",
    re.IGNORECASE,
)
# Scripts that write words without spaces between them: Thai, Lao, Tibetan, Burmese, Khmer, Kana, Han and some more.
_UNSPACED = re.compile(
    "[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\u1b00-\u1b7f\u2e80-\u2fdf\u3005-\u312f"
    "\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua980-\ua9df\ua9e0-\ua9ff\uaa60-\uaadf"
    "\uf900-\ufaff\U0001b000-\U0001b16f\U00020000-\U000323af]"
)
_HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff]")


def even(text: str) -> str:
    """Return the text in even writing; capitals stay."""
    if not text.isascii():
        text = _composed(_ODD.sub(_plainly, text) if _ANY_ODD.search(text) else text)
    if text.isprintable() and "  " not in text:
        # Most messages are of this kind; no white space but the plain space is printable.
        return text.strip()
    return " ".join(text.split())


def _composed(text: str) -> str:
    """Return the text in canonical composition, piece by piece.

    Marks without a letter between them are put into order one by one, which takes as long as the square of how many
    they are; no script has more than a few.
    """
    if len(text) <= PIECE:
        return unicodedata.normalize("NFC", text)
    return "".join(unicodedata.normalize("NFC", piece[0]) for piece in _PIECES.finditer(text))


def _plainly(found: re.Match[str]) -> str:
    odd = found[0]
    if "\uff00" <= odd[0] <= "\uffef" and odd[0] != "\ufeff":
        return unicodedata.normalize("NFKC", odd)
    if "\ud800" <= odd <= "\udfff":
        return "\ufffd"
    return _TYPED.get(odd, "")


def without_code(text: str) -> str:
    """Return a Markdown text with a gap for each code block, code span, address and link target."""
    return _ADDRESS.sub(GAP, "".join(_outside_spans("".join(_outside_fences(text)))))


def _outside_fences(text: str) -> Iterator[str]:
    """Yield what is not fenced; as everywhere in Markdown, an open fence lasts to the end."""
    at, fence = 0, ""
    for found in _FENCE.finditer(text):
        if not fence:
            yield text[at : found.start()] + GAP
            fence = found[1]
        elif found[1].startswith(fence) and found[0].strip(" \t>\r") == found[1]:
            at, fence = found.end(), ""
    if not fence:
        yield text[at:]


def _outside_spans(text: str) -> Iterator[str]:
    """Yield what is not between backticks; a span ends at as many backticks as it began with, in its paragraph."""
    marks = list(_TICKS_OR_BLANK_LINE.finditer(text))
    closing, latest = dict[int, int](), dict[int, int]()
    for number in range(len(marks) - 1, -1, -1):
        if "`" not in marks[number][0]:
            latest.clear()
        elif (length := len(marks[number][0])) in latest:
            closing[number] = latest[length]
        if "`" in marks[number][0]:
            latest[len(marks[number][0])] = number
    at = number = 0
    while number < len(marks):
        if (end := closing.get(number)) is not None:
            yield text[at : marks[number].start()] + GAP
            at, number = marks[end].end(), end
        number += 1
    yield text[at:]


def is_whole(text: str, start: int, end: int) -> bool:
    """Tell whether what stands from `start` to `end` is made of whole words.

    An edge that is no letter or digit ends where it likes. Scripts without spaces need no edges. Korean particles
    stick to the end of a word. Elsewhere no letter, digit or mark goes on, not even past a hyphen, underscores or a
    decimal point; `@name`, `~channel` and `:emoji:` are names, not words.
    """
    if _at(text, start - 1) == ":" == _at(text, end):
        return False
    return _begins(text, start) and _ends(text, end)


def _begins(text: str, start: int) -> bool:
    edge, before = _kind(text[start]), _at(text, start - 1)
    if edge in ("", "unspaced"):
        return True
    if before == "@" or (before == "~" and _at(text, start - 2) != "~"):
        return False
    return _kind(_beyond(text, start, -1)) != edge


def _ends(text: str, end: int) -> bool:
    if unicodedata.category(_at(text, end)).startswith("M"):
        return False
    edge = _kind(text[end - 1])
    return edge in ("", "unspaced", "hangul") or _kind(_beyond(text, end - 1, 1)) != edge


def _beyond(text: str, edge: int, step: int) -> str:
    """Return the character with which a word would go on past its edge."""
    at = edge + step
    joint = _at(text, at)
    if joint == "-" or (joint == "." and text[edge].isdigit() and _at(text, at + step).isdigit()):
        return _at(text, at + step)
    while _at(text, at) == "_":
        at += step
    return _at(text, at)


def _at(text: str, at: int) -> str:
    return text[at] if 0 <= at < len(text) else " "


def _kind(letter: str) -> str:
    """Return how a character's script separates words; empty for what is no part of a word."""
    if not letter.isalnum() and not unicodedata.category(letter).startswith("M"):
        return ""
    if _UNSPACED.match(letter):
        return "unspaced"
    return "hangul" if _HANGUL.match(letter) else "spaced"
