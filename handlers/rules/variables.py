"""Variables of a run: where they are defined, and putting their values into a task's command."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

NAME = re.compile(r"[A-Za-z0-9_]{1,60}")
_LINE = re.compile(r"^[ \t]*\$([A-Za-z0-9_]{1,60})[ \t]*=(.*)", re.MULTILINE)
_USED = re.compile(r"\$(?:(\$)|([A-Za-z0-9_]+))")


@dataclass(frozen=True, slots=True)
class Filled:
    """A command with its values; `missing` names nobody has defined, values of `unfit` ones may not be put in."""

    text: str
    missing: tuple[str, ...] = ()
    unfit: tuple[str, ...] = ()


def defined(attributes: Mapping[str, str], summary: str) -> dict[str, str]:
    """Return the variables of a run: `$name=value` lines of its summary, the last one counts, and its attributes."""
    lines = ((name, value.strip(" \t\r")) for name, value in _LINE.findall(summary))
    return {name: value for name, value in (*lines, *attributes.items()) if value}


def fill(text: str, values: Mapping[str, str], fits: Callable[[str], bool] | None = None) -> Filled:
    """Put the values of variables into a text, at once: a `$` in a value stays one, and `$$` is a plain `$`.

    A name that is missing, or whose value does not fit where that is asked, stays as it stands.
    """
    left: dict[str, bool] = {}

    def value(used: re.Match[str]) -> str:
        name = used[2]
        if used[1]:
            return "$"
        if name in values and (fits is None or fits(values[name])):
            return values[name]
        left[name] = name in values
        return used[0]

    filled = _USED.sub(value, text)
    missing, unfit = ([name for name in left if left[name] is known] for known in (False, True))
    return Filled(filled, tuple(missing), tuple(unfit))
