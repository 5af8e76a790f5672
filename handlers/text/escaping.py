"""Signs that mean something to a client, written so that they are seen as they were typed and mean nothing.

Web and mobile clients read Markdown by different rules, and look for mentions, hashtags, channels, smileys and
addresses after that, where a backslash no longer counts. A sign written by its number (`&#42;`) is shown as itself and
means nothing to any of them (client source: webapp marked, text_formatting.tsx, emoticons.tsx; mobile commonmark.js).
The server reads such numbers before it looks for mentions (server source: shared/markdown,
app/mention_parser_standard.go), so an @ is parted from its name by a sign that is not seen and breaks no line.
"""

import re

JOINER = "\u2060"

_LETTER = r"[^\W\d_]"
_PLAIN = "[A-Za-z0-9]"
"""What the clients' own patterns take for a letter or digit."""

_IN = rf"(?:[^\W_]|[-./%+=$_#]|~(?!~)|&(?!\#?\w+;)|(?<={_PLAIN})@)"
# What every client reads as one address, up to its end, and shows as it is.
_ADDRESS = (
    rf"(?<![^\s(“\"\[<>|])(?-i:https?)://(?:{_IN}|[?!;:,'](?={_IN})|\({_IN}*\))+(?<=[\w/%+=)-])(?<!_)"
    r"""(?=[.,!?'")”]*(?:\s|$))"""
)
_TIME = r"(?<![\w.+:-])\d+:\d+(?![\w:])"
_MEANT = "|".join(
    (
        # A line that begins a list, a heading, a quotation or a rule, or that makes a heading of the line above it.
        r"^(?:\d+[.)](?=\s|$)|[-+](?=\s|$)|[\#>]|[-=](?=[-=\s]*$))",
        r"\\(?=[!-/:-@\[-`{-~\u2424]|ww|$)|[`*~$<\[\]\u2424]",
        rf"(?<!{_PLAIN})_|_(?!{_PLAIN})",
        r"&(?=\#?\w+;)",
        rf"\#(?={_LETTER})|(?<={_PLAIN})@",
        # Smileys and names of emoji; what looks like the scheme of an address.
        rf":(?=\S|$)|;(?=-?\)|$)|(?<=(?<!{_PLAIN})x)-(?=d(?!{_PLAIN}))",
        # Addresses without a scheme.
        rf"(?<!{_PLAIN})w(?=ww\d{{0,3}}\.)|\.(?={_LETTER}{{2,4}}/)",
    )
)
_NAME = rf"(?<!{_PLAIN})@(?=\S|$)"
_LINKED = re.compile(rf"(?P<kept>{_ADDRESS}|{_TIME})|(?P<name>{_NAME})|{_MEANT}", re.IGNORECASE)
_UNLINKED = re.compile(rf"(?P<kept>{_TIME})|(?P<name>{_NAME})|{_MEANT}", re.IGNORECASE)

_IN_LABEL = re.compile(
    rf"(?P<kept>{_TIME})|[@~:](?=\S)|\#(?={_LETTER})|;(?=-?\))|(?<!{_PLAIN})x(?=-d(?!{_PLAIN}))|<(?=/?3(?!{_PLAIN}))",
    re.IGNORECASE,
)

_NUMBER = re.compile(r"&#(\d{2,4});")


def without_meaning(line: str, *, links: bool = True) -> str:
    """Return one line as Markdown that shows it as it is; addresses that every client reads as such lead there."""
    return (_LINKED if links else _UNLINKED).sub(_by_number, line)


def label(line: str) -> str:
    """Return one line as it is shown where no Markdown is read, but mentions, hashtags and smileys still are."""
    return _IN_LABEL.sub(lambda found: found["kept"] or found[0] + JOINER, line)


def _by_number(found: re.Match[str]) -> str:
    if found["kept"]:
        return found[0]
    return f"@{JOINER}" if found["name"] else f"{found[0][:-1]}&#{ord(found[0][-1])};"


def as_typed(markdown: str) -> str:
    """Return Markdown with its signs as they were typed, for a field in which people go on writing."""
    return _NUMBER.sub(lambda found: chr(int(found[1])), markdown).replace(JOINER, "")


def as_kept(written: str, before: str) -> str:
    """Return what was written in such a field, where the lines that were left alone are what they were before."""
    kept = {as_typed(line): line for line in before.splitlines()}
    return "\n".join(kept.get(line, line) for line in written.splitlines())
