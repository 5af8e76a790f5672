"""What an address answered: noted, and told once to who can mend it where nothing is sent there any more."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from handlers.context import Context
from handlers.effects import Content, Effects, Tell
from handlers.events import WebhookAnswered
from handlers.operations.call_webhooks import settle
from handlers.rules.run_request import stored
from handlers.text.words import Safe
from handlers.views.webhooks import failure_of
from store import PlaybookRow, WebhookDelivery


def answered(event: WebhookAnswered, ctx: Context) -> Effects:
    """Note what came of an attempt; where the address is off from now on, tell the playbook's admins."""
    delivery = ctx.store.webhook_delivery(event.delivery_id)
    if delivery is None or delivery.done_at is not None:
        return
    done = settle(ctx, delivery, event.status, event.why, event.took_ms, event.retry_after)
    row = ctx.store.playbook(done.address.playbook_id)
    if done.is_off_now and row is not None:
        yield from _told(ctx, row, done.address.name, delivery)


def _told(ctx: Context, row: PlaybookRow, name: str, delivery: WebhookDelivery) -> Iterator[Tell]:
    for person_id in lookers_after(ctx, row):
        to = ctx.reader_of(person_id)
        host = urlsplit(delivery.url).hostname or ""
        why = failure_of(ctx.to(to), delivery)
        about = {"title": row.title, "key": Safe(row.key), "name": Safe(name), "host": host, "failure": why}
        said = ctx.say("webhooks", to, one=delivery, **about)
        yield Tell(person_id=person_id, content=Content(said["off"]))


def lookers_after(ctx: Context, row: PlaybookRow) -> list[str]:
    """Return the ids of who can mend a playbook: its admins who are known, else who published it last."""
    named = (ctx.store.person_named(name.removeprefix("@")) for name in stored(ctx, row).admins if name[0] == "@")
    found = [one.id for one in named if one is not None and one.is_active]
    by = ctx.store.playbook_version(row).by
    return found or ([by] if by else [])
