"""What a channel is has changed: it is kept, and what shows it is drawn anew."""

from collections.abc import Iterator

from handlers.context import Context
from handlers.effects import Redraw
from handlers.events import PlaceChanged, PlaceUnknown
from handlers.views.elsewhere import shown_elsewhere


def changed(event: PlaceChanged | PlaceUnknown, ctx: Context) -> Iterator[Redraw]:
    """A channel was renamed or converted, or nobody knows what it is: who may see its runs follows from that."""
    if isinstance(event, PlaceUnknown):
        place_id = event.place_id
        ctx.store.doubt(place_id)
    else:
        place, place_id = event.place, event.place.id
        ctx.store.know_place(place_id, place.team_id, place.kind, place.name, place.title, ctx.now, as_of=event.as_of)
    for run in ctx.store.runs_in(place_id):
        yield from shown_elsewhere(ctx, run)
    for prompt in ctx.store.open_prompts(place_id):
        yield from (Redraw(message_id=one.id) for one in ctx.store.messages("prompt", prompt_id=prompt.id))
