"""What leaves a transaction: its effects go into the outbox, and those that can set out to the courier at once.

Whoever delivers need not ask the database for what has just been written to it. What sets out is leased in the same
transaction, so that nobody else takes it; if the process dies, it is taken again like everything that is leased.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain, takewhile
from typing import Protocol

from bot.transaction.parcel import Parcel
from handlers import effects as do
from store import Departing, Outgoing, Store, Way, effect_key

Leaves = tuple[Departing, do.Outbound]
"""A row of the outbox, and the effect in it."""
SOON = timedelta(seconds=0.1)
"""What is to be delivered so soon is handed to the carrier as well, which waits until then."""


@dataclass(slots=True)
class Berths:
    """Room with the carrier: in how many lanes deliveries may begin, and which lanes under way may be added to."""

    new: int = 0
    joined: list[str] = field(default_factory=list)


class Carrier(Protocol):
    """The courier, as far as it takes what has just been decided; all from any thread."""

    lease: timedelta

    @property
    def name(self) -> str:
        """What rows are leased by."""
        ...

    def reserve(self, lanes: int, own: Iterable[str] = ()) -> Berths:
        """Keep room to begin in so many lanes at most, and to join those of `own` that are under way, until `carry`."""
        ...

    def delivered(self) -> dict[int, str]:
        """Return what was delivered and only remains to be noted, rows and outcomes; whoever is told does that."""
        ...

    def note_anew(self, delivered: Mapping[int, str], doubtful: Sequence[Parcel] = ()) -> None:
        """Take back what was delivered and could not be noted, and what may have been leased, or not."""
        ...

    def carry(self, parcels: Sequence[Parcel], berths: Berths) -> None:
        """Deliver what is leased, each lane in order; of what was kept the rest is free again."""
        ...


@dataclass(slots=True)
class Departure:
    """What sets out when the transaction is committed; `look_at` is when there is something in the outbox to take."""

    parcels: list[Parcel] = field(default_factory=list)
    berths: Berths | None = None
    look_at: datetime | None = None


class Leaving:
    """The lasting effects of one transaction, in the order in which they were decided."""

    def __init__(self, store: Store, now: datetime) -> None:
        self._store = store
        self._now = now
        self.departure = Departure()
        self._rows: list[Leaves] = []

    def add(self, effect: do.Outbound, after: timedelta) -> None:
        """Add an effect, to be delivered not before `after`; it takes the place of older ones that it outdates."""
        outdated = do.outdates(effect)
        gone = {row.replaces for row, _ in self._rows if row.replaces in outdated}
        if gone:
            self._rows = [pair for pair in self._rows if pair[0].replaces not in outdated]
        effect = _in_the_place_of(effect, gone)
        row = Departing(
            key=self._key(effect),
            lane=do.lane(effect),
            replaces=do.replaces(effect),
            needs_message=do.needs(effect),
            effect=effect,
            created_at=self._now,
            next_at=self._now + after,
        )
        self._rows.append((row, effect))

    def _key(self, effect: do.Outbound) -> str:
        """Return what an effect is known by on the server: what posts a message, by the key that its post keeps."""
        message = None
        if isinstance(effect, do.Post | do.Tell) and effect.message_id is not None:
            message = self._store.message(effect.message_id)
        return message.key if message is not None and message.key else effect_key()

    def write(self, carrier: Carrier | None) -> None:
        """Write everything to the outbox; what the carrier has room for is leased to it, and in `departure`.

        A message that waits to be drawn is drawn as it will be then, so it need not wait twice.
        """
        if not self._rows:
            return
        outbox = self._store.outbox
        outdated = {key for _, effect in self._rows for key in do.outdates(effect)}
        name = carrier.name if carrier is not None else ""
        way = outbox.make_way({row.lane for row, _ in self._rows}, outdated, name)
        rows, self._rows = self._rows, []
        for row, decided in rows:
            effect = row.effect = _in_the_place_of(decided, way.dropped)
            row.replaces = do.replaces(effect)
            if not (isinstance(effect, do.Redraw) and not effect.again and row.replaces in way.waiting):
                self._rows.append((row, effect))
        chosen = self._choose(carrier, way) if carrier is not None else []
        outbox.put(*(row for row, _ in self._rows))
        self.departure.parcels = [
            parcel(row, effect, self._store) for row, effect in chosen if not isinstance(effect, do.Redraw)
        ]
        self.departure.look_at = min((row.next_at for row, _ in self._rows if row.leased_until is None), default=None)

    def _choose(self, carrier: Carrier, way: Way) -> list[Leaves]:
        """Lease to the carrier what can set out, in the lanes that it has room for and that have nothing before it.

        Where all that is before it is under way with the carrier, it can follow; but what something newer may take the
        place of waits for it here.
        """
        ready = self._ready()
        free = [pairs for lane, pairs in ready.items() if lane in way.free]
        follow = {lane: [*takewhile(_stays, pairs)] for lane, pairs in ready.items() if lane in way.own}
        own = {lane: pairs for lane, pairs in follow.items() if pairs}
        if not free and not own:
            return []
        berths = self.departure.berths = carrier.reserve(len(free), own)
        chosen = [*chain(*free[: berths.new], *(own[lane] for lane in berths.joined))]
        for row, _ in chosen:
            row.leased_by, row.leased_until, row.attempts = carrier.name, self._now + carrier.lease, 1
        return chosen

    def _ready(self) -> dict[str, list[Leaves]]:
        """Return by lane what can set out now, or soon, up to the first effect that has to wait."""
        ready: dict[str, list[Leaves]] = {}
        held_up: set[str] = set()
        for row, effect in self._rows:
            is_soon = row.next_at <= self._now + SOON and not isinstance(effect, do.Redraw)
            if row.lane not in held_up and is_soon and self._can_stand(row):
                ready.setdefault(row.lane, []).append((row, effect))
            else:
                held_up.add(row.lane)
        return ready

    def _can_stand(self, row: Departing) -> bool:
        message = None if row.needs_message is None else self._store.message(row.needs_message)
        if row.needs_message is None:
            return True
        return message is not None and (message.post_id is not None or message.gone_at is not None)


def _stays(leaves: Leaves) -> bool:
    """Return whether nothing that comes later can take the place of this."""
    return leaves[0].replaces is None


def _in_the_place_of(effect: do.Outbound, gone: Container[str | None]) -> do.Outbound:
    """Return a drawing whose message counts an edit as shown that never was, as one that is sent in any case."""
    if isinstance(effect, do.Redraw) and any(key in gone for key in do.outdates(effect)):
        return do.Redraw(message_id=effect.message_id, again=True)
    return effect


def parcel(row: Outgoing | Departing, effect: do.Lasting, store: Store) -> Parcel:
    """Return an effect that was taken from the outbox with all that is needed to deliver it."""
    message = None if row.needs_message is None else store.message(row.needs_message)
    assert row.id is not None
    return Parcel(
        row_id=row.id,
        lane=row.lane,
        key=row.key,
        effect=effect,
        attempts=row.attempts,
        unsent=row.unsent,
        created_at=row.created_at,
        starts_at=row.next_at,
        leased_until=row.leased_until,
        leased_by=row.leased_by,
        post_key=message.key if message else "",
        post_id=(message.post_id or "") if message else "",
        place_id=message.place_id if message else "",
        gone=message is not None and message.gone_at is not None,
    )
