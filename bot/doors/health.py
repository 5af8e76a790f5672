"""How the bot is, for whoever watches over it: a short state, and figures for Prometheus."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from bot.delivery.courier import Courier
from bot.listening.listener import Listener
from bot.transaction.dispatcher import Dispatcher
from bot.transaction.readers import Readers
from store import Conflict, Unavailable

Figures = tuple[tuple[str, str, float], ...]
"""A name, what it means, and the value."""


@dataclass(frozen=True, slots=True)
class Health:
    """Looks at the parts of a running bot."""

    listener: Listener
    courier: Courier
    desk: Dispatcher
    readers: Readers

    def state(self) -> Mapping[str, object]:
        """Return whether the bot hears, decides and delivers (`ok`), and what stands still, since when.

        It says nothing of why: whoever reaches the door can read it.
        """
        hears, trouble, storage = self.listener.line.is_up, self.courier.trouble.kind, self.desk.storage.kind
        return {
            "ok": hears and not trouble and not storage,
            "hears": hears,
            "trouble": trouble,
            "storage": storage,
            "storage_since": _said(self.desk.storage.since),
            "channels_waiting": len(self.listener.stalls),
            "channels_waiting_since": _said(self.listener.stalls.since),
        }

    async def metrics(self) -> bytes:
        """Return the figures in Prometheus' text format; those that the database alone knows only while it answers."""
        try:
            kept = self._kept(*await self.readers.ask(lambda store: store.outbox.waiting()))
        except (Unavailable, Conflict):
            kept = ()
        registry = CollectorRegistry()
        for name, words, value in (*self._figures(), *kept):
            Gauge(f"muster_{name}", words, registry=registry).set(value)
        return generate_latest(registry)

    def _kept(self, waiting: int, oldest: datetime | None) -> Figures:
        return (
            ("outbox_waiting", "Effects that are decided and not delivered yet", waiting),
            ("outbox_oldest_seconds", "Age of the oldest of them", self._age(oldest)),
        )

    def _age(self, since: datetime | None) -> float:
        return (self.desk.clock() - since).total_seconds() if since else 0.0

    def _figures(self) -> Figures:
        stalls, storage = self.listener.stalls, self.desk.storage
        return (
            ("up", "Whether the bot hears the server and delivers to it", float(bool(self.state()["ok"]))),
            ("connections", "Websocket connections since the start", self.listener.line.connections),
            ("messages_waiting", "Heard messages that are not dealt with yet", self.listener.waiting),
            ("storage_away_seconds", "Seconds since when the database cannot be used", self._age(storage.since)),
            ("channels_waiting", "Channels that wait for the database or the server", len(stalls)),
            ("channels_waiting_seconds", "Seconds since when the oldest of them waits", self._age(stalls.since)),
            ("deliveries", "Effects delivered or given up since the start", self.courier.deliveries),
            ("decisions", "Events decided since the start", self.desk.decisions),
            ("decision_seconds", "Time spent deciding and committing since the start", self.desk.seconds),
        )


def _said(since: datetime | None) -> str:
    return "" if since is None else since.isoformat(timespec="seconds")
