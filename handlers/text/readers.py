"""For whom a sentence is: the language that they read, and the zone of their clock."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

ENGLISH = "en"
"""The language of the templates."""

UTC = ZoneInfo("UTC")


def zone(name: str) -> tzinfo:
    """Return the time zone of an IANA name; UTC for an empty or unknown one."""
    return _zone(name) or UTC


def is_zone(name: str) -> bool:
    """Return whether there is a time zone of an IANA name."""
    return bool(name) and _zone(name) is not None


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name or "UTC")
    except (KeyError, ValueError, OSError):
        return None


@dataclass(frozen=True, slots=True)
class Reader:
    """One person, or all who read in a channel; `language` is one that there are sentences in."""

    language: str = ENGLISH
    zone: tzinfo = UTC

    def day_begin(self, now: datetime) -> datetime:
        """Return when the day of a time began for them."""
        return now.astimezone(self.zone).replace(hour=0, minute=0, second=0, microsecond=0)

    def zone_name(self, at: datetime) -> str:
        """Return the zone's short name at a time, such as CET or UTC."""
        return at.astimezone(self.zone).tzname() or "UTC"


ANYBODY = Reader()
"""Of whom nothing is known."""
