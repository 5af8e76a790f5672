"""Reading which people are meant by the words of a command or the choice in a dialog."""

import re
from collections.abc import Mapping

from handlers.context import Context
from handlers.effects import Refuse
from handlers.events import CommandGiven, Person
from handlers.text.nearest import nearest
from handlers.text.words import Safe, escape
from store import KnownPerson

_NAME = re.compile(r"@?([a-zA-Z0-9][a-zA-Z0-9._-]*)")


def people(event: CommandGiven, words: str, ctx: Context) -> list[Person] | Refuse:
    """Return those whose names the words are, each once; "me" is who asks."""
    found: dict[str, Person] = {}
    for word in words.replace(",", " ").split():
        person = _person(word, event, ctx)
        if person is None:
            return _nobody(ctx, word)
        found[person.id] = person
    return list(found.values())


def leading(event: CommandGiven, words: str, ctx: Context) -> tuple[Person | Refuse | None, str]:
    """Return whose name the words begin with, and the rest of them; None if there are no words."""
    first, _, rest = words.strip().partition(" ")
    if not first:
        return None, ""
    return _person(first, event, ctx) or _nobody(ctx, first), rest.strip()


def chosen(ctx: Context, values: Mapping[str, str | bool], name: str) -> Person | None:
    """Return the person who was chosen in a dialog; None if nobody was, or the server does not know them."""
    person = ctx.store.person(str(values.get(name) or ""))
    return known(person) if person is not None and person.is_active else None


def known(person: KnownPerson) -> Person:
    """Return somebody from the directory as an event names people."""
    return Person(
        id=person.id,
        username=person.username,
        timezone=person.timezone,
        locale=person.locale,
        is_bot=person.is_bot,
        is_guest="system_guest" in person.roles,
        is_admin="system_admin" in person.roles,
        is_active=person.is_active,
    )


def _person(word: str, event: CommandGiven, ctx: Context) -> Person | None:
    match = _NAME.fullmatch(word)
    if match is None:
        return None
    name = match[1].lower()
    if name == "me":
        return event.asker
    if (named := event.named.get(name)) is not None:
        ctx.meet(named)
        return named if named.is_active else None
    found = ctx.store.person_named(name) or ctx.store.person_named(name.rstrip("._-"))
    return known(found) if found is not None else None


def _nobody(ctx: Context, word: str) -> Refuse:
    name = word.lstrip("@")
    meant = nearest(name, ctx.store.usernames())
    said = ctx.say("members", word=Safe(escape(word)), nearest=Safe(meant))
    return Refuse(title=said["nobody_title"], text=said["nobody"])
