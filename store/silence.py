"""A connection to PostgreSQL that is given up once nothing at all is heard on it, as from a server that is cut off."""

from collections.abc import Generator
from typing import Any, TypeVar

from psycopg import Connection, OperationalError
from psycopg.abc import PQGen

T = TypeVar("T")

LOOKS = 20
"""Into how many looks the longest silence is divided."""


class Listening(Connection[Any]):
    """A connection that closes and raises `OperationalError` once the server says nothing for `longest` seconds.

    A server that is cut off, or whose machine stands still, does not tell that it is gone. None waits for ever.
    """

    longest: float | None = None

    def wait(self, gen: PQGen[T], interval: float = 0.1, *more: Any, **named: Any) -> T:
        """Wait for the server as the library does, but not for ever."""
        if self.longest is None:
            return super().wait(gen, interval, *more, **named)
        return super().wait(self._heard(gen), self.longest / LOOKS, *more, **named)

    def _heard(self, gen: PQGen[T]) -> Generator[Any, Any, T]:
        """Pass the library's waits on; `wait` answers 0 when an interval has passed in silence."""
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
