"""Templates of a playbook's names and texts: placeholders like `{message}` are filled in one pass, never evaluated."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from handlers.text.tidy import EMPTY, tidied
from handlers.text.words import one_line

PLACEHOLDERS = ("message", "keyword", "date", "number", "creator", "playbook", "seq", "owner", "prefix")
TOKENS = ("seq", "owner", "creator")
"""What means something in texts of Mattermost's own playbooks, besides attributes; all else there is literal."""

_BRACES = re.compile(r"\{([^{}\n]+)\}")
_FILLED = re.compile(r"(?<!\{)\{([^{}\n]+)\}(?!\})")
# In scripts and their templates such a name is theirs: ${OWNER}, {{ owner }}.
_TOKENS = re.compile(r"(?<![{$])\{([^{}\n]+)\}(?!\})")
_NAME_LIKE = re.compile(r"\w[\w .:!<>=^\[\]-]*")


@dataclass(frozen=True, slots=True)
class Strange:
    """A name in braces that is no placeholder, and where it begins."""

    name: str
    at: int


def fill(template: str, **values: str) -> str:
    """Put values in for `{name}`; what is not among them stays as it is, and values are not looked into."""
    return filled(template, values)


def filled(template: str, values: Mapping[str, str], *, is_line: bool = False, is_tokens: bool = False) -> str:
    """Put values in by their names, which are in small letters; an empty one leaves no separators behind.

    Two braces are none; in texts with tokens, neither is one behind $.
    """

    def value(found: re.Match[str]) -> str:
        return values.get(_name(found), found[0]) or EMPTY

    text = (_TOKENS if is_tokens else _FILLED).sub(value, template)
    return tidied(text, is_line=is_line) if EMPTY in text and EMPTY not in template else text


def is_untouched(text: str, template: str) -> bool:
    """Return whether a text says nothing of its own: each line of it stands in its template, filled with nothing."""
    own = _lines(text)
    known = _lines(template) | _lines(fill(template, **dict.fromkeys(PLACEHOLDERS, "")))
    return bool(own) and (own <= known or "".join(text.split()) == "".join(template.split()))


def _lines(text: str) -> set[str]:
    """Return what is seen of each line; how it ends and how it is spaced makes no difference."""
    return {seen for line in text.splitlines() if (seen := one_line(line.replace("\u200b", "")))}


def unknown(template: str, known: Collection[str] = PLACEHOLDERS) -> list[str]:
    """Return the names in braces that are no placeholders; braces around anything else are plain text."""
    return [one.name for one in strange(template, known)]


def strange(template: str, known: Collection[str]) -> Iterator[Strange]:
    """Yield the names in braces that are not among those `known`, which are in small letters."""
    for found in _BRACES.finditer(template):
        name = _name(found)
        if name not in known and _NAME_LIKE.fullmatch(name):
            yield Strange(name, found.start())


def uses(template: str, names: Collection[str]) -> bool:
    """Return whether one of some names, in small letters, stands in braces."""
    return any(_name(found) in names for found in _BRACES.finditer(template))


def _name(found: re.Match[str]) -> str:
    return found[1].strip().casefold()


def filled_in(text: str, template: str, *, hints: bool = False) -> str:
    """Return what people wrote into a template, without its lines that nobody filled in.

    A label or heading goes below which nothing stands but the next one. Where what follows a label are `hints`, such a
    line goes that is as it was.
    """
    known = _lines(template) | _lines(fill(template, **dict.fromkeys(PLACEHOLDERS, "")))
    labels = {label for line in known if (label := _label(line))}
    kept: list[str] = []
    for line in reversed(text.split("\n")):
        seen = one_line(line.replace("\u200b", ""))
        is_empty = _is_heading(seen) and not (kept and not _begins_anew(kept[-1], known, labels))
        if seen in known and (is_empty or (hints and bool(_label(seen)) and not _is_heading(seen))):
            continue
        # Blank lines part what is written, and stand at neither end of it.
        if seen or (kept and one_line(kept[-1])):
            kept.append(line)
    return "\n".join(reversed(kept)).strip("\n")


def _label(line: str) -> str:
    """Return what a line of a template begins with, such as `**Impact:**`; empty where it is no label."""
    found = re.match(r"[*_]{0,2}[^:$*_]{1,60}:[*_]{0,2}(?=\s|$)", line)
    return found[0] if found else ""


def _is_heading(line: str) -> bool:
    return line.startswith("#") or _label(line) == line


def _begins_anew(line: str, known: Collection[str], labels: Collection[str]) -> bool:
    seen = one_line(line)
    return seen in known or any(seen.startswith(label) for label in labels)
