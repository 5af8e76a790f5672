"""A bounded memory of things that were read, each with the time of its reading."""

from datetime import datetime
from typing import Generic, TypeVar

from store import UTC_EPOCH

T = TypeVar("T")


class Shelf(Generic[T]):
    """Keeps `size` things by key; the one that was not asked for the longest goes first."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._things: dict[str, tuple[T, datetime]] = {}

    def get(self, key: str) -> tuple[T, datetime] | None:
        if (kept := self._things.pop(key, None)) is not None:
            self._things[key] = kept
        return kept

    def put(self, key: str, thing: T, at: datetime) -> None:
        self._things.pop(key, None)
        self._things[key] = (thing, at)
        if len(self._things) > self._size:
            del self._things[next(iter(self._things))]

    def age(self, key: str) -> None:
        """Make a thing old, so that it is read anew."""
        if (kept := self._things.get(key)) is not None:
            self._things[key] = (kept[0], UTC_EPOCH)
