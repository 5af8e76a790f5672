"""Writing rows with statements of their own: the mapper's unit of work takes five to eight times as long for it.

It does so for what it plans among rows of many kinds that depend on each other. Here whoever adds a row has added those
that it refers to before, and a change is one row's.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Insert, Update, bindparam, insert, inspect, update
from sqlalchemy.orm import InstanceState, make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import SQLModel

from store.tables.base import values_of


def write_new(connection: Connection, rows: Sequence[SQLModel]) -> None:
    """Insert rows of one kind, in their order; they know their ids afterwards, as if they had been read."""
    if not rows:
        return
    values = [values_of(row) for row in rows]
    key = _key(type(rows[0]))
    if values[0].get(key) is None:
        for one in values:
            one.pop(key, None)
        for row, made in zip(rows, _made(connection, type(rows[0]), values), strict=True):
            set_committed_value(row, key, made)
    else:
        connection.execute(_insert(type(rows[0])), values)
    for row in rows:
        make_transient_to_detached(row)


def write_changes(connection: Connection, rows: Iterable[SQLModel]) -> None:
    """Write what was changed of rows that were read."""
    same: dict[tuple[type[SQLModel], tuple[str, ...]], list[dict[str, Any]]] = {}
    for row in rows:
        now = vars(row)
        changed = changed_of(row)
        if changed:
            kind = type(row)
            values = {_to(name): now[name] for name in changed}
            same.setdefault((kind, changed), []).append({_OF: now[_key(kind)], **values})
    for (kind, names), values_of_all in same.items():
        connection.execute(_update(kind, names), values_of_all)


def changed_of(row: SQLModel) -> tuple[str, ...]:
    """Return the names of what was changed of a row since it was read or written."""
    state: InstanceState[Any] = inspect(row)
    before, now = state.committed_state, vars(row)
    return tuple(sorted(name for name in before if before[name] is not now[name] and before[name] != now[name]))


def _made(connection: Connection, kind: type[SQLModel], values: list[dict[str, Any]]) -> Sequence[Any]:
    """Insert rows and return the ids that the database gave them."""
    if len(values) == 1:
        return connection.execute(_insert(kind), values[0]).inserted_primary_key or ()
    return connection.execute(_insert_and_tell(kind), values).scalars().all()


_OF = "of"


def _to(name: str) -> str:
    # A parameter may not have the name of a column.
    return f"to_{name}"


@cache
def _key(kind: type[SQLModel]) -> str:
    (column,) = inspect(kind).primary_key
    return str(column.key)


@cache
def _insert(kind: type[SQLModel]) -> Insert:
    return insert(kind)


@cache
def _insert_and_tell(kind: type[SQLModel]) -> Any:
    return insert(kind).returning(getattr(kind, _key(kind)), sort_by_parameter_order=True)


@cache
def _update(kind: type[SQLModel], names: tuple[str, ...]) -> Update:
    key: Any = getattr(kind, _key(kind))
    return update(kind).where(key == bindparam(_OF)).values({name: bindparam(_to(name)) for name in names})
