"""How the bot is, for whoever watches over it."""

from collections.abc import Mapping

from bot.courier import Courier
from bot.listener import Listener


def health(listener: Listener, courier: Courier) -> Mapping[str, object]:
    """Return whether the bot hears and delivers (`ok`), and what of it does not."""
    hears = listener.line.is_up
    trouble = courier.trouble.kind
    return {"ok": hears and not trouble, "hears": hears, "trouble": trouble, "deliveries": courier.deliveries}
