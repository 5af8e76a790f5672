"""Tracebacks for the log: where something happened, and neither the values there nor the words of people."""

import linecache
from collections.abc import Iterator
from typing import Any

from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import ExcInfo

from bot.logs.discreet import without_quotes

Rows = list[dict[str, Any]]
_transform = ExceptionDictTransformer(show_locals=False)


def rows(exc_info: ExcInfo) -> Rows:
    """Return an exception and those it came from, the last one first, as values for JSON."""
    return _discreet(_transform(exc_info))


def text(exc_info: ExcInfo) -> str:
    """Return the same as lines to be read, the last one last as usual."""
    return "\n".join(_lines(rows(exc_info)))


def _discreet(stacks: Rows) -> Rows:
    for stack in stacks:
        stack["exc_value"] = without_quotes(stack["exc_value"])
        stack["exc_notes"] = [without_quotes(note) for note in stack.get("exc_notes", ())]
        stack["exceptions"] = [_discreet(inner) for inner in stack.get("exceptions", ())]
        # The line that is wrong is not ours: it was read from somewhere.
        stack["syntax_error"] = None
    return stacks


def _lines(stacks: Rows, indent: str = "") -> Iterator[str]:
    for stack in reversed(stacks):
        yield f"{indent}Traceback (most recent call last):"
        for frame in stack["frames"]:
            yield f'{indent}  File "{frame["filename"]}", line {frame["lineno"]}, in {frame["name"]}'
            if code := linecache.getline(frame["filename"], frame["lineno"]).strip():
                yield f"{indent}    {code}"
        yield f"{indent}{stack['exc_type']}: {stack['exc_value']}"
        yield from (f"{indent}{note}" for note in stack["exc_notes"])
        for inner in stack["exceptions"]:
            yield from _lines(inner, f"{indent}  | ")
