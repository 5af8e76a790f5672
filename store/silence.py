"""A connection to PostgreSQL that is given up once nothing at all is heard on it, as from a server that is cut off."""

from collections.abc import Generator
from typing import Any, TypeVar

from psycopg import Connection, OperationalError
from psycopg.abc import PQGen

T = TypeVar("T")

LOOKS = 20
"""How often it is looked whether anything was heard, until nothing was for too long."""


class Listening(Connection[Any]):
    """Raises `OperationalError`, and is closed, where the server says nothing for `longest` seconds, if that is set.

    A server whose machine stands still, or that is cut off, sends no end of a connection either.
    """

    longest: float | None = None

    def wait(self, gen: PQGen[T], interval: float = 0.1, *more: Any, **named: Any) -> T:
        """Wait for the server as the library does, but not for ever."""
        if self.longest is None:
            return super().wait(gen, interval, *more, **named)
        return super().wait(self._heard(gen), self.longest / LOOKS, *more, **named)

    def _heard(self, gen: PQGen[T]) -> Generator[Any, Any, T]:
        """Pass on what the library asks and is told; it is told nothing (0) when an interval is over."""
        try:
            asked = next(gen)
            while True:
                for _ in range(LOOKS):
                    if said := (yield asked):
                        break
                else:
                    self.close()
                    raise OperationalError(f"nothing was heard from the server for {self.longest:g} s")
                asked = gen.send(said)
        except StopIteration as over:
            result: T = over.value
            return result
