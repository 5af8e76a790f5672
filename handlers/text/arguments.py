"""Words of commands, dialogs and reactions taken apart: the one place for separators, quotation marks and "none"."""

import re

from handlers.text.words import one_line

NONE = frozenset(
    {"none", "no", "off", "never", "nobody", "no-one", "noone", "nothing", "clear", "-", "\N{EN DASH}", "\N{EM DASH}"}
)
"""What takes away a time, people, words or a text, wherever there can be none of it."""

MARKS = '"“”„«»'
_CLOSED_BY = {'"': '"', "“": "”", "„": "“”", "«": "»", "»": "«"}
_CLOSING = '"“”«»'
_BETWEEN = re.compile(r"[\s,]+")
_FILLING = ("", "and", "to")
_NEXT_QUOTED = re.compile(rf"\s?(?:,|or)?\s?(?=[{''.join(_CLOSED_BY)}])", re.IGNORECASE)


def first_word(text: str) -> tuple[str, str]:
    """Return the first word and what stands behind it."""
    word, *rest = text.split(maxsplit=1) or [""]
    return word, "".join(rest).strip()


def names(text: str) -> list[str]:
    """Return the words of a list such as `@ann, @bob and @carla`, each once."""
    return [word for word in dict.fromkeys(_BETWEEN.split(text)) if word.casefold() not in _FILLING]


def lines(text: str) -> list[str]:
    """Return the lines on which something stands."""
    return [line for line in map(one_line, text.splitlines()) if line]


def is_none(text: str) -> bool:
    """Return whether words say that there is to be none."""
    return text.strip().casefold() in NONE


def text_or_none(text: str) -> str:
    """Return a text, empty where it says that there is to be none; `"no"` in quotation marks is the text itself."""
    text = text.strip()
    inner = unquoted(text)
    return "" if is_none(text) else inner if is_none(inner) else text


def quoted(text: str) -> tuple[str, str] | None:
    """Return what a text begins with in quotation marks, and what stands behind; None where they are not closed."""
    inner = text[1:]
    for closing in (_CLOSED_BY.get(text[:1], ""), _CLOSING if text[:1] in _CLOSED_BY else ""):
        if ends := [inner.find(mark) for mark in closing if mark in inner]:
            return inner[: min(ends)], inner[min(ends) + 1 :]
    return None


def unquoted(text: str) -> str:
    """Return the text without quotation marks around it."""
    return text.strip(f"{MARKS} ")


def phrases(text: str) -> list[str]:
    """Return what stands in quotation marks, each alone: `"one", "two"`; all else is one phrase."""
    found, rest = list[str](), text.strip()
    while (one := quoted(rest)) is not None:
        joint = _NEXT_QUOTED.match(one[1])
        found.append(one[0])
        rest = one[1][joint.end() :] if joint else one[1]
    return list(dict.fromkeys(filter(None, map(one_line, [text] if rest or not found else found))))


def first_part(text: str) -> tuple[str, str]:
    """Return the first word, or what is quoted in its place, and what stands behind; open marks last to the end."""
    text = text.strip()
    if text[:1] not in _CLOSED_BY:
        return first_word(text)
    inner, rest = quoted(text) or (text[1:], "")
    return inner, rest.strip()


def first_reference(text: str) -> tuple[str, str]:
    """Return the reference that words begin with, quoted or as numbers with commas between them, and the rest."""
    if text.strip()[:1] in _CLOSED_BY:
        return first_part(text)
    first, rest = first_word(text)
    while rest and (first.endswith(",") or rest.startswith(",")):
        more, rest = first_word(rest)
        first = f"{first}{more}"
    return first, rest
