"""Words of commands, dialogs and reactions taken apart: the one place for separators, lists, and the words for none."""

import re
from collections.abc import Iterator

from handlers.text.plain_forms import aligned, bare
from handlers.text.quotes import is_opening, quoted, unquoted
from handlers.text.words import one_line

NONE = frozenset(
    {
        "none", "no", "off", "never", "nobody", "no-one", "noone", "nothing", "clear", "unset", "nil",
        "-", "--", "\N{EN DASH}", "\N{EM DASH}",
    }
)  # fmt: skip
"""What takes away a time, people, words or a text, wherever there can be none of it."""

_BETWEEN = re.compile(r"[\s,;/|&+]+")
_FILLING = ("", "and", "to")
_OR = re.compile(r"\s*(?:[,;/|]\s*)?(?:(?:or|and)\b\s*)?", re.IGNORECASE)


def first_word(text: str) -> tuple[str, str]:
    """Return the first word and what stands behind it."""
    word, *rest = text.split(maxsplit=1) or [""]
    return word, "".join(rest).strip()


def names(text: str) -> list[str]:
    """Return the words of a list such as `@ann, @bob and @carla`, each once."""
    return list(dict.fromkeys(name for name, _ in _names(text)))


def first_name(text: str) -> tuple[str, str]:
    """Return the first name of such a list, and what stands behind it."""
    return next(((name, text[end:].strip()) for name, end in _names(text)), ("", ""))


def _names(text: str) -> Iterator[tuple[str, int]]:
    """Yield the names of a list, and where the next one may begin."""
    at, plain = 0, aligned(text)
    while at < len(text):
        between = _BETWEEN.search(plain, at)
        end, behind = between.span() if between else (len(text), len(text))
        if plain[at:end].casefold() not in _FILLING:
            yield text[at:end], behind
        at = behind


def lines(text: str) -> list[str]:
    """Return the lines on which something stands."""
    return [line for line in map(one_line, text.splitlines()) if line]


def titled(text: str) -> tuple[str, list[str]]:
    """Return the title and the tasks of a checklist: `Title; first; second`, or each on a line of its own."""
    title, *rest = map(one_line, re.split(r"[;；\n]", text))
    return title, [line for line in rest if line]


def is_none(text: str) -> bool:
    """Return whether words say that there is to be none."""
    # "no one" is "no-one".
    return bool({text.strip().casefold(), one_line(bare(text)).casefold().replace(" ", "-")} & NONE)


def text_or_none(text: str) -> str:
    """Return a text, empty where it says that there is to be none; `"no"` in quotation marks is the text itself."""
    text = text.strip()
    inner = unquoted(text)
    return "" if is_none(text) else inner if is_none(inner) else text


def phrases(text: str) -> list[str]:
    """Return what stands in quotation marks, each alone: `"one", "two"`; all else is one phrase."""
    text, at = text.strip(), 0
    plain, found = aligned(text), list[str]()
    while (one := quoted(text, at)) is not None:
        found.append(one[0])
        behind = _OR.match(plain, one[1])
        at = behind.end() if behind else one[1]
    return list(dict.fromkeys(filter(None, map(one_line, found if found and at == len(text) else [text]))))


def first_part(text: str) -> tuple[str, str]:
    """Return the first word, or what is quoted in its place, and what stands behind; open marks last to the end."""
    text = text.strip()
    found = quoted(text)
    if found is not None:
        return found[0], text[found[1] :].strip()
    return (text[1:], "") if is_opening(text) else first_word(text)
