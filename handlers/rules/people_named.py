"""Reading which people are meant by the words of a command or the choice in a dialog."""

import re
from collections.abc import Mapping

from handlers.context import Context, known_person
from handlers.effects import Refuse
from handlers.events import CommandGiven, Person
from handlers.text.arguments import first_word, names
from handlers.text.nearest import nearest
from handlers.text.words import Safe, escape

NOBODY: Mapping[str, Person] = {}
_NAME = re.compile(r"@?([a-zA-Z0-9._-]+)")


def people(event: CommandGiven, words: str, ctx: Context) -> list[Person] | Refuse:
    """Return those whose names the words are, each once; "me" is who asks."""
    found: dict[str, Person] = {}
    for word in names(words):
        person = called(ctx, word, event.asker, event.named)
        if person is None:
            return _nobody(ctx, word)
        found[person.id] = person
    return list(found.values())


def leading(event: CommandGiven, words: str, ctx: Context) -> tuple[Person | Refuse | None, str]:
    """Return whose name the words begin with, and the rest of them; None if there are no words."""
    first, rest = first_word(words)
    if not first:
        return None, ""
    return called(ctx, first, event.asker, event.named) or _nobody(ctx, first), rest


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


def _nobody(ctx: Context, word: str) -> Refuse:
    name = word.lstrip("@")
    meant = nearest(name, ctx.store.usernames())
    said = ctx.say("members", word=Safe(escape(word)), nearest=Safe(meant))
    return Refuse(title=said["nobody_title"], text=said["nobody"])
