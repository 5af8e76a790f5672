"""What became of an effect of the outbox, and noting it."""

from dataclasses import dataclass
from datetime import datetime

from handlers.events import AnyEvent
from store import Outcome, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of an effect of the outbox: over (`outcome`, and what was learnt), or to be tried again.

    `attempt` counts the one that this came of; `unsent` tells that it has certainly done nothing.
    """

    row_id: int
    outcome: Outcome = "done"
    event: AnyEvent | None = None
    message_id: int | None = None
    post_id: str = ""
    place_id: str = ""
    retry_at: datetime | None = None
    attempt: int | None = None
    unsent: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether nothing follows from it: the effect is over, and that is all."""
        return self.retry_at is None and self.event is None and self.message_id is None


def note(result: Result, store: Store, now: datetime) -> AnyEvent | None:
    """Note what became of an effect; return what is to be decided for it, unless somebody has noted it before."""
    if result.retry_at is not None:
        store.outbox.put_off(result.row_id, result.retry_at, result.attempt, unsent=result.unsent)
        return None
    if not store.outbox.close(result.row_id, now, result.outcome):
        return None
    if result.message_id is not None and (message := store.message_held(result.message_id)) is not None:
        message.post_id = result.post_id
        message.place_id = result.place_id or message.place_id
    return result.event
