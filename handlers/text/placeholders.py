"""Placeholders like `{message}` in a playbook's names and texts: replaced in one pass, never evaluated."""

import re

PLACEHOLDERS = ("message", "keyword", "date", "number", "creator", "playbook")

_BRACES = re.compile(r"\{([^{}\n]+)\}")
_NAME_LIKE = re.compile(r"\w[\w .:!<>=^\[\]-]*")


def fill(template: str, **values: str) -> str:
    """Put values in for `{name}`; what is not among them stays as it is, and values are not looked into."""

    def value(found: re.Match[str]) -> str:
        return values.get(_name(found), found[0])

    return _BRACES.sub(value, template)


def unknown(template: str) -> list[str]:
    """Return the names in braces that are no placeholders; braces around anything else are plain text."""
    names = map(_name, _BRACES.finditer(template))
    return [name for name in names if name not in PLACEHOLDERS and _NAME_LIKE.fullmatch(name)]


def _name(found: re.Match[str]) -> str:
    return found[1].strip().lower()
