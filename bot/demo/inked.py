"""Turns the Markdown of chat messages into styled text for a terminal."""

import re

from rich.text import Text

_LINE_MARKS = (
    (re.compile(r"^(\s*)- \[ \] "), r"\1☐ "),
    (re.compile(r"^(\s*)- \[x\] "), r"\1☑ "),
    (re.compile(r"^(\s*)[-*] "), r"\1• "),
)
_INK = re.compile(
    r"\\(?P<plain>[^\w\s])"
    r"|&#(?P<number>\d{2,3});"
    r"|\*\*(?P<bold>.+?)\*\*"
    r"|~~(?P<strike>.+?)~~"
    r"|`(?P<code>[^`\n]+)`"
    r"|\[(?P<underline>(?:\\.|[^\[\]\\])+)\]\([^()\s]+\)"
    r"|(?P<name>(?<![\w@~])[@~][a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)"
    r"|(?<![\w*])\*(?P<italic>[^*\s](?:[^*\n]*[^*\s])?)\*"
)
_STYLES = {"code": "cyan", "name": "#4d8df6", "strike": "strike dim"}


def inked(markdown: str) -> Text:
    """Return a text as people see it; a link shows its words only."""
    return Text("\n").join([_line(line) for line in markdown.split("\n")])


def _line(line: str) -> Text:
    for mark, sign in _LINE_MARKS:
        line = mark.sub(sign, line)
    return _words(line)


def _words(text: str) -> Text:
    made, end = Text(), 0
    for found in _INK.finditer(text):
        kind = str(found.lastgroup)
        made.append(text[end : found.start()])
        inside = found[kind]
        made.append_text(_nested(inside, kind))
        end = found.end()
    return made.append(text[end:])


def _nested(inside: str, kind: str) -> Text:
    if kind == "number":
        return Text(chr(int(inside)))
    if kind in ("plain", "code", "name"):
        return Text(inside, _STYLES.get(kind, ""))
    made = _words(inside)
    made.stylize(_STYLES.get(kind, kind))
    return made
