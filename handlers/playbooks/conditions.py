"""Conditions on a run's attributes, by which tasks appear and actions happen: is, is not, all of them, any of them."""

from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from handlers.playbooks import values as of
from handlers.playbooks.mistakes import sentence

DEEPEST = 3
"""How deep conditions stand in each other at most."""


def _several(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Compared = Annotated[tuple[of.Value, ...], Field(min_length=1, max_length=100)]


class When(of.Part):
    """A condition: that an `attribute` `is` one of some values, or `is_not`; or that `all` or `any` of others are met.

    A text is compared without regard to capitals; a multiselect is one of the values that it has any of.
    """

    # What was stored is read by the fields' names, what a person wrote by `is`.
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    attribute: of.Line | None = None
    among: Annotated[Compared | None, BeforeValidator(_several)] = Field(default=None, alias="is")
    not_among: Annotated[Compared | None, BeforeValidator(_several)] = Field(default=None, alias="is_not")
    all: tuple["When", ...] = Field(default=(), max_length=50)
    any: tuple["When", ...] = Field(default=(), max_length=50)

    @property
    def attributes(self) -> tuple[str, ...]:
        """Return the names of the attributes that it asks, each once."""
        return tuple(dict.fromkeys(one.attribute for one in self.comparisons() if one.attribute is not None))

    def comparisons(self) -> Iterator["When"]:
        """Yield all comparisons in it."""
        if self.attribute is not None:
            yield self
        for one in (*self.all, *self.any):
            yield from one.comparisons()

    @property
    def depth(self) -> int:
        return 1 + max((one.depth for one in (*self.all, *self.any)), default=0)

    @model_validator(mode="after")
    def _is_one_of_them(self) -> Self:
        compares = (self.among is not None) + (self.not_among is not None)
        if self.attribute is not None:
            fits = compares == 1 and not self.all and not self.any
        else:
            fits = compares == 0 and bool(self.all) != bool(self.any)
        if not fits:
            raise ValueError(sentence("when"))
        if self.depth > DEEPEST:
            raise ValueError(sentence("when_deep", most=DEEPEST))
        return self
