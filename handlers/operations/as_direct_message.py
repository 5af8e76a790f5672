"""Telling who pressed or filled in a dialog what a command would have been answered."""

from collections.abc import Iterable, Iterator

from handlers.effects import Answer, Effect, Refuse, Refused, Tell
from handlers.events import ButtonPressed, DialogSubmitted


def told(event: ButtonPressed | DialogSubmitted, effects: Iterable[Effect], field: str = "") -> Iterator[Effect]:
    """Give effects on; an answer is told to the asker alone, a refusal of a dialog keeps it open at a field."""
    try:
        for effect in effects:
            if isinstance(effect, Answer):
                yield Tell(person_id=event.asker.id, place_id=event.place.id, content=effect.content)
            elif isinstance(effect, Refuse) and isinstance(event, DialogSubmitted):
                yield Refused(effect, field).correction
            else:
                yield effect
    except Refused as refused:
        raise Refused(refused.refusal, refused.field or field) from None
