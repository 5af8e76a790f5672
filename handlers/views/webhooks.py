"""How a playbook's webhooks stand, what was delivered last, and a secret, which is shown once."""

from urllib.parse import urlsplit

from handlers.context import Context
from handlers.controls import WEBHOOK_AGAIN, WEBHOOK_LIST, WEBHOOK_ON, WEBHOOK_SECRET, WEBHOOK_TEST
from handlers.effects import Button, Card, Colour, Content
from handlers.payloads import OfDelivery, OfWebhook
from handlers.playbooks.playbook import Playbook
from handlers.playbooks.webhooks import WEBHOOK_EVENTS, Webhook
from handlers.text.words import Safe
from store import PlaybookRow, WebhookAddress, WebhookDelivery

SHOWN = 10
"""How many deliveries a message shows; each that failed has a button."""


def all_of(ctx: Context, row: PlaybookRow, book: Playbook) -> Content:
    """Return how all webhooks of a playbook stand."""
    head = ctx.say("webhooks", title=row.title, count=len(book.webhooks))["head"]
    return Content(head, tuple(_card(ctx, row, one) for one in book.webhooks))


def deliveries_of(ctx: Context, address: WebhookAddress) -> Content:
    """Return the last deliveries of an address, those that failed with a button each."""
    last = ctx.store.webhook_deliveries(address.id, SHOWN)
    lines = [{"key": Safe(one.key), "came": came_of(ctx, one)} for one in last]
    head = ctx.say("webhooks", name=Safe(address.name), lines=lines)["deliveries"]
    buttons = tuple(_again(ctx, one) for one in last if one.outcome in ("failed", "off"))
    return Content(head, (Card(controls=buttons[:5]),) if buttons else ())


def came_of(ctx: Context, one: WebhookDelivery) -> Safe:
    """Say what came of a delivery."""
    return Safe(ctx.say("webhooks", one=one, failure=failure_of(ctx, one))["line"])


def failure_of(ctx: Context, one: WebhookDelivery) -> Safe:
    """Say what was wrong with the last attempt of a delivery."""
    return Safe(ctx.say("webhooks", one=one)["failure"])


def secret_of(ctx: Context, hook: Webhook, secret: str, *, had_one: bool) -> Content:
    """Return a new secret, which nobody is shown again."""
    return Content(ctx.say("webhooks", name=Safe(hook.name), secret=Safe(secret), had_one=had_one)["secret"])


def _card(ctx: Context, row: PlaybookRow, hook: Webhook) -> Card:
    address = ctx.store.webhook_address(row.id, hook.name)
    last = ctx.store.webhook_deliveries(address.id, 1) if address is not None else ()
    is_shown = address is not None and address.is_shown
    said = ctx.say(
        "webhooks",
        name=Safe(hook.name),
        host=urlsplit(hook.url).hostname or "",
        events=[Safe(one) for one in hook.events or WEBHOOK_EVENTS],
        enabled=hook.enabled,
        held="webhooks" in row.held,
        off=address.off_at if address is not None else None,
        why_off=address.why_off if address is not None else "",
        is_shown=is_shown,
        playbook=Safe(row.key),
        last=came_of(ctx, last[0]) if last else "",
    )
    is_off = address is not None and address.off_at is not None
    colour: Colour = "red" if is_off else "grey" if not hook.enabled or "webhooks" in row.held else "green"
    about = OfWebhook(row.id, hook.name)
    controls: tuple[Button, ...] = (
        WEBHOOK_TEST.button(said["test"], about),
        WEBHOOK_LIST.button(said["list"], about),
        WEBHOOK_SECRET.button(said["new_secret" if is_shown else "first_secret"], about),
    )
    if is_off:
        controls = (WEBHOOK_ON.button(said["turn_on"], about, style="primary"), *controls)
    return Card(colour=colour, title=said["name"], text=said["state"], controls=controls)


def _again(ctx: Context, one: WebhookDelivery) -> Button:
    label = ctx.say("webhooks", what=Safe(one.event), at=one.made_at)["redeliver"]
    return WEBHOOK_AGAIN.button(label, OfDelivery(one.id))
