"""Telling who pressed or filled in a dialog what a command would have been answered."""

from collections.abc import Iterable, Iterator

from handlers.effects import Answer, Correct, Effect, Refuse, Tell
from handlers.events import ButtonPressed, DialogSubmitted


def told(event: ButtonPressed | DialogSubmitted, effects: Iterable[Effect], field: str = "") -> Iterator[Effect]:
    """Give effects on; an answer is told to the asker alone, a refusal of a dialog keeps it open at a field."""
    for effect in effects:
        if isinstance(effect, Answer):
            yield Tell(person_id=event.asker.id, place_id=event.place.id, content=effect.content)
        elif isinstance(effect, Refuse) and isinstance(event, DialogSubmitted):
            yield Correct(errors={field: effect.text}) if field else Correct(error=effect.text)
        else:
            yield effect
