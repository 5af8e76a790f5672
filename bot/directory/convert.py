"""People between the server, the store and the handlers: the same ones, in the words of each."""

from datetime import datetime

from bot.wire.things import User
from handlers.events import Person
from store import KnownPerson


def person_row(user: User, now: datetime) -> KnownPerson:
    """Return what is stored of a user."""
    return KnownPerson(
        id=user.id,
        username=user.username,
        timezone=user.timezone.name,
        locale=user.locale,
        roles=user.roles,
        is_bot=user.is_bot,
        is_active=user.delete_at == 0,
        seen_at=now,
    )


def known_person(row: KnownPerson) -> Person:
    """Return a person as the store knows them."""
    roles = row.roles.split()
    return Person(
        id=row.id,
        username=row.username,
        timezone=row.timezone,
        locale=row.locale,
        is_bot=row.is_bot,
        is_guest="system_guest" in roles,
        is_admin="system_admin" in roles,
        is_active=row.is_active,
    )
