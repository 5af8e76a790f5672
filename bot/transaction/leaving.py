"""What leaves a transaction: its lasting effects go into the outbox, from which the courier takes them afterwards."""

from collections.abc import Container
from datetime import datetime, timedelta

from handlers import effects as do
from store import Departing, Store, effect_key


class Leaving:
    """The lasting effects of one transaction, in the order in which they were decided."""

    def __init__(self, store: Store, now: datetime) -> None:
        self._store = store
        self._now = now
        self._rows: list[Departing] = []

    def add(self, effect: do.Outbound, after: timedelta) -> None:
        """Add an effect, to be delivered not before `after`; it takes the place of older ones that it outdates."""
        outdated = do.outdates(effect)
        gone = {row.replaces for row in self._rows if row.replaces in outdated}
        if gone:
            self._rows = [row for row in self._rows if row.replaces not in outdated]
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
        self._rows.append(row)

    def _key(self, effect: do.Outbound) -> str:
        """Return what an effect is known by on the server: what posts a message, by the key that its post keeps."""
        message = None
        if isinstance(effect, do.Post | do.Tell | do.PostInsights) and effect.message_id is not None:
            message = self._store.message(effect.message_id)
        return message.key if message is not None and message.key else effect_key()

    def write(self) -> datetime | None:
        """Write everything to the outbox; return from when on something of it can be taken.

        A message that waits to be drawn is drawn as it will be then, so it need not wait twice.
        """
        if not self._rows:
            return None
        outbox = self._store.outbox
        way = outbox.make_way(
            outdated={key for row in self._rows for key in do.outdates(row.effect)},
            same={row.replaces for row in self._rows if row.replaces is not None},
        )
        rows, self._rows = self._rows, []
        for row in rows:
            row.effect = effect = _in_the_place_of(row.effect, way.dropped)
            row.replaces = do.replaces(effect)
            if not (isinstance(effect, do.Redraw) and not effect.again and row.replaces in way.waiting):
                self._rows.append(row)
        outbox.put(*self._rows)
        return min((row.next_at for row in self._rows), default=None)


def _in_the_place_of(effect: do.Outbound, gone: Container[str | None]) -> do.Outbound:
    """Return a drawing whose message counts an edit as shown that never was, as one that is sent in any case."""
    if isinstance(effect, do.Redraw) and any(key in gone for key in do.outdates(effect)):
        return do.Redraw(message_id=effect.message_id, again=True)
    return effect
