"""Has an event decided, and asks only for that which the decision hangs on: of the server, or of what renders."""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeVar, assert_never

from msgspec.structs import replace

from handlers.events import (
    AnyEvent,
    ButtonPressed,
    CommandGiven,
    DialogSubmitted,
    MessageHeard,
    PageActed,
    Person,
    ReactionAdded,
    Readers,
)
from handlers.unsure import HeadOf, InTeam, OfGroups, Question, ReadersOf, ToRender, Unsure

Answer = TypeVar("Answer")

Administers = Callable[[str, str], Awaitable[bool]]
"""Tells whether somebody administers a channel."""
MOST = 5
"""How often one question is put for one decision."""


class Knows(Protocol):
    """The directory, as far as it asks who administers or reads a channel and who is in a team, and templates."""

    async def administers(self, person_id: str, place_id: str) -> bool: ...

    async def ask_members(self, team_id: str, person_ids: Sequence[str]) -> set[str]: ...

    async def ask_groups(self, names: Sequence[str]) -> None: ...

    async def render(self, order: ToRender) -> None: ...

    async def ask_readers(self, place_id: str, kind: str) -> Readers: ...


async def decided(
    dispatch: Callable[[AnyEvent], Awaitable[Answer]],
    directory: Knows,
    event: AnyEvent,
    administers: Administers | None = None,
) -> Answer:
    """Return what `dispatch` decides; each question that it hangs on is put to the server.

    An answer may be in doubt again before it counts, as all are after a gap; then the question is put again, some times
    at most. Who can wait for the answer asks by another `administers` than the directory's. What `dispatch` raises has
    changed nothing.
    """
    asked: Counter[Question] = Counter()
    while True:
        try:
            return await dispatch(event)
        except Unsure as unsure:
            if asked[unsure.question] == MOST:
                raise
            asked[unsure.question] += 1
            event = await _with_answer(event, unsure, directory, administers or directory.administers)


async def _with_answer(event: AnyEvent, unsure: Unsure, directory: Knows, administers: Administers) -> AnyEvent:
    match unsure.question:
        case InTeam(team_id, person_ids):
            await directory.ask_members(team_id, person_ids)
            return event
        case OfGroups(names):
            await directory.ask_groups(names)
            return event
        case ToRender():
            await directory.render(unsure.question)
            return event
        case HeadOf(place_id):
            return await _with_head(event, place_id, administers, unsure)
        case ReadersOf(place_id, kind):
            if not isinstance(event, ButtonPressed):
                raise unsure
            return replace(event, readers=await directory.ask_readers(place_id, kind))
        case _:
            assert_never(unsure.question)


async def _with_head(event: AnyEvent, place_id: str, administers: Administers, unsure: Unsure) -> AnyEvent:
    match event:
        case MessageHeard():
            return replace(event, author=await _asked(event.author, place_id, administers))
        case CommandGiven() | ButtonPressed() | DialogSubmitted() | PageActed() | ReactionAdded():
            return replace(event, asker=await _asked(event.asker, place_id, administers))
        case _:
            raise unsure


async def _asked(person: Person, place_id: str, administers: Administers) -> Person:
    place = frozenset({place_id})
    heads = place if await administers(person.id, place_id) else frozenset[str]()
    return replace(person, asked=person.asked | place, heads=person.heads | heads)
