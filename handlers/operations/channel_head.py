"""Who administers a channel that was opened for a run: its owner, whoever that is; a guest never."""

from collections.abc import Iterator

from handlers.context import Context, known_person
from handlers.effects import SetHead
from store import Run


def make_head(ctx: Context, run: Run, person_id: str, before_id: str = "") -> Iterator[SetHead]:
    """Make somebody an admin of the run's own channel, who is in it by then; who was one before as its owner ceases."""
    if not run.own_channel or run.channel_id is None or run.closed_place:
        return
    if before_id and before_id != person_id:
        yield SetHead(run_id=run.id, place_id=run.channel_id, person_id=before_id, is_head=False)
    person = ctx.store.person(person_id)
    if person is not None and not person.is_bot and not known_person(person).is_guest:
        yield SetHead(run_id=run.id, place_id=run.channel_id, person_id=person_id, is_head=True)
