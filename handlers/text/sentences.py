"""Turns templates into the sentences that people read, in the language and with the clock of whoever reads them.

A template in `templates/messages` is a set of blocks, one for each thing that a message says (its text, a title, a
button's label). A value put into a block is escaped to one line of plain words, unless a filter says otherwise.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from jinja2 import BaseLoader, Environment, PackageLoader, StrictUndefined, pass_context

from handlers.text import catalogue, languages, words
from handlers.text.opening import opening
from handlers.text.readers import ANYBODY, Reader
from handlers.text.words import Safe, escape

COMING = timedelta(days=270)
"""So far ahead a date is the next of its kind for people, and needs no year."""


class Said(Mapping[str, str]):
    """The blocks of one rendered template, each made when it is asked for."""

    def __init__(self, name: str, reader: Reader, values: dict[str, Any]) -> None:
        self._name, self._values = name, values
        self._template: Any = _in(reader.language).get_template(f"{name}{catalogue.ENDING}")
        self._context = self._template.new_context({**values, "reader": reader})

    def to(self, reader: Reader) -> "Said":
        """Return the same sentences for another reader; what stands in them is the same."""
        return Said(self._name, reader, self._values)

    def __getitem__(self, block: str) -> str:
        return "".join(self._template.blocks[block](self._context)).strip()

    def __iter__(self) -> Any:
        return iter(self._template.blocks)

    def __len__(self) -> int:
        return len(self._template.blocks)


def say(template: str, reader: Reader = ANYBODY, /, **values: Any) -> Said:
    """Render a template of `templates/messages`, by its name without ending, for a reader."""
    return Said(template, reader, values)


def clock(at: datetime, reader: Reader, now: datetime) -> Safe:
    """Say a time as its reader's clock shows it: the hour alone today, with the day otherwise.

    A day has its year, unless it is the one that people think of first: one to come soon, or that was this year.
    """
    local, here = at.astimezone(reader.zone), now.astimezone(reader.zone)
    ahead = local.date() - here.date()
    is_clear = ahead < COMING if ahead > timedelta() else local.year == here.year
    form = "day_and_hour" if is_clear else "day_year_and_hour"
    form = form if ahead else "hour"
    return _written(reader.language, local.replace(second=0, microsecond=0, tzinfo=None), form)


def clock_in_list(at: datetime, reader: Reader, now: datetime) -> Safe:
    """Say a time in a list that names the present zone once: with a name of its own where it has another one."""
    name = reader.zone_name(at)
    return Safe(clock(at, reader, now) + (f" {name}" if name != reader.zone_name(now) else ""))


def in_a_week(now: datetime, reader: Reader) -> Safe:
    """Say a time to come as an example of how one is written in figures."""
    return Safe(f"{now.astimezone(reader.zone) + timedelta(days=7):%Y-%m-%d} 09:00")


def weekday(at: datetime, reader: Reader) -> Safe:
    """Say which day of the week it is for a reader."""
    return _written(reader.language, at.astimezone(reader.zone).replace(tzinfo=None), "weekday")


def day(at: date, reader: Reader) -> Safe:
    """Say a day with its year."""
    return _written(reader.language, datetime.combine(at, time()), "day_alone")


def day_of_month(at: date, reader: Reader) -> Safe:
    """Say a day of a year that stands elsewhere."""
    return _written(reader.language, datetime.combine(at, time()), "day_of_month")


def month(at: date, reader: Reader) -> Safe:
    """Say the month that a day is in."""
    return _written(reader.language, datetime.combine(at, time()), "month")


# A checklist's times are written with each change of it.
@lru_cache(4096)
def _written(language: str, local: datetime, form: str) -> Safe:
    return Safe(languages.written(language, local, say("times", Reader(language))[form]))


@lru_cache(1024)
def span(seconds: float, reader: Reader) -> Safe:
    """Say a length of time in whole minutes, such as 1 h 30 min."""
    minutes = max(1, round(seconds / 60))
    counts = {"days": minutes // 1440, "hours": minutes // 60 % 24, "minutes": minutes % 60}
    return Safe(" ".join(say("times", reader, count=count)[unit] for unit, count in counts.items() if count))


def lasted(seconds: int, reader: Reader) -> Safe:
    """Say how long something took: below a minute in seconds, otherwise in whole minutes."""
    return Safe(say("times", reader, count=seconds)["seconds"]) if seconds < 60 else span(seconds, reader)


def lasted_exactly(seconds: int, reader: Reader) -> Safe:
    """Say how long something took as `lasted`, below ten minutes to the second: a target may stand beside it."""
    minutes, rest = divmod(seconds, 60)
    if not 0 < minutes < 10 or not rest:
        return lasted(seconds, reader)
    return Safe(f"{span(minutes * 60, reader)} {lasted(rest, reader)}")


def amount(value: int, reader: Reader, kind: str, currency: str = "") -> Safe:
    """Say an amount, as `handlers/text/amounts.py` keeps it, of a kind named there."""
    match kind:
        case "duration":
            return lasted_exactly(value, reader)
        case "currency":
            return Safe(languages.money(reader.language, value, currency))
        case "percentage":
            return Safe(languages.percentage(reader.language, value))
    return Safe(languages.whole(reader.language, value))


def plural(count: int, reader: Reader, *forms: str) -> Safe:
    """Return the form that goes with a number in a reader's language."""
    return Safe(languages.plural(reader.language, count, *forms))


def counted(count: int, reader: Reader, *forms: str) -> Safe:
    """Say a number with the form that goes with it."""
    return Safe(f"{count} {plural(count, reader, *forms)}")


def joined(values: Iterable[object], between: str = ", ") -> Safe:
    """Put values one after the other, each escaped unless it is fit for a message already."""
    return Safe(between.join(str(_final(value)) for value in values))


def forget() -> None:
    """Read all templates anew."""
    _in.cache_clear()
    span.cache_clear()
    _written.cache_clear()


def _final(value: object) -> object:
    return value if isinstance(value, Safe) else escape(value)


def _to_reader(said: Callable[..., Safe]) -> Any:
    """Make a filter of what is said to a reader."""
    return pass_context(lambda context, value, *more: said(value, context["reader"], *more))


_FILTERS = {
    "amount": _to_reader(amount),
    "bar": words.bar,
    "clock": pass_context(lambda context, at: clock(at, context["reader"], context["now"])),
    "clock_in_list": pass_context(lambda context, at: clock_in_list(at, context["reader"], context["now"])),
    "clock_zone": _to_reader(lambda at, reader: Safe(reader.zone_name(at))),
    "code": words.code,
    "counted": _to_reader(counted),
    "day": _to_reader(day),
    "fenced": words.fenced,
    "in_a_week": _to_reader(in_a_week),
    "joined": joined,
    "label": words.label,
    "lasted": _to_reader(lasted),
    "linked": words.linked,
    "mention": words.mention,
    "opening": opening,
    "cell": words.cell,
    "plain": words.plain,
    "plural": _to_reader(plural),
    "prose": words.prose,
    "quote": words.quote,
    "shorten": words.shorten,
    "span": _to_reader(span),
    "unlinked": words.unlinked,
    "weekday": _to_reader(weekday),
}


class _Loader(BaseLoader):
    """The templates of a language."""

    def __init__(self, language: str) -> None:
        self._english = PackageLoader("templates", "messages")
        self._language = language

    def get_source(self, environment: Environment, template: str) -> Any:
        source, *rest = self._english.get_source(environment, template)
        return catalogue.translated(source, template.removesuffix(catalogue.ENDING), self._language), *rest


@lru_cache
def _in(language: str) -> Environment:
    made = Environment(
        loader=_Loader(language),
        undefined=StrictUndefined,
        auto_reload=False,
        finalize=_final,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701  (Markdown, not HTML: `_final` escapes)
    )
    made.filters |= _FILTERS
    return made
