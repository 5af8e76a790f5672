"""What words may mean as a piece of a time, by the forms in which hours, days, lengths of time and zones are written.

A form may mean several things (`1/2/2026`). Then each of them is a piece, and the whole phrase has several readings.
"""

import re
from collections.abc import Iterable, Iterator

from handlers.text import durations, time_days, time_hours
from handlers.text.time_pieces import Form, Known, Later, Pieces


def meanings(text: str, known: Known) -> Iterator[Pieces]:
    """Yield all that words in small letters may mean as one piece of a time."""
    for form, mean in _COMPILED:
        if (match := form.fullmatch(text)) is not None:
            try:
                yield from mean(match, known)
            except ValueError:
                continue


def _later(match: re.Match[str], _: Known) -> Iterable[Pieces]:
    yield (Later(durations.span(match["span"]), from_day=match["from"] is not None and not match["now"]),)


def _zone(match: re.Match[str], known: Known) -> Iterable[Pieces]:
    zone = known.zone(match["zone"])
    return [(zone,)] if zone is not None else []


_FORMS: tuple[Form, ...] = (
    (
        r"(?:(?:in|within|for) |\+ ?)?(?:another (?=[0-9]))?"
        r"(?P<span>.+?)(?:(?:'s?)? time|(?P<from> from(?P<now> (?:now|today))?))?",
        _later,
    ),
    (r"(?:in )?(?P<zone>.+)", _zone),
)
_COMPILED = [(re.compile(form), mean) for form, mean in (*time_hours.FORMS, *time_days.FORMS, *_FORMS)]
