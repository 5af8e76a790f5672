"""What a dialog is filled in with: a frozen value for each, whose fields say how much they hold and are read here."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from types import NoneType
from typing import Self, get_args, get_type_hints

import msgspec

from handlers.effects import Refused
from handlers.text.words import one_line

LONGEST = 3000
"""How many characters a field holds where nothing else is said: what clients let people write into the largest."""


SPARE = 2
"""How many times as much as may be is kept of what somebody wrote, for them to shorten it."""


@dataclass(frozen=True, slots=True)
class Text:
    """Lines of words."""

    limit: int = LONGEST

    def read(self, written: str) -> str:
        return written.strip()


class Line(Text):
    """One line of words."""

    __slots__ = ()

    def read(self, written: str) -> str:
        return one_line(written)


@dataclass(frozen=True, slots=True)
class FormField:
    """One field: `may_lack` where a dialog need not show it, and then it is None."""

    kind: Text
    is_tick: bool = False
    may_lack: bool = False

    def read(self, written: str | bool | None) -> str | bool | None:
        if self.is_tick:
            return written in (True, "true")
        return None if written is None and self.may_lack else self.kind.read(str(written or ""))


class Filled(msgspec.Struct, frozen=True):
    """What a dialog is filled in with; by itself that of one without fields."""

    @classmethod
    def read(cls, values: Mapping[str, str | bool]) -> Self:
        """Read the fields; whatever else was handed in is left out."""
        return cls(**{name: field.read(values.get(name)) for name, field in fields_of(cls).items()})

    @classmethod
    def limits(cls) -> dict[str, int]:
        """Return how many characters each field may have."""
        return {name: field.kind.limit for name, field in fields_of(cls).items()}

    @classmethod
    def worth_keeping(cls, values: Mapping[str, str]) -> dict[str, str]:
        """Return what was written into its own fields, for it to be shown again; of far too much the beginning."""
        limits = cls.limits()
        return {name: said[: SPARE * limits[name]] for name, said in values.items() if name in limits}

    @classmethod
    def too_long(cls, values: Mapping[str, str | bool]) -> dict[str, tuple[int, int]]:
        """Return how many characters there are, and may be, in each field that a client let have too many."""
        found = {name: (len(str(values.get(name) or "").strip()), limit) for name, limit in cls.limits().items()}
        return {name: (count, limit) for name, (count, limit) in found.items() if count > limit}


@cache
def fields_of(cls: type[Filled]) -> Mapping[str, FormField]:
    """Return the fields of a form by their names: ticks, words of a kind, or what is chosen."""
    found = {}
    for name, hint in get_type_hints(cls, include_extras=True).items():
        said = getattr(hint, "__metadata__", ())
        kinds = get_args(hint.__origin__ if said else hint) or (hint,)
        found[name] = FormField(said[0] if said else Text(), is_tick=bool in kinds, may_lack=NoneType in kinds)
    return found


@contextmanager
def at_field(name: str) -> Iterator[None]:
    """Let a refusal inside be told at a field of the dialog that was filled in."""
    try:
        yield
    except Refused as refused:
        raise refused.at(name) from None
