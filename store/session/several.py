"""Asking for several values by a statement that is put together once, for one value, for two, for four and so on.

The library's own parameter for a list is spelled out with each execution anew, which takes longer than the rest of a
small statement; and PostgreSQL knows again what is spelled the same.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, bindparam


def room_for(count: int) -> int:
    """Return for how many values a statement is to ask that has to ask for `count`: a power of two."""
    return 1 << max(count - 1, 0).bit_length()


def is_any(column: Any, name: str, room: int) -> ColumnElement[bool]:
    """Return the condition that a column has one of the values that `given` gives."""
    found: ColumnElement[bool] = column.in_([bindparam(f"{name}{at}") for at in range(room)])
    return found


def given(name: str, values: Collection[int | str], room: int) -> dict[str, int | str | None]:
    """Return values as parameters; the room that is left has nothing, which no column is equal to."""
    found: dict[str, int | str | None] = dict.fromkeys([f"{name}{at}" for at in range(room)])
    for at, value in enumerate(values):
        found[f"{name}{at}"] = value
    return found
