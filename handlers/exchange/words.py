"""Texts of Mattermost Playbooks as texts of a playbook: of no more lines, signs and characters than are allowed."""

import re
import unicodedata

_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


def text_of(text: str, most: int) -> str:
    """Return a text of several lines without what no file can hold, and no longer than it may be."""
    return _UNSEEN.sub("", re.sub(r"\r\n?", "\n", text)).strip()[:most].strip()


def line_of(text: str, most: int, otherwise: str = "") -> str:
    """Return a text as one line, or another where nothing is left of it."""
    seen = "".join(" " if unicodedata.category(one) in ("Cc", "Zl", "Zp") else one for one in text_of(text, len(text)))
    return " ".join(seen.split())[:most].strip() or otherwise
