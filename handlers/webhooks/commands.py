"""`/playbook webhooks [playbook]` and its buttons: how addresses stand, trying one, its secret, what was delivered."""

from collections.abc import Callable, Mapping

from handlers.context import Context
from handlers.effects import Answer, Effects
from handlers.events import CommandGiven, Person, Press
from handlers.messages.as_direct_message import told
from handlers.operations.call_webhooks import address_of, hook_named, redeliver, rotate_secret, send_test, turn_on
from handlers.payloads import OfDelivery, OfWebhook
from handlers.playbooks.playbook import Playbook
from handlers.playbooks.webhooks import Webhook
from handlers.rules import permissions, playbook_lookup, start_team
from handlers.rules.playbook_rights import is_admin_of
from handlers.rules.run_request import stored
from handlers.text.arguments import first_word
from handlers.text.nearest import nearest
from handlers.text.plain_forms import bare
from handlers.text.words import Safe
from handlers.views.webhooks import all_of, deliveries_of, secret_of
from store import PlaybookRow, WebhookAddress

Does = Callable[[Context, PlaybookRow, Webhook, Person], Answer]


def by_command(event: CommandGiven, words: str, ctx: Context) -> Effects:
    """`webhooks <playbook>` shows all; with `test`, `secret`, `deliveries` or `on` and a name something is done."""
    verb, rest = first_word(bare(words))
    does = _DOES.get(verb.casefold())
    if does is None:
        row = _playbook(event, bare(words), ctx)
        yield Answer(content=all_of(ctx, row, stored(ctx, row)))
        return
    name, behind = first_word(rest)
    row = _playbook(event, behind, ctx)
    yield does(ctx, row, _named(ctx, row, bare(name).casefold()), event.asker)


def tested(event: Press[OfWebhook], ctx: Context) -> Effects:
    """*Send a test*."""
    yield from _pressed(event, ctx, _test)


def renewed(event: Press[OfWebhook], ctx: Context) -> Effects:
    """*New secret*."""
    yield from _pressed(event, ctx, _secret)


def listed(event: Press[OfWebhook], ctx: Context) -> Effects:
    """*Last deliveries*."""
    yield from _pressed(event, ctx, _deliveries)


def turned_on(event: Press[OfWebhook], ctx: Context) -> Effects:
    """*Turn on again*."""
    yield from _pressed(event, ctx, _on)


def redelivered(event: Press[OfDelivery], ctx: Context) -> Effects:
    """*Deliver it again*, under the same id."""
    delivery = ctx.store.webhook_delivery(event.payload.delivery_id)
    address = ctx.store.address_of(delivery) if delivery is not None else None
    row = ctx.store.playbook(address.playbook_id) if address is not None else None
    if delivery is None or address is None or row is None:
        raise ctx.refused("webhooks", "gone")
    _require_admin(ctx, event.asker, row, stored(ctx, row))
    _require_on(ctx, row, address)
    redeliver(ctx, _named(ctx, row, address.name), delivery)
    yield from told(event, [ctx.answer("webhooks", "again", name=Safe(address.name), key=Safe(delivery.key))])


def _pressed(event: Press[OfWebhook], ctx: Context, does: Does) -> Effects:
    row = ctx.store.playbook(event.payload.playbook_id)
    if row is None or row.version == 0:
        raise ctx.refused("webhooks", "gone")
    _require_admin(ctx, event.asker, row, stored(ctx, row))
    yield from told(event, [does(ctx, row, _named(ctx, row, event.payload.name), event.asker)])


def _test(ctx: Context, row: PlaybookRow, hook: Webhook, asker: Person) -> Answer:
    sent = send_test(ctx, row, hook, asker.username)
    return ctx.answer("webhooks", "tested", name=Safe(hook.name), key=Safe(sent.key), playbook=Safe(row.key))


def _secret(ctx: Context, row: PlaybookRow, hook: Webhook, asker: Person) -> Answer:
    known = ctx.store.webhook_address(row.id, hook.name)
    had = known is not None and known.is_shown
    return Answer(content=secret_of(ctx, hook, rotate_secret(ctx, row, hook.name), had_one=had))


def _deliveries(ctx: Context, row: PlaybookRow, hook: Webhook, asker: Person) -> Answer:
    return Answer(content=deliveries_of(ctx, address_of(ctx, row, hook.name)))


def _on(ctx: Context, row: PlaybookRow, hook: Webhook, asker: Person) -> Answer:
    turn_on(ctx, address_of(ctx, row, hook.name))
    return ctx.answer("webhooks", "on_again", name=Safe(hook.name))


_DOES: Mapping[str, Does] = {"test": _test, "secret": _secret, "deliveries": _deliveries, "on": _on}


def _named(ctx: Context, row: PlaybookRow, name: str) -> Webhook:
    """Return a webhook by its name. Raises `Refused`."""
    hook = hook_named(ctx, row, name)
    if hook is None:
        names = [one.name for one in stored(ctx, row).webhooks]
        like = nearest(name, names)
        raise ctx.refused("webhooks", "none_such", title=row.title, name=name, nearest=Safe(like), names=names)
    return hook


def _playbook(event: CommandGiven, words: str, ctx: Context) -> PlaybookRow:
    """Return the playbook that words name, or the only one that has webhooks and is theirs. Raises `Refused`."""
    teams = start_team.teams_at(ctx, event.asker, event.place)
    rows = list({row.id: row for one in teams for row in permissions.playbooks_for(ctx, event.asker, one)}.values())
    theirs = [row for row in rows if is_admin_of(ctx, event.asker, book := stored(ctx, row)) and book.webhooks]
    if not words and len(theirs) == 1:
        return theirs[0]
    row, _ = playbook_lookup.named(rows, words)
    if row is None:
        example = Safe((theirs or rows)[0].key if rows else "incident-response")
        raise ctx.refused("webhooks", "which", example=example, names=[one.key for one in theirs])
    _require_admin(ctx, event.asker, row, stored(ctx, row))
    return row


def _require_admin(ctx: Context, asker: Person, row: PlaybookRow, book: Playbook) -> None:
    if not is_admin_of(ctx, asker, book):
        raise ctx.refused("webhooks", "not_admin", title=row.title, admins=list(book.admins))


def _require_on(ctx: Context, row: PlaybookRow, address: WebhookAddress) -> None:
    if address.off_at is not None:
        raise ctx.refused("webhooks", "is_off", name=Safe(address.name), playbook=Safe(row.key))
