"""Templates of a playbook's names and texts: placeholders like `{message}` are filled in one pass, never evaluated."""

import re

from handlers.text.words import one_line

PLACEHOLDERS = ("message", "keyword", "date", "number", "creator", "playbook", "seq", "owner")

_BRACES = re.compile(r"\{([^{}\n]+)\}")
_NAME_LIKE = re.compile(r"\w[\w .:!<>=^\[\]-]*")


def fill(template: str, **values: str) -> str:
    """Put values in for `{name}`; what is not among them stays as it is, and values are not looked into."""

    def value(found: re.Match[str]) -> str:
        return values.get(_name(found), found[0])

    return _BRACES.sub(value, template)


def is_untouched(text: str, template: str) -> bool:
    """Return whether a text says nothing of its own: each line of it stands in its template, filled with nothing."""
    own = _lines(text)
    known = _lines(template) | _lines(fill(template, **dict.fromkeys(PLACEHOLDERS, "")))
    return bool(own) and (own <= known or "".join(text.split()) == "".join(template.split()))


def _lines(text: str) -> set[str]:
    """Return what is seen of each line; how it ends and how it is spaced makes no difference."""
    return {seen for line in text.splitlines() if (seen := one_line(line.replace("\u200b", "")))}


def unknown(template: str) -> list[str]:
    """Return the names in braces that are no placeholders; braces around anything else are plain text."""
    names = map(_name, _BRACES.finditer(template))
    return [name for name in names if name not in PLACEHOLDERS and _NAME_LIKE.fullmatch(name)]


def _name(found: re.Match[str]) -> str:
    return found[1].strip().lower()
