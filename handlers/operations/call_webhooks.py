"""Webhooks: having addresses told what happened, noting what they answer, and looking after their secrets."""

from dataclasses import dataclass
from datetime import timedelta

from handlers.context import Context
from handlers.playbooks.playbook import playbook_of
from handlers.playbooks.webhooks import Webhook, WebhookEvent
from handlers.rules.run_request import stored
from handlers.views.webhook_body import AnyWebhookEvent, body_of, test_body
from store import PlaybookRow, Run, Task, WebhookAddress, WebhookDelivery, WebhookFailure, WhyOff, new_key, new_secret

FOR = timedelta(days=1)
"""How long a delivery is tried; an address that takes none for so long is left alone."""
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (5, 300, 1800, 7200, 18000, 36000))
"""How long after each failed attempt the next one follows; the last one again and again."""
LONGEST = timedelta(days=1)
"""For how long an address is left alone at most because it asked for it."""
GONE = 410


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of an attempt: whether the address is left alone from now on, and why."""

    address: WebhookAddress
    is_off_now: bool


def call_webhook(
    ctx: Context, run: Run, name: str, what: WebhookEvent, by_id: str, task: Task | None = None
) -> WebhookDelivery | None:
    """Have an address of a run's playbook told what happened; return None where it is off, or not the playbook's."""
    row = ctx.store.playbook(run.playbook_id) if run.playbook_id is not None else None
    named = next((one for one in playbook_of(run.definition).webhooks if one.name == name and one.enabled), None)
    # A run that began before keeps the webhook, yet not an address that was replaced, or taken out.
    hook = hook_named(ctx, row, name) if row is not None and named is not None else None
    if row is None or hook is None or not hook.enabled:
        return None
    return _call(ctx, row, hook, what, body_of(ctx, run, what, by_id, task), run.id)


def send_test(ctx: Context, row: PlaybookRow, hook: Webhook, by: str) -> WebhookDelivery:
    """Have an address told something that is only to be taken, also where it is off."""
    address_of(ctx, row, hook.name).off_at = None
    sent = _call(ctx, row, hook, "webhook.test", test_body(ctx, row, by), None)
    assert sent is not None
    return sent


def redeliver(ctx: Context, hook: Webhook, delivery: WebhookDelivery) -> None:
    """Have something delivered once more, under the same id, to where its webhook goes now."""
    delivery.url = hook.url
    delivery.done_at, delivery.outcome, delivery.attempts = None, "", 0
    delivery.since = delivery.next_at = ctx.now


def rotate_secret(ctx: Context, row: PlaybookRow, name: str) -> str:
    """Return a secret of a webhook, which is told this once: its first one where nobody was shown that yet.

    Afterwards it is a new one, and the one before is good for another day.
    """
    address = address_of(ctx, row, name)
    if not address.is_shown:
        address.old_until = ctx.now
        return address.secret
    address.rotate(new_secret(), ctx.now)
    return address.secret


def turn_on(ctx: Context, address: WebhookAddress) -> None:
    """Have an address told again what happens."""
    address.off_at, address.why_off, address.waits_until = None, "", None


def hook_named(ctx: Context, row: PlaybookRow, name: str) -> Webhook | None:
    """Return a webhook of a playbook as it is in use, by its name."""
    return next((one for one in stored(ctx, row).webhooks if one.name == name), None)


def address_of(ctx: Context, row: PlaybookRow, name: str) -> WebhookAddress:
    """Return what is kept of a webhook; its first secret is made when something is to be sent."""
    known = ctx.store.webhook_address(row.id, name)
    return known or ctx.store.add(WebhookAddress(playbook_id=row.id, name=name, secret=new_secret()))


def settle(
    ctx: Context,
    delivery: WebhookDelivery,
    status: int | None,
    why: WebhookFailure,
    took_ms: int,
    retry_after: float | None,
) -> Settled:
    """Note what came of an attempt, and plan the next one where it failed."""
    address = ctx.store.address_of(delivery)
    delivery.attempts += 1
    delivery.status, delivery.why, delivery.took_ms, delivery.leased_until = status, why, took_ms, None
    if retry_after is not None and why:
        address.waits_until = ctx.now + min(timedelta(seconds=retry_after), LONGEST)
    if not why:
        delivery.done_at, delivery.outcome = ctx.now, "delivered"
    elif status == GONE:
        return _off(ctx, address, delivery, "gone")
    elif why == "private":
        # Another attempt would be refused, too: what bot.toml allows does not change by itself.
        return _off(ctx, address, delivery, "private")
    elif ctx.now >= delivery.since + FOR:
        return _off(ctx, address, delivery, "failing")
    else:
        pause = PAUSES[min(delivery.attempts, len(PAUSES)) - 1]
        delivery.next_at = min(ctx.now + pause, delivery.since + FOR)
    return Settled(address, is_off_now=False)


def _call(
    ctx: Context, row: PlaybookRow, hook: Webhook, what: AnyWebhookEvent, body: str, run_id: int | None
) -> WebhookDelivery | None:
    address = address_of(ctx, row, hook.name)
    if address.off_at is not None:
        return None
    ctx.store.drop_old_deliveries(address.id)
    return ctx.store.add(
        WebhookDelivery(
            address_id=address.id,
            key=f"msg_{new_key(20)}",
            event=what,
            url=hook.url,
            body=body,
            run_id=run_id,
            made_at=ctx.now,
            since=ctx.now,
            next_at=ctx.now,
        )
    )


def _off(ctx: Context, address: WebhookAddress, delivery: WebhookDelivery, why: WhyOff) -> Settled:
    """Leave an address alone from now on, with all that waits for it."""
    was_on = address.off_at is None
    address.off_at, address.why_off = address.off_at or ctx.now, why
    delivery.done_at, delivery.outcome = ctx.now, "failed"
    for one in ctx.store.waiting_deliveries(address.id):
        if one.id != delivery.id:
            one.done_at, one.outcome = ctx.now, "off"
    return Settled(address, is_off_now=was_on)
