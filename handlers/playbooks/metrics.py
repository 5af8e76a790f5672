"""The metrics of a playbook, asked for or measured between milestones, and the working time that it counts in."""

import re
from collections.abc import Iterator, Sequence
from datetime import time
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_serializer,
    field_validator,
    model_validator,
)

from handlers.playbooks import values as of
from handlers.playbooks.milestones import MilestoneName, is_task, task_title, titled
from handlers.playbooks.mistakes import sentence
from handlers.text import amounts, languages
from handlers.text.amounts import AmountKind
from handlers.text.nearest import nearest

MOST = 20
"""How many metrics a playbook has at most: a dialog asks for all of them."""

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_HOURS = re.compile(r"([0-9]{1,2})(?::([0-9]{2}))?\s*(?:-|\N{EN DASH}|to)\s*([0-9]{1,2})(?::([0-9]{2}))?")


class Metric(of.Part):
    """A number that runs of a playbook are compared by; `key` is its short name, made from the title if absent.

    With `from` and `to` it is measured between two milestones, in seconds, by the wall's clock or in working time;
    without them it is asked for. `target` and all values are whole numbers, as `handlers/text/amounts.py` keeps them.
    """

    # What was stored is read by the fields' names, what a person wrote by `from` and `to`.
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    title: of.Line
    key: str = Field(default="", max_length=60, validate_default=True)
    description: of.Text = ""
    type: AmountKind = "duration"
    currency: str = Field(default="", validate_default=True)
    target: int | None = None
    better: Literal["higher", "lower"] = "lower"
    start: MilestoneName | None = Field(default=None, alias="from")
    end: MilestoneName | None = Field(default=None, alias="to")
    clock: Literal["wall", "working"] = "wall"

    @property
    def is_measured(self) -> bool:
        return self.start is not None

    @property
    def kept_as(self) -> str:
        """The name of its values among the figures of runs: another one once it is another number under its key."""
        if self.is_measured:
            return " ".join((self.key, str(self.start), str(self.end), self.clock))
        return " ".join((self.key, self.type, self.currency)).rstrip()

    @field_validator("key")
    @classmethod
    def _derive_key(cls, key: str, info: ValidationInfo) -> str:
        made = key or re.sub(r"[^a-z0-9]+", "-", str(info.data.get("title", "")).lower())[:60].strip("-")
        if not re.fullmatch(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?", made):
            raise ValueError(sentence("key"))
        return made

    @field_validator("currency")
    @classmethod
    def _known_currency(cls, code: str, info: ValidationInfo) -> str:
        code = code.strip().upper()
        if (info.data.get("type") == "currency") != bool(code) or (code and not languages.is_currency(code)):
            raise ValueError(sentence("currency"))
        return code

    @field_validator("target", mode="before")
    @classmethod
    def _read_target(cls, value: object, info: ValidationInfo) -> object:
        kind = info.data.get("type")
        if not isinstance(value, str) or kind is None or (kind == "currency" and not info.data.get("currency")):
            return None if isinstance(value, str) else value
        try:
            return amounts.read(value, kind, info.data.get("currency", ""))
        except amounts.Unfit:
            raise ValueError(sentence(f"amount_{kind}", currency=info.data.get("currency", ""))) from None

    # Written out in words again, so that what was stored is read by the same rules as what a person wrote.
    @field_serializer("target")
    def _write_target(self, target: int | None) -> str | None:
        return amounts.written(target, self.type, self.currency) if target is not None else None

    @model_validator(mode="after")
    def _measures_a_duration(self) -> Self:
        if (self.start is None) != (self.end is None):
            raise ValueError(sentence("from_and_to"))
        if self.is_measured and self.type != "duration":
            raise ValueError(sentence("measured_duration"))
        if not self.is_measured and self.clock == "working":
            raise ValueError(sentence("working_measured"))
        return self


def _days(value: object) -> object:
    """Read days such as `mon-fri`, `sat, sun`, or a list of them."""
    if not isinstance(value, str):
        return value
    found: list[str] = []
    for part in re.split(r"[\s,]+", value.strip().lower()):
        first, _, last = part.partition("-")
        if last and first[:3] in DAYS and last[:3] in DAYS:
            begin, end = DAYS.index(first[:3]), DAYS.index(last[:3])
            found += DAYS[begin : end + 1] if begin <= end else [*DAYS[begin:], *DAYS[: end + 1]]
        else:
            found.append(first[:3] if first[:3] in DAYS and not last else part)
    return tuple(dict.fromkeys(found))


def _hours(value: object) -> object:
    return tuple(one.strip() for one in value.split(",")) if isinstance(value, str) else value


def span_of(words: str) -> tuple[time, time | None]:
    """Return from when until when hours such as `9:00-17:00` last, None for midnight. Raises `ValueError`."""
    found = _HOURS.fullmatch(words.strip())
    if found is None:
        raise ValueError(sentence("working_hours"))
    begin, end = (int(found[at]) * 60 + int(found[at + 1] or 0) for at in (1, 3))
    minutes_fit = all(int(found[at] or 0) < 60 for at in (2, 4))
    if not minutes_fit or not 0 <= begin < end <= 24 * 60:
        raise ValueError(sentence("working_hours"))
    return time(*divmod(begin, 60)), time(*divmod(end, 60)) if end < 24 * 60 else None


class Working(of.Part):
    """The working time of a playbook: on which `days`, from when until when, by the clocks of which `zone`.

    Without a zone it is the playbook's `timezone`, else UTC.
    """

    days: Annotated[tuple[Day, ...], BeforeValidator(_days)] = Field(default=DAYS[:5])
    hours: Annotated[tuple[str, ...], BeforeValidator(_hours)] = Field(default=("09:00-17:00",), max_length=6)
    zone: of.Zone = ""

    @field_validator("days", "hours")
    @classmethod
    def _is_some(cls, found: tuple[str, ...]) -> tuple[str, ...]:
        if not found:
            raise ValueError(sentence("empty"))
        return found

    @field_validator("hours")
    @classmethod
    def _in_order(cls, hours: tuple[str, ...]) -> tuple[str, ...]:
        spans = [span_of(one) for one in hours]
        for (_, end), (begin, _) in pairwise(spans):
            if end is None or begin < end:
                raise ValueError(sentence("working_order"))
        return hours

    @property
    def spans(self) -> tuple[tuple[time, time | None], ...]:
        """Return from when until when the working time of a day lasts, None for midnight."""
        return tuple(map(span_of, self.hours))


def mistakes_in(
    metrics: Sequence[Metric], titles: Sequence[str], *, has_working: bool
) -> Iterator[tuple[int, str, str]]:
    """Yield what does not hold of a playbook's metrics: which one, at which key, and why, for its author.

    `titles` are those of the playbook's tasks.
    """
    keys = [one.key for one in metrics]
    for at, one in enumerate(metrics):
        if one.key in keys[:at]:
            yield at, "key", sentence("metric_twice", key=one.key)
        if one.clock == "working" and not has_working:
            yield at, "clock", sentence("no_working")
        for key, name in (("from", one.start), ("to", one.end)):
            if name and is_task(name) and not titled(task_title(name), titles):
                like = nearest(task_title(name), titles)
                yield at, key, sentence("metric_task", task=task_title(name), nearest=like)
