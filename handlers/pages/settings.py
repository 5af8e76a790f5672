"""The page of what somebody is told unasked, and of where they are signed in."""

from dataclasses import dataclass
from datetime import datetime

from handlers.context import Context
from handlers.operations.digest_settings import DIGESTS, Digest
from handlers.pages.asked import Asked


@dataclass(frozen=True, slots=True)
class Turn:
    """A digest, and whether it comes."""

    which: Digest
    on: bool


@dataclass(frozen=True, slots=True)
class Signed:
    """A browser in which somebody is signed in."""

    made_at: datetime
    used_at: datetime


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """Somebody's own settings."""

    digests: tuple[Turn, ...]
    sessions: tuple[Signed, ...]


def settings_page(ctx: Context, asked: Asked) -> SettingsPage:
    """Return somebody's own settings."""
    kept = ctx.store.settings_as_they_are(asked.asker.id)
    sessions = ctx.store.page_sessions_of(asked.asker.id, ctx.now)
    return SettingsPage(
        digests=tuple(Turn(which, bool(getattr(kept, which))) for which in DIGESTS),
        sessions=tuple(Signed(one.made_at, one.used_at) for one in sessions),
    )
