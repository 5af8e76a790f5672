"""Words that users wrote, made fit for a message: there they never become markup, a mention or a link."""

import re
from collections.abc import Collection
from functools import lru_cache

from handlers.text import escaping
from handlers.text.cut import ELLIPSIS, end_of
from handlers.text.escaping import JOINER

_FORM = re.compile(r"\*\*|__|~~|`+|\\(?=[\\`*_~\[\]<>|#])|^[ \t]*(?:#{1,6}|>)[ \t]+", re.MULTILINE)
# As the server reads mentions: whatever is no letter or digit may follow, "@here_" calls everybody too
# (server source: app/notification.go, processText).
_WIDE = re.compile(r"@(?=(?:channel|all|here)(?![^\W_]))", re.IGNORECASE)
# A name that calls somebody, or code, in which none does. Nor does one in an address, as no server looks there.
_CALL = re.compile(r"```.*?```|`[^`\n]*`|(?<![\w/.:@-])@([a-z0-9][a-z0-9._-]*)", re.DOTALL | re.IGNORECASE)
# What nobody sees: control characters, signs that turn the direction of whatever follows, tags, halves of characters.
# What joins, parts or breaks letters and emoji (U+200B to U+200D) is not among them; scripts need it, and so do we.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200e\u200f\u202a-\u202e\u2060-\u206f\ud800-\udfff\ufeff"
    "\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001-\U000e007f]"
)
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")


class Safe(str):
    """Words that may stand in a message as they are."""

    __slots__ = ()


def folded(text: str) -> str:
    """Return the text with all white space folded into single spaces."""
    return " ".join(text.split())


def seen(text: str) -> str:
    """Return the text without what nobody sees in it."""
    return text if text.isprintable() else _UNSEEN.sub("", text)


def one_line(text: str) -> str:
    """Return what is seen of the text, with all white space folded into single spaces."""
    return folded(seen(text))


def escape(text: object) -> Safe:
    """Make any text one line of plain words: no Markdown, no mention, no channel link; addresses still lead there."""
    return _escaped(str(text), links=True)


def unlinked(text: object) -> Safe:
    """Make any text one line of plain words for a title, in which clients spoil an address that is a link."""
    return _escaped(str(text), links=False)


def linked(text: object, address: str) -> Safe:
    """Let any text, as one line of plain words, lead to an address of ours; where there is none it stands alone."""
    return Safe(f"[{unlinked(text)}]({address})") if address else escape(text)


# A run's titles are escaped with each change of it.
@lru_cache(4096)
def _escaped(text: str, *, links: bool) -> Safe:
    return Safe(_sided(escaping.without_meaning(one_line(text), links=links)))


def _sided(line: str) -> str:
    """Keep words that are read from right to left from turning what stands around them."""
    return f"\u2068{line}\u2069" if _RIGHT_TO_LEFT.search(line) else line


def prose(text: str) -> Safe:
    """Let an author's Markdown stand, without mentions of everybody."""
    return Safe(_WIDE.sub("@" + JOINER, seen(text).strip()))


def plain(text: str) -> Safe:
    """One line for a menu or the field of a dialog, where nothing means anything."""
    return Safe(_sided(_WIDE.sub("@" + JOINER, one_line(text))))


def cell(text: str) -> Safe:
    """One line in a table, where a bar would end the cell."""
    return Safe(escape(text).replace("|", "&#124;"))


def label(text: str) -> Safe:
    """One line for a button or a footer, where no Markdown is read, but mentions, hashtags and smileys still are."""
    return Safe(_sided(escaping.label(one_line(text))))


def code(text: str) -> Safe:
    """One line that stands between backticks, where nothing but these means anything."""
    return Safe(_WIDE.sub("@" + JOINER, one_line(text)).replace("`", "'"))


def fenced(text: str) -> Safe:
    """One line that stands alone in a fenced block, from where it is copied just as it is."""
    return Safe(one_line(text).replace("```", "'''"))


def block(text: str, language: str = "") -> Safe:
    """Several lines that stand in a fenced block as they are, in the colours of a language."""
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return Safe(f"{fence}{language}\n{text}\n{fence}")


def quote(text: str, limit: int = 300) -> Safe:
    """A shortened text, without the signs of its Markdown, as one escaped line between quotation marks."""
    return escape(f"“{shorten(unmarked(text), limit)}”")


def unmarked(text: str) -> str:
    """Return a text without the signs of its Markdown."""
    return _FORM.sub("", text)


def shorten(text: str, limit: int) -> str:
    """Return one line of at most `limit` characters, cut between words where that costs little."""
    line = one_line(text)
    if len(line) <= limit:
        return line
    head = line[: end_of(line, limit - len(ELLIPSIS))]
    at = len(head) if line[len(head)] == " " else head.rfind(" ")
    return (head[:at] if at > limit * 2 // 3 else head).rstrip(" ,.;:-") + ELLIPSIS


def mention(username: str) -> Safe:
    """Name a person so that the name is a link and notifies."""
    return Safe(f"@{username}")


def calls_in(text: str) -> set[str]:
    """Return the user names that a Markdown text calls, with and without the punctuation behind them."""
    found = {match[1].lower() for match in _CALL.finditer(text) if match[1]}
    return found | {name.rstrip("._-") for name in found}


def quiet(text: str, calls: Collection[str] = ()) -> str:
    """Return a Markdown text that looks the same and calls nobody but `calls`, by their user names."""

    def name(match: re.Match[str]) -> str:
        if not match[1] or {match[1].lower(), match[1].lower().rstrip("._-")} & {*calls}:
            return match[0]
        return f"@{JOINER}{match[1]}"

    return _CALL.sub(name, text) if "@" in text else text


def bar(done: int, total: int, width: int = 8) -> Safe:
    """A progress bar that needs no table and fits a phone."""
    full = max(width * done // total, min(done, 1)) if total else 0
    return Safe("▰" * full + "▱" * (width - full))
