"""The people of a playbook: named roles with who has them first, rotas, and how channel and run follow each other."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Self

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, model_validator

from handlers.playbooks.mistakes import sentence
from handlers.playbooks.values import Lowered, Part, PersonName, Seconds

FIXED_ROLES = ("owner", "creator")
"""Roles that every run has."""


def _role(name: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9-]*", name):
        raise ValueError(sentence("role_name", like=re.sub(r"[^a-z0-9]+", "-", name).strip("-0123456789") or "scribe"))
    if name in FIXED_ROLES:
        raise ValueError(sentence("role_taken", name=name))
    return name


RoleName = Annotated[
    Lowered,
    StringConstraints(min_length=1, max_length=40),
    AfterValidator(_role),
]


class Rota(Part):
    """People who take turns: each has it for `every` so long, the first from the day `from` (midnight in UTC) on."""

    # What was stored is read by the field's name, what a person wrote by `from`.
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    people: tuple[PersonName, ...] = Field(min_length=1, max_length=100)
    every: Seconds = 604800
    start: date = Field(alias="from")

    def at(self, now: datetime) -> str:
        """Return whose turn it is, as "@name"."""
        return self.people[self._turn(now) % len(self.people)]

    def order(self, now: datetime) -> list[str]:
        """Return everybody once, as "@name", from whose turn it is on."""
        first = self._turn(now) % len(self.people)
        return list(dict.fromkeys((*self.people[first:], *self.people[:first])))

    def after(self, now: datetime) -> datetime:
        """Return when the turn that is on at `now` ends and the next one begins."""
        return self._begin + timedelta(seconds=(self._turn(now) + 1) * self.every)

    @property
    def _begin(self) -> datetime:
        return datetime.combine(self.start, time(), UTC)

    def _turn(self, now: datetime) -> int:
        return int((now - self._begin).total_seconds() // self.every)


class Role(Part):
    """A named role of a run; `person` has it from the start, or whoever's turn it is then."""

    name: RoleName
    person: PersonName | None = None
    rota: Rota | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if self.person and self.rota:
            raise ValueError(sentence("person_and_rota"))
        return self


class Membership(Part):
    """How run and channel follow each other.

    `join_channel`: who joins the run is added to the channel; `leave_channel`: who leaves it is removed there;
    `join_run`: who joins the channel takes part in the run; `leave_run`: who leaves it takes part no longer.
    """

    join_channel: bool = True
    leave_channel: bool = True
    join_run: bool = True
    leave_run: bool = True


def role(value: object) -> object:
    """Let a role be just its name."""
    return {"name": value} if isinstance(value, str) else value
