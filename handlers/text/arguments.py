"""Words of commands, dialogs and reactions taken apart: the one place for separators, quotation marks and "none"."""

import re

from handlers.text.words import one_line

NONE = frozenset(
    {"none", "no", "off", "never", "nobody", "no-one", "noone", "nothing", "clear", "-", "\N{EN DASH}", "\N{EM DASH}"}
)
"""What takes away a time, people, words or a text, wherever there can be none of it."""

MARKS = '"“”„«»'
_CLOSED_BY = {'"': '"', "“": "”", "„": "“”", "«": "»", "»": "«"}
_BETWEEN = re.compile(r"[\s,]+")
_FILLING = ("", "and", "to")
_QUOTED = re.compile(rf"[{''.join(_CLOSED_BY)}]([^{MARKS}]+)[{MARKS}]")
_ALL_QUOTED = re.compile(rf"(?:{_QUOTED.pattern}(?: ?(?:,|or)? ?(?=[{MARKS}]))?+)++", re.IGNORECASE)


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


def titled(text: str) -> tuple[str, list[str]]:
    """Return the title and the tasks of a checklist: `Title; first; second`, or each on a line of its own."""
    title, *rest = map(one_line, text.replace(";", "\n").split("\n"))
    return title, [line for line in rest if line]


def is_none(text: str) -> bool:
    """Return whether words say that there is to be none."""
    return text.strip().casefold() in NONE


def text_or_none(text: str) -> str:
    """Return a text, empty where it says that there is to be none; `"no"` in quotation marks is the text itself."""
    text = text.strip()
    inner = unquoted(text)
    return "" if is_none(text) else inner if is_none(inner) else text


def unquoted(text: str) -> str:
    """Return the text without quotation marks around it."""
    return text.strip(f"{MARKS} ")


def phrases(text: str) -> list[str]:
    """Return what stands in quotation marks, each alone: `"one", "two"`; all else is one phrase."""
    found = _QUOTED.findall(text) if _ALL_QUOTED.fullmatch(text.strip()) else [text]
    return list(dict.fromkeys(filter(None, map(one_line, found))))


def first_part(text: str) -> tuple[str, str]:
    """Return the first word, or what is quoted in its place, and what stands behind; open marks last to the end."""
    text = text.strip()
    if text[:1] not in _CLOSED_BY:
        return first_word(text)
    parts = re.split(f"[{_CLOSED_BY[text[0]]}]", text[1:], maxsplit=1)
    inner, *rest = parts if len(parts) > 1 else re.split(f"[{MARKS}]", text[1:], maxsplit=1)
    return inner, "".join(rest).strip()


def first_reference(text: str) -> tuple[str, str]:
    """Return the reference that words begin with, quoted or as numbers with commas between them, and the rest."""
    if text.strip()[:1] in _CLOSED_BY:
        return first_part(text)
    first, rest = first_word(text)
    while rest and (first.endswith(",") or rest.startswith(",")):
        more, rest = first_word(rest)
        first = f"{first}{more}"
    return first, rest
