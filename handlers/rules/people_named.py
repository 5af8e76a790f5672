"""Reading which people are meant by the words of a command or the choice in a dialog."""

import re
from collections.abc import Mapping

from handlers.context import Context, known_person
from handlers.events import CommandGiven, Person
from handlers.text.arguments import first_word, names
from handlers.text.nearest import nearest
from handlers.text.words import Safe, escape

NOBODY: Mapping[str, Person] = {}
_NAME = re.compile(r"@?([a-zA-Z0-9._-]+)")


def people(event: CommandGiven, words: str, ctx: Context) -> list[Person]:
    """Return those whose names the words are, each once; "me" is who asks. Raises `Refused`."""
    found = [_meant(event, word, ctx) for word in names(words)]
    return list({one.id: one for one in found}.values())


def leading(event: CommandGiven, words: str, ctx: Context) -> tuple[Person | None, str]:
    """Return whose name the words begin with, and the rest of them; None if there are no words. Raises `Refused`."""
    first, rest = first_word(words)
    return (_meant(event, first, ctx), rest) if first else (None, "")


def chosen(ctx: Context, person_id: str) -> Person | None:
    """Return the person who was chosen in a dialog; None if nobody was, or the server does not know them."""
    person = ctx.store.person(person_id)
    return known_person(person) if person is not None and person.is_active else None


def called(ctx: Context, word: str, asker: Person, named: Mapping[str, Person] = NOBODY) -> Person | None:
    """Return who is called so, `@bob`, `bob` or `me`; `named` are people whom the door has just seen, by user name."""
    match = _NAME.fullmatch(word)
    if match is None:
        return None
    name = match[1].lower()
    if name == "me":
        return asker
    if (seen := named.get(name)) is not None:
        ctx.meet(seen)
        return seen if seen.is_active else None
    found = ctx.store.person_named(name) or ctx.store.person_named(name.rstrip("._-"))
    return known_person(found) if found is not None else None


def _meant(event: CommandGiven, word: str, ctx: Context) -> Person:
    person = called(ctx, word, event.asker, event.named)
    if person is None:
        nearby = nearest(word.lstrip("@"), ctx.store.usernames())
        raise ctx.refused("members", "nobody", word=Safe(escape(word)), nearest=Safe(nearby))
    return person
