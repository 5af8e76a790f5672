"""Having an event decided that may hang on who administers a channel: asked of the server only where it does."""

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from msgspec.structs import replace

from handlers.events import AnyEvent, ButtonPressed, CommandGiven, DialogSubmitted, MessageHeard, Person, ReactionAdded
from handlers.permissions import Unsure

Answer = TypeVar("Answer")


class Knows(Protocol):
    """The directory, as far as it asks who administers a channel."""

    async def administers(self, person_id: str, place_id: str) -> bool: ...


async def decided(dispatch: Callable[[AnyEvent], Awaitable[Answer]], directory: Knows, event: AnyEvent) -> Answer:
    """Return what `dispatch` decides; of each channel that it hangs on the server is asked once.

    What `dispatch` raises has changed nothing.
    """
    while True:
        try:
            return await dispatch(event)
        except Unsure as unsure:
            event = await _with_answer(event, unsure, directory)


async def _with_answer(event: AnyEvent, unsure: Unsure, directory: Knows) -> AnyEvent:
    match event:
        case MessageHeard():
            return replace(event, author=await _asked(event.author, unsure, directory))
        case CommandGiven() | ButtonPressed() | DialogSubmitted() | ReactionAdded():
            return replace(event, asker=await _asked(event.asker, unsure, directory))
        case _:
            raise unsure


async def _asked(person: Person, unsure: Unsure, directory: Knows) -> Person:
    place = frozenset({unsure.place_id})
    heads = place if await directory.administers(person.id, unsure.place_id) else frozenset[str]()
    return replace(person, asked=person.asked | place, heads=person.heads | heads)
