"""What a jinja2 template says with values: plain words go in, and stay words.

Nothing here limits time or memory. It is asked in a process of its own, which can be ended (`bot/rendering`).
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from jinja2 import TemplateError

from handlers.text.jinja_mistakes import mistakes_in
from handlers.text.jinja_syntax import ATTRIBUTES, Environ, identifier, parsed
from handlers.text.one_argument import is_plain
from handlers.text.tidy import CALLED, EMPTY, NUMBER, tidied
from handlers.text.words import escape, one_line
from handlers.unsure import Made, TextKind, ToRender

LONGEST = 4000
"""Characters of one text, as many as its template may have."""


class _TooLong(Exception):
    pass


def rendered(order: ToRender) -> Iterator[Made]:
    """Yield what each of some templates says."""
    values, attributes = dict(order.values), dict(order.attributes)
    for kind, text in order.texts:
        yield made(text, kind, values, attributes)


def made(text: str, kind: TextKind, values: Mapping[str, str], attributes: Mapping[str, str]) -> Made:
    """Return what a template says. Raises whatever interrupts it, and `MemoryError`."""
    known = {one: value for name, value in attributes.items() if (one := identifier(name))} | dict(values)
    by_name = {name.casefold(): value for name, value in attributes.items()}
    if mistakes_in(text, known, by_name):
        return Made(None, "wrong")
    try:
        template = _environ(kind).from_string(parsed(text))
        said = _joined(template.generate({**known, ATTRIBUTES: by_name}))
    except _TooLong:
        return Made(None, "long")
    except (TemplateError, TypeError, ValueError, LookupError, RecursionError, OverflowError):
        return Made(None, "failed")
    return Made(tidied(said, is_line=kind != "markdown").strip())


def _joined(parts: Iterable[str]) -> str:
    said, length = list[str](), 0
    for part in parts:
        said.append(part)
        length += len(part)
        if length > LONGEST:
            raise _TooLong
    return "".join(said)


@cache
def _environ(kind: TextKind) -> Environ:
    written = {"markdown": escape, "line": one_line, "command": _argument}[kind]
    return Environ(lambda value: written(str(value)) or EMPTY)


def _argument(value: str) -> str:
    if value and value not in (NUMBER, CALLED) and not is_plain(value):
        raise ValueError(value)
    return value
