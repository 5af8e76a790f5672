"""The addresses that webhooks of playbooks go to, with their secrets, and what is delivered to each."""

import base64
import secrets
from datetime import datetime, timedelta
from typing import Literal

from sqlmodel import Field, Index, SQLModel, UniqueConstraint

from store.tables.base import id_field, only_where, time_field, word_field

OLD_SECRET_FOR = timedelta(days=1)
"""For how long a secret is good that another one has taken the place of."""
KEPT = 200
"""How many deliveries of an address are kept to be looked at."""

WhyOff = Literal["", "gone", "failing", "private"]
"""Why nothing is sent to an address any more: it answered 410, failed for a day, or is in a private network."""
WebhookFailure = Literal["", "status", "redirect", "timeout", "unreachable", "private"]
"""What is wrong with an attempt: the answer, that it leads elsewhere, that none came, or a private address."""
Delivered = Literal["", "delivered", "failed", "off"]
"""What became of a delivery: nothing yet, taken, given up, or left as its address is off."""


def new_secret() -> str:
    """Return a secret as Standard Webhooks writes it: `whsec_` and 24 bytes in base64."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(24)).decode()}"


class WebhookAddress(SQLModel, table=True):
    """A webhook of a playbook by its `name` there; `secret` signs what is sent, and so does the one before for a day.

    Nothing is sent once it is off. `waits_until` is what the address asked for by `Retry-After`.
    """

    __tablename__ = "webhook_address"
    __table_args__ = (UniqueConstraint("playbook_id", "name"),)

    id: int = id_field()
    playbook_id: int = Field(foreign_key="playbook.id")
    name: str
    secret: str
    old_secret: str = ""
    old_until: datetime | None = time_field(default=None, nullable=True)
    off_at: datetime | None = time_field(default=None, nullable=True)
    why_off: WhyOff = word_field(default="")
    waits_until: datetime | None = time_field(default=None, nullable=True)

    @property
    def is_shown(self) -> bool:
        """Return whether somebody was shown a secret of it; the first one is made when something is to be sent."""
        return self.old_until is not None

    def secrets(self, now: datetime) -> list[str]:
        """Return what signs a delivery now, the newest first."""
        is_old_good = bool(self.old_secret) and self.old_until is not None and now < self.old_until
        return [self.secret, self.old_secret] if is_old_good else [self.secret]

    def rotate(self, secret: str, now: datetime) -> None:
        """Take another secret; the one before is good for a day."""
        self.old_secret, self.old_until = self.secret, now + OLD_SECRET_FOR
        self.secret = secret


class WebhookDelivery(SQLModel, table=True):
    """Something that an address is told; `key` is its `webhook-id`, the same with each attempt.

    `url` is where it goes, `body` the JSON that is signed. `status` and `why` tell what came of the last attempt, which
    took so many `took_ms`. `since` is from when on it is tried for a day, later than `made_at` where somebody had it
    delivered again.
    """

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        Index("webhook_delivery_due", "next_at", **only_where("done_at IS NULL")),
        Index("webhook_delivery_of", "address_id", "id"),
    )

    id: int = id_field()
    address_id: int = Field(foreign_key="webhook_address.id")
    key: str = Field(unique=True)
    event: str
    url: str
    body: str
    run_id: int | None = Field(default=None, foreign_key="run.id")
    made_at: datetime = time_field()
    since: datetime = time_field()
    attempts: int = 0
    next_at: datetime = time_field()
    leased_until: datetime | None = time_field(default=None, nullable=True)
    done_at: datetime | None = time_field(default=None, nullable=True)
    outcome: Delivered = word_field(default="")
    status: int | None = None
    why: WebhookFailure = word_field(default="")
    took_ms: int | None = None
