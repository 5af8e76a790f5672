"""How the bot is, for whoever watches over it: a short state, and figures for Prometheus."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from bot.dispatcher import Dispatcher
from bot.hearing.listener import Listener
from bot.sending.courier import Courier


@dataclass(frozen=True, slots=True)
class Health:
    """Looks at the parts of a running bot."""

    listener: Listener
    courier: Courier
    desk: Dispatcher

    def state(self) -> Mapping[str, object]:
        """Return whether the bot hears and delivers (`ok`), and what of it does not."""
        hears, trouble = self.listener.line.is_up, self.courier.trouble.kind
        return {"ok": hears and not trouble, "hears": hears, "trouble": trouble}

    async def metrics(self) -> bytes:
        """Return the figures in Prometheus' text format."""
        waiting, oldest = await self.desk.ask(lambda store: store.outbox.waiting())
        registry = CollectorRegistry()
        for name, words, value in self._figures(waiting, oldest):
            Gauge(f"muster_{name}", words, registry=registry).set(value)
        return generate_latest(registry)

    def _figures(self, waiting: int, oldest: datetime | None) -> tuple[tuple[str, str, float], ...]:
        age = (self.desk.clock() - oldest).total_seconds() if oldest else 0.0
        return (
            ("up", "Whether the bot hears the server and delivers to it", float(bool(self.state()["ok"]))),
            ("connections", "Websocket connections since the start", self.listener.line.connections),
            ("messages_waiting", "Heard messages that are not dealt with yet", self.listener.waiting),
            ("outbox_waiting", "Effects that are decided and not delivered yet", waiting),
            ("outbox_oldest_seconds", "Age of the oldest of them", age),
            ("deliveries", "Effects delivered or given up since the start", self.courier.deliveries),
            ("decisions", "Events decided since the start", self.desk.decisions),
            ("decision_seconds", "Time spent deciding and committing since the start", self.desk.seconds),
        )
