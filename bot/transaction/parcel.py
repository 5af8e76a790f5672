"""An effect on its way from the outbox to the server, and what is said when it cannot arrive."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from handlers import effects as do
from handlers.events import EffectKind, Undeliverable
from store import Message, Outgoing, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """An effect taken from the outbox, with all that is needed to deliver it.

    Nobody else takes it before `leased_until`, as long as the process lives that it is `leased_by`. `attempts` counts
    this one; `unsent` of them are known to have done nothing. `post_id` and `place_id` tell where the message of an
    edit or a pin stands, `post_key` what its post is known by; `gone` that it stands no more.
    """

    row_id: int
    lane: str
    key: str
    effect: do.Lasting
    attempts: int
    created_at: datetime
    leased_until: datetime | None = None
    leased_by: str = ""
    unsent: int = 0
    post_key: str = ""
    post_id: str = ""
    place_id: str = ""
    gone: bool = False

    @classmethod
    def of(cls, row: Outgoing, effect: do.Lasting, message: Message | None) -> "Parcel":
        """Return the parcel of a row that was taken, and of the message that its effect needs."""
        return cls(
            row_id=row.id,
            lane=row.lane,
            key=row.key,
            effect=effect,
            attempts=row.attempts,
            unsent=row.unsent,
            created_at=row.created_at,
            leased_until=row.leased_until,
            leased_by=row.leased_by,
            post_key=message.key if message else "",
            post_id=(message.post_id or "") if message else "",
            place_id=message.place_id if message else "",
            gone=message is not None and message.gone_at is not None,
        )

    @property
    def kind(self) -> EffectKind:
        """The effect's name."""
        return cast("EffectKind", type(self.effect).__name__)

    @property
    def is_repeated(self) -> bool:
        """Whether an attempt before this one may have reached the server."""
        return self.attempts - self.unsent > 1

    def undeliverable(self, why: Reason, now: datetime) -> Undeliverable:
        """Return the event that this effect can never be delivered."""
        return Undeliverable(
            at=now,
            effect=self.kind,
            reason=why,
            run_id=getattr(self.effect, "run_id", None),
            message_id=getattr(self.effect, "message_id", None),
            place_id=getattr(self.effect, "place_id", self.place_id),
            person_id=getattr(self.effect, "person_id", ""),
            action_id=getattr(self.effect, "action_id", 0),
        )
