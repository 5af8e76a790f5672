"""What becomes of a webhook's secret, and of what waits for it, once a new version of its playbook is in use."""

from datetime import datetime

from handlers.playbooks.playbook import Playbook
from store import PlaybookRow, Store, new_secret


def move_webhooks(store: Store, row: PlaybookRow, before: Playbook, after: Playbook, now: datetime) -> None:
    """Give a webhook whose address is another one a new secret; what waits for the address before is not sent.

    A secret is an address's own: who receives what it signs could pass that on to another one as its own.
    """
    were, are = ({one.name: one.url for one in book.webhooks} for book in (before, after))
    for one in store.webhook_addresses(row.id):
        if were.get(one.name) == are.get(one.name):
            continue
        for waiting in store.waiting_deliveries(one.id):
            waiting.done_at, waiting.outcome = now, "off"
        one.secret, one.old_secret, one.old_until = new_secret(), "", None
        one.off_at, one.why_off, one.waits_until = None, "", None
