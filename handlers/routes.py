"""Which handler deals with which event."""

from collections.abc import Iterator

from handlers.context import Context
from handlers.effects import Effect
from handlers.events import AnyEvent


def handle(event: AnyEvent, ctx: Context) -> Iterator[Effect]:
    """Decide what follows from an event."""
    yield from ()
