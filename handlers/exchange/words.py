"""Texts of Mattermost Playbooks as texts of a playbook: cut to what is allowed, and literal but for what both mean."""

import re
import unicodedata
from collections.abc import Collection

from handlers.text.placeholders import PLACEHOLDERS

BETWEEN = "\N{WORD JOINER}"
"""Stands, unseen, in braces that mean nothing in that product and would mean something here."""

_BRACES = re.compile(r"\{([^{}\n]+)\}")
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
TOKENS = ("seq", "owner", "creator")
"""What braces mean in that product besides attributes, in small letters."""


def text_of(text: str, most: int) -> str:
    """Return a text of several lines without what no file can hold, and no longer than it may be."""
    return _UNSEEN.sub("", re.sub(r"\r\n?", "\n", text)).strip()[:most].strip()


def line_of(text: str, most: int, otherwise: str = "") -> str:
    """Return a text as one line, or another where nothing is left of it."""
    seen = "".join(" " if unicodedata.category(one) in ("Cc", "Zl", "Zp") else one for one in text_of(text, len(text)))
    return " ".join(seen.split())[:most].strip() or otherwise


def literal(text: str, attributes: Collection[str]) -> str:
    """Return a text in which braces mean no more than they did: tokens and attributes, and nothing else."""
    means = {*TOKENS, *(name.casefold() for name in attributes)}

    def kept(found: re.Match[str]) -> str:
        name = found[1].strip().casefold()
        is_taken = name in PLACEHOLDERS or re.match(r"\w", name)
        return f"{{{BETWEEN}{found[1]}}}" if name not in means and is_taken else found[0]

    return _BRACES.sub(kept, text)
