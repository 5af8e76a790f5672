"""Telling who pressed or filled in a dialog what a command is answered."""

from collections.abc import Iterable

from handlers.effects import Answer, Effect, Effects, Refuse, Refused, Tell
from handlers.events import ButtonPressed, CommandGiven, DialogSubmitted

Asked = CommandGiven | ButtonPressed | DialogSubmitted


def told(event: Asked, effects: Iterable[Effect], field: str = "") -> Effects:
    """Give effects on; what a command is answered is told to who asked otherwise, why not at a field of a dialog."""
    try:
        for effect in effects:
            if isinstance(effect, Answer) and not isinstance(event, CommandGiven):
                yield Tell(person_id=event.asker.id, place_id=event.place.id, content=effect.content)
            elif isinstance(effect, Refuse) and isinstance(event, DialogSubmitted):
                yield Refused(effect, field).correction
            else:
                yield effect
    except Refused as refused:
        raise Refused(refused.refusal, refused.field or field) from None
