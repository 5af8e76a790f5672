"""Questions about webhooks: their addresses, and what is on its way to them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_
from sqlmodel import col, select

from store.queries.asking import Asking
from store.tables.webhooks import KEPT, WebhookAddress, WebhookDelivery

_WAITS = col(WebhookDelivery.done_at).is_(None)


class AboutWebhooks(Asking):
    """Questions about webhooks."""

    def webhook_address(self, playbook_id: int, name: str) -> WebhookAddress | None:
        found = select(WebhookAddress).where(WebhookAddress.playbook_id == playbook_id, WebhookAddress.name == name)
        return self.session.exec(found).first()

    def webhook_addresses(self, playbook_id: int) -> Sequence[WebhookAddress]:
        found = select(WebhookAddress).where(WebhookAddress.playbook_id == playbook_id)
        return self.session.exec(found.order_by(WebhookAddress.name)).all()

    def webhook_deliveries(self, address_id: int, limit: int = KEPT) -> Sequence[WebhookDelivery]:
        """Return the last deliveries of an address, the newest first."""
        found = select(WebhookDelivery).where(WebhookDelivery.address_id == address_id)
        return self.session.exec(found.order_by(col(WebhookDelivery.id).desc()).limit(limit)).all()

    def webhook_delivery(self, delivery_id: int) -> WebhookDelivery | None:
        """Return a delivery, held until the end of the transaction."""
        return self.session.get(WebhookDelivery, delivery_id, with_for_update=True)

    def address_of(self, delivery: WebhookDelivery) -> WebhookAddress:
        """Return where a delivery goes, held until the end of the transaction."""
        found = self.session.get(WebhookAddress, delivery.address_id, with_for_update=True)
        assert found is not None, "a delivery goes with its address"
        return found

    def take_deliveries(self, now: datetime, lease: timedelta, limit: int) -> Sequence[WebhookDelivery]:
        """Return the first delivery that is due of each address that none is under way to, leased for a while."""
        if limit < 1:
            return ()
        busy = select(WebhookDelivery.address_id).where(_WAITS, col(WebhookDelivery.leased_until) > now)
        heads = (
            select(func.min(WebhookDelivery.id))
            .join(WebhookAddress, col(WebhookAddress.id) == WebhookDelivery.address_id)
            .where(
                _WAITS,
                WebhookDelivery.next_at <= now,
                col(WebhookDelivery.address_id).not_in(busy),
                or_(col(WebhookAddress.waits_until).is_(None), col(WebhookAddress.waits_until) <= now),
            )
            .group_by(col(WebhookDelivery.address_id))
        )
        found = self.session.exec(
            select(WebhookDelivery)
            .where(col(WebhookDelivery.id).in_(heads), _WAITS)
            .order_by(col(WebhookDelivery.next_at))
            .limit(limit)
            .with_for_update(skip_locked=True)
        ).all()
        for one in found:
            one.leased_until = now + lease
        return found

    def waiting_deliveries(self, address_id: int) -> Sequence[WebhookDelivery]:
        found = select(WebhookDelivery).where(_WAITS, WebhookDelivery.address_id == address_id)
        return self.session.exec(found).all()

    def next_delivery(self, now: datetime) -> datetime | None:
        """Return when to look again for something that is due; what is under way is due again after its lease."""
        at = select(func.min(WebhookDelivery.next_at)).where(_WAITS, WebhookDelivery.next_at > now)
        lease = select(func.min(WebhookDelivery.leased_until)).where(_WAITS, col(WebhookDelivery.leased_until) > now)
        waits = select(func.min(WebhookAddress.waits_until)).where(col(WebhookAddress.waits_until) > now)
        times = [found for one in (at, lease, waits) if (found := self.session.exec(one).one()) is not None]
        return min(times, default=None)

    def drop_old_deliveries(self, address_id: int) -> None:
        """Forget deliveries of an address that are over, but for the last ones."""
        last = select(WebhookDelivery.id).where(WebhookDelivery.address_id == address_id)
        oldest = self.session.exec(last.order_by(col(WebhookDelivery.id).desc()).offset(KEPT).limit(1)).first()
        if oldest is not None:
            gone = delete(WebhookDelivery).where(
                col(WebhookDelivery.address_id) == address_id,
                col(WebhookDelivery.id) <= oldest,
                col(WebhookDelivery.done_at).is_not(None),
            )
            # Nobody looks at these rows again in this transaction.
            self.session.change_many(gone, run_ids=())
