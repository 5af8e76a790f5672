"""Cutting a label to a length without cutting through a sign that people see as one."""

import unicodedata

ELLIPSIS = "…"
_JOINER = "\u200d"


def cut(text: str, limit: int) -> str:
    """Return `text`, or its beginning and an ellipsis, in `limit` code points at most."""
    if len(text) <= limit:
        return text
    return text[: end_of(text, limit - len(ELLIPSIS))].rstrip() + ELLIPSIS if limit > 0 else ""


def end_of(text: str, most: int) -> int:
    """Return where a longer text can be cut so that `most` code points are left at most."""
    end = max(most, 0)
    while end > 0 and (_continues(text[end]) or text[end - 1] == _JOINER or _splits_flag(text, end)):
        end -= 1
    return end


def _continues(sign: str) -> bool:
    skin_tone = "\U0001f3fb" <= sign <= "\U0001f3ff"
    return sign == _JOINER or skin_tone or unicodedata.category(sign) in ("Mn", "Me", "Mc")


def _splits_flag(text: str, end: int) -> bool:
    before = 0
    while before < end and _is_flag_letter(text[end - 1 - before]):
        before += 1
    return _is_flag_letter(text[end]) and before % 2 == 1


def _is_flag_letter(sign: str) -> bool:
    return "\U0001f1e6" <= sign <= "\U0001f1ff"
