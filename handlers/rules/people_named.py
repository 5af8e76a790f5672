"""Reading which people are meant by the words of a command or the choice in a dialog."""

import re
from collections.abc import Iterator, Mapping

from handlers.context import Context, known_person
from handlers.events import CommandGiven, Person
from handlers.text.arguments import first_name, names
from handlers.text.nearest import nearest
from handlers.text.plain_forms import plainly
from handlers.text.quotes import MARKS
from handlers.text.words import Safe, escape

NOBODY: Mapping[str, Person] = {}
_NAME = re.compile(r"[a-z0-9._:-]+")
_BEFORE = f"([<{MARKS}"


def people(event: CommandGiven, words: str, ctx: Context) -> list[Person]:
    """Return those whose names the words are, each once; "me" is who asks. Raises `Refused`."""
    found = [_meant(event, word, ctx) for word in names(words)]
    return list({one.id: one for one in found}.values())


def leading(event: CommandGiven, words: str, ctx: Context) -> tuple[Person | None, str]:
    """Return whose name the words begin with, and the rest of them; None if there are no words. Raises `Refused`."""
    first, rest = first_name(words)
    return (_meant(event, first, ctx), rest) if first else (None, "")


def alone(event: CommandGiven, words: str, ctx: Context, verb: str) -> Person | None:
    """Return whose name the words are; None if there are no words. Raises `Refused`, also for more than one name."""
    person, rest = leading(event, words, ctx)
    if rest:
        raise ctx.refused("members", "one_name", "who", word=Safe(verb), name=first_name(words)[0], rest=rest)
    return person


def chosen(ctx: Context, person_id: str) -> Person | None:
    """Return the person who was chosen in a dialog; None if nobody was, or the server does not know them."""
    person = ctx.store.person(person_id)
    return known_person(person) if person is not None and person.is_active else None


def called(ctx: Context, word: str, asker: Person, named: Mapping[str, Person] = NOBODY) -> Person | None:
    """Return who is called so, `@bob`, `bob` or `me`; `named` are people whom the door has just seen, by user name."""
    for name in _readings(word):
        if name == "me":
            return asker
        if (seen := named.get(name)) is not None:
            ctx.meet(seen)
            return seen if seen.is_active else None
        if (found := ctx.store.person_named(name)) is not None:
            return known_person(found)
    return None


def _readings(word: str) -> Iterator[str]:
    """Yield how a name may be meant: as it is written, then without the punctuation behind it, the longest first."""
    name = plainly(word).strip().lstrip(_BEFORE).casefold().removeprefix("@")
    while name:
        if _NAME.fullmatch(name):
            yield name
        name = "" if name[-1].isalnum() else name[:-1]


def _meant(event: CommandGiven, word: str, ctx: Context) -> Person:
    person = called(ctx, word, event.asker, event.named)
    if person is None:
        nearby = nearest(word.lstrip("@"), ctx.store.usernames())
        raise ctx.refused("members", "nobody", word=Safe(escape(word)), nearest=Safe(nearby))
    return person
