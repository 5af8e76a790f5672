"""What can be done to a value in a jinja2 template: each takes plain words, and none takes a width."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Filter:
    """What is done to a value, with at least and at most how many words behind it, and whether a number comes of it."""

    does: Callable[..., Any]
    least: int = 0
    most: int = 0
    gives_number: bool = False

    def __call__(self, value: Any, *more: Any) -> Any:
        return self.does(value, *more)


def default(value: Any, instead: Any = "") -> Any:
    """Return what is said instead of an empty value."""
    return instead if value in ("", None) else value


def whole(value: Any) -> int:
    """Return the whole number that words are, 0 where they are none."""
    digits = str(value).strip().replace("_", "")
    return int(digits) if digits.lstrip("-").isdecimal() and len(digits) <= 18 and digits.isascii() else 0


def parts(value: Any) -> list[str]:
    """Return the values of which there are several, parted by commas."""
    return [part.strip() for part in str(value).split(",") if part.strip()]


FILTERS: Mapping[str, Filter] = {
    "capitalize": Filter(lambda value: str(value).capitalize()),
    "d": Filter(default, 0, 1),
    "default": Filter(default, 0, 1),
    "first": Filter(lambda value: value[0] if value else ""),
    "int": Filter(whole, gives_number=True),
    "join": Filter(lambda value, between="": str(between).join(map(str, value)), 0, 1),
    "last": Filter(lambda value: value[-1] if value else ""),
    "length": Filter(len, gives_number=True),
    "lower": Filter(lambda value: str(value).lower()),
    "parts": Filter(parts),
    "replace": Filter(lambda value, old, new: str(value).replace(str(old), str(new)), 2, 2),
    "title": Filter(lambda value: str(value).title()),
    "trim": Filter(lambda value: str(value).strip()),
    "upper": Filter(lambda value: str(value).upper()),
}

TESTS: Mapping[str, Callable[[Any], bool]] = {
    "defined": lambda value: value not in ("", None),
    "empty": lambda value: value in ("", None),
}
"""What can be asked of a value behind `is`; `defined` is whether it is filled in."""
