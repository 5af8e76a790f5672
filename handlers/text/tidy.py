"""Texts in which a value is empty: what stood only to part it from the rest goes with it."""

import re

EMPTY = "\ue002"
"""Stands where a value is empty, until the text is tidied; nobody can type it so that it means anything."""

_SIGNS = r":\-\u2013\u2014|·,;/"
_ENDS = f" {_SIGNS}".replace("\\", "")
_AROUND = re.compile(rf"\(\s*{EMPTY}\s*\)|\[\s*{EMPTY}\s*\]|[\"“']{EMPTY}[\"”']|(\*{{1,3}}|_{{1,2}}|`){EMPTY}\1")
_SEVERAL = re.compile(rf"{EMPTY}(?:[\s{_SIGNS}]*{EMPTY})+")
_BEGIN = re.compile(rf"^(\s*(?:(?:[-*+>]|\d+[.)]|#{{1,6}})\s+)?){EMPTY}(?:\s*[{_SIGNS}]+(?=\s|$))?\s*")
_END = re.compile(rf"\s*[{_SIGNS}]+\s*{EMPTY}\s*$")
_END_OF_LABEL = re.compile(rf":(\**)\s*{EMPTY}\s*$")
_BETWEEN = re.compile(rf"(\s*[{_SIGNS}]+\s*){EMPTY}\s*[{_SIGNS}]+\s*")
_BEFORE = re.compile(rf"\s*{EMPTY}(?=[{_SIGNS}.!?)])")
_ALONE = re.compile(rf"\s*{EMPTY}\s*")
_NOTHING = re.compile(rf"[\s{_SIGNS}*+>#\d.)]*")


def tidied(text: str, *, is_line: bool) -> str:
    """Return a text without the marks of empty values, and without the separators that they leave behind.

    A line of Markdown that says nothing else goes; one that is a label stays, for people to write behind it.
    """
    if EMPTY not in text:
        return text
    lines = [(line, _tidied(line, is_line=is_line) if EMPTY in line else line) for line in text.split("\n")]
    return "\n".join(after for before, after in lines if before == after or not _NOTHING.fullmatch(after))


def _tidied(line: str, *, is_line: bool) -> str:
    before = ""
    while before != line:
        before, line = line, _AROUND.sub(EMPTY, line)
    line = _SEVERAL.sub(EMPTY, line)
    if not is_line:
        line = _END_OF_LABEL.sub(r":\1", line)
    for pattern, instead in ((_BEGIN, r"\1"), (_END, ""), (_BETWEEN, r"\1"), (_BEFORE, "")):
        line = pattern.sub(instead, line)
    line = _ALONE.sub(" ", line)
    return line.strip(_ENDS) if is_line else line.rstrip()
