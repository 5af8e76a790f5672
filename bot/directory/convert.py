"""What is stored of the people of the server."""

from datetime import datetime

from bot.wire.things import User
from store import KnownPerson


def person_row(user: User, now: datetime) -> KnownPerson:
    """Return what is stored of a user."""
    return KnownPerson(
        id=user.id,
        username=user.username,
        timezone=user.timezone.name,
        roles=user.roles,
        is_bot=user.is_bot,
        is_active=user.delete_at == 0,
        seen_at=now,
    )
