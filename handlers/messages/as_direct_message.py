"""Telling who pressed or filled in a dialog what a command is answered."""

from collections.abc import Iterable

from handlers.effects import Answer, Effect, Effects, Tell
from handlers.events import ButtonPressed, CommandGiven, DialogSubmitted, PageActed
from handlers.forms import at_field

Asking = CommandGiven | ButtonPressed | DialogSubmitted | PageActed


def told(event: Asking, effects: Iterable[Effect], field: str = "") -> Effects:
    """Give effects on; what a command is answered is told to who asked otherwise, why not at a field of a dialog."""
    with at_field(field):
        for effect in effects:
            if isinstance(effect, Answer) and not isinstance(event, CommandGiven | PageActed):
                # That a dialog closed tells that it was done.
                quietly = isinstance(event, DialogSubmitted) and event.place.kind != "D" and not effect.to_read
                yield Tell(
                    person_id=event.asker.id,
                    place_id=event.place.id,
                    content=effect.content,
                    only_whispered=quietly,
                )
            else:
                yield effect
