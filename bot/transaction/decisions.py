"""What one transaction decides: events one after the other, and in the end each message's new content once."""

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, field
from dataclasses import replace as replace_fields
from datetime import datetime, timedelta

import structlog
from cachetools import LRUCache
from msgspec.structs import replace

from bot.transaction.leaving import Leaving
from handlers import effects as do
from handlers.context import Context, Installation
from handlers.events import AnyEvent, ButtonPressed, CommandGiven, DialogSubmitted, MessageHeard, PageActed, Place
from handlers.messages.current import redraw
from handlers.routes import look_ahead
from handlers.text.pages import pages
from store import UTC_EPOCH, Store

log = structlog.get_logger()

Decide = Callable[[AnyEvent, Context], Iterable[do.Effect]]

SETTLE = timedelta(seconds=3)
"""How long the reply to a click has to show the new content before it is also sent as an edit."""
COURTESY = timedelta(seconds=0.04)
"""How long other messages wait before they are edited, so that the server first shows what it was asked for.

Where several people wait at once the server is busy anyway, and to wait would only make it more.
"""
LATER = timedelta(seconds=1)
"""How long what nobody waits for leaves the server to what people do wait for, such as the channel of a run."""


@dataclass(slots=True)
class Reply:
    """What the asker gets at once: the immediate effects, and the new content of the message just pressed.

    `key` is what the pressed message's post is known by. `written` is the reply as it is sent, once a door has written
    it.
    """

    effects: list[do.Immediate] = field(default_factory=list)
    pressed: do.Edit | None = None
    key: str = ""
    written: bytes = b""


class Decisions:
    """The decisions of one transaction; `close` comes last, `pace` spaces the edits of a message."""

    def __init__(self, store: Store, here: Installation, now: datetime, decide: Decide, pace: "Pace") -> None:
        self._ctx = Context(now, store, here, asks=False)
        self._decide = decide
        self._pace = pace
        self._stale: dict[int, bool] = {}
        self._pressed: list[tuple[Reply, int]] = []
        self._taken = 0
        self._leaving = Leaving(store, now)

    def expect(self, events: Iterable[AnyEvent]) -> None:
        """Take note of events that somebody waits for, and let what is asked for about them be asked for at once."""
        self._ctx = replace_fields(self._ctx, asks=True)
        look_ahead(events, self._ctx)

    def take(self, event: AnyEvent) -> Reply:
        """Decide what follows from an event; what messages show is known after `close`."""
        self._taken += 1
        reply = Reply()
        pressed = event.message_id if isinstance(event, ButtonPressed) else 0
        stale: dict[int, bool] = {}
        for effect in self._decide(event, self._ctx):
            match effect:
                case do.Answer() | do.Ask() | do.Refuse() | do.Correct():
                    self._answer(effect, event, reply)
                case do.Redraw():
                    stale[effect.message_id] = effect.again or stale.get(effect.message_id, False)
                case do.Edit() if pressed and effect.message_id == pressed:
                    reply.pressed = effect
                    self.send(effect, after=SETTLE)
                case do.Tell():
                    self.send(_in_thread(effect, event))
                case _:
                    self.send(effect)
        for message_id, again in stale.items():
            self._stale[message_id] = again or self._stale.get(message_id, False)
        if pressed and (message := self._ctx.store.message(pressed)) is not None:
            reply.key = message.key
        if pressed in stale:
            self._pressed.append((reply, pressed))
        log.debug("decided", action="decided", event_kind=type(event).__name__, answers=len(reply.effects))
        return reply

    def close(self) -> datetime | None:
        """Draw each message that was pressed, once, and give it to those who pressed it.

        The others are drawn when they may be edited, as the courier takes them. All effects are in the outbox
        afterwards; returns from when on one can be taken.
        """
        pressed = {message_id for _, message_id in self._pressed}
        later = {message_id for message_id in self._stale if self._is_of_a_run(message_id)}
        # Who pressed may look at less than was drawn last: an edit may still wait, or have given way to a drawing.
        now = {one: again or one in pressed for one, again in self._stale.items() if one in pressed or one not in later}
        edits = {edit.message_id: edit for edit in redraw(self._ctx, now)}
        for message_id, again in self._stale.items():
            if message_id in later:
                self._show(do.Redraw(message_id=message_id, again=again or message_id in pressed), pressed)
            elif message_id in edits:
                self._show(edits[message_id], pressed)
        for reply, message_id in self._pressed:
            reply.pressed = edits.get(message_id, reply.pressed)
        return self._leaving.write()

    def _is_of_a_run(self, message_id: int) -> bool:
        """Return whether a message shows how a run stands, which whoever draws it later holds."""
        message = self._ctx.store.message(message_id)
        return message is not None and message.run_id is not None

    def _show(self, effect: do.Edit | do.Redraw, pressed: Container[int]) -> None:
        """Have a message show what it is to show: in the reply to a press, and by an edit where that got lost."""
        if effect.message_id in pressed:
            self.send(effect, after=SETTLE)
        else:
            courtesy = COURTESY if self._taken == 1 else timedelta()
            self.send(effect, after=max(courtesy, self._pace.wait(effect.message_id, self._ctx.now)))

    def send(self, effect: do.Outbound, after: timedelta = timedelta()) -> None:
        """Put an effect into the outbox, to be delivered not before `after`; long words for a person come in parts."""
        if isinstance(effect, do.Tell) and effect.later:
            after = max(after, LATER)
        if isinstance(effect, do.Tell) and effect.message_id is None:
            *parts, last = pages(effect.content, self._ctx.here.text_limit)
            for part in parts:
                self._leaving.add(replace(effect, content=part, attached=None), after)
            self._leaving.add(replace(effect, content=last), after)
        else:
            self._leaving.add(effect, after)

    def _answer(self, effect: do.Immediate, event: AnyEvent, reply: Reply) -> None:
        match event, effect:
            case ButtonPressed() | DialogSubmitted(), do.Answer(content=content, to_read=to_read):
                # The reply to a press or a dialog has no form of its own for words that every client shows. That it was
                # done is told by a dialog that closes.
                place_id = _where(event.place)
                quietly = bool(place_id) and isinstance(event, DialogSubmitted) and not to_read
                told = do.Tell(person_id=event.asker.id, place_id=place_id, content=content, only_whispered=quietly)
                self.send(_in_thread(told, event))
            case CommandGiven() | ButtonPressed() | DialogSubmitted() | PageActed(), _:
                reply.effects.append(effect)
            case MessageHeard(), do.Answer(content=content):
                told = do.Tell(person_id=event.author.id, place_id=event.place.id, content=content)
                self.send(_in_thread(told, event))
            case MessageHeard(), do.Refuse(text=text):
                told = do.Tell(person_id=event.author.id, place_id=event.place.id, content=do.Content(text))
                self.send(_in_thread(told, event))
            case _:
                raise TypeError(f"nobody waits for {type(effect).__name__} after {type(event).__name__}")


def _where(place: Place) -> str:
    """Return the channel to tell somebody something in; their own direct messages with the bot need none."""
    return "" if place.kind == "D" else place.id


def _in_thread(effect: do.Tell, event: AnyEvent) -> do.Tell:
    """Let what is told to who asked in a thread, in the channel where they did, stand in that thread."""
    match event:
        case MessageHeard(author=person, place=place, root_id=root_id):
            pass
        case CommandGiven() | ButtonPressed() | DialogSubmitted():
            person, place, root_id = event.asker, event.place, event.root_id
        case _:
            return effect
    is_here = effect.place_id in (place.id, _where(place))
    if effect.person_id != person.id or effect.message_id is not None or not is_here:
        return effect
    return replace(effect, root_id=root_id)


class Pace:
    """Lets a message be edited once a second at most, however much changes; the first change is shown at once."""

    EVERY = timedelta(seconds=1)
    MOST = 2000

    def __init__(self) -> None:
        self._planned: LRUCache[int, datetime] = LRUCache(self.MOST)

    def wait(self, message_id: int, now: datetime) -> timedelta:
        """Return how long an edit of a message has to wait; one that waits already keeps its time for the newer."""
        last = self._planned.get(message_id, UTC_EPOCH)
        self._planned[message_id] = at = max(now, last if last > now else last + self.EVERY)
        return at - now
