"""Zones as people write them behind an hour: UTC+2, CET, PT, Europe/Berlin, or the short name of their own."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

_PLACES = {
    "utc": "UTC", "gmt": "UTC", "z": "UTC", "zulu": "UTC",
    "wet": "Europe/Lisbon", "west": "Europe/Lisbon", "cet": "Europe/Berlin", "cest": "Europe/Berlin",
    "eet": "Europe/Helsinki", "eest": "Europe/Helsinki", "msk": "Europe/Moscow", "sast": "Africa/Johannesburg",
    "et": "America/New_York", "est": "America/New_York", "edt": "America/New_York",
    "ct": "America/Chicago", "cdt": "America/Chicago", "cst": "America/Chicago Asia/Shanghai America/Havana",
    "mt": "America/Denver", "mst": "America/Denver", "mdt": "America/Denver",
    "pt": "America/Los_Angeles", "pst": "America/Los_Angeles", "pdt": "America/Los_Angeles",
    "akst": "America/Anchorage", "akdt": "America/Anchorage", "hst": "Pacific/Honolulu",
    "ist": "Asia/Kolkata Europe/Dublin Asia/Jerusalem", "bst": "Europe/London Asia/Dhaka",
    "pkt": "Asia/Karachi", "wib": "Asia/Jakarta", "hkt": "Asia/Hong_Kong", "sgt": "Asia/Singapore",
    "jst": "Asia/Tokyo", "kst": "Asia/Seoul", "awst": "Australia/Perth", "acst": "Australia/Adelaide",
    "acdt": "Australia/Adelaide", "aest": "Australia/Sydney", "aedt": "Australia/Sydney",
    "nzst": "Pacific/Auckland", "nzdt": "Pacific/Auckland",
}  # fmt: skip
"""Short names and where they hold; where several places call their time so, none of these is meant for certain."""

_AS_PEOPLE_SAY = {"et", "ct", "mt", "pt", "utc", "gmt", "z", "zulu"}
"""Names that hold all the year."""
_LONG = {
    "eastern time": "et",
    "central time": "ct",
    "mountain time": "mt",
    "pacific time": "pt",
    "uk time": "london time",
}
_OWN = {"local", "local time", "my time"}
_CONTINENTS = {"Africa", "America", "Asia", "Atlantic", "Europe", "Indian", "Pacific"}
"""Where zones are named by cities; elsewhere also by regions, which several have in common."""
# A minus alone is more likely a dash, as in "9:00 -11:00".
_OFFSET = re.compile(r"(?:(?:utc|gmt) ?(?=[+-])|(?=\+))([+-])([0-9]{1,2})(?::?([0-9]{2}))?")

Folds = tuple[datetime, ...]
"""When a clock shows a time: twice where it was set back in between, first things first."""


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone that was named: where it may hold, and which name its clocks have to show then, if any."""

    where: tuple[tzinfo, ...]
    short: str = ""
    is_own: bool = False

    def at(self, local: datetime) -> Iterator[Folds]:
        """Yield when (UTC) its clocks show a local time, one for each meaning that the name may have then."""
        for where in self.where:
            both = [local.replace(tzinfo=where, fold=fold) for fold in (0, 1)]
            named = [at for at in both if _short(at) == self.short]
            yield tuple(at.astimezone(UTC) for at in named or both)
            # In the other half of the year people say one name and mean the other, or do mean just that one.
            if self.short and not named and not self.is_own:
                yield from _by_offset(local, where, self.short)


def own(where: tzinfo) -> Zone:
    """Return the zone of somebody who named none."""
    return Zone((where,), is_own=True)


def named(text: str, where: tzinfo, now: datetime) -> Zone | None:
    """Return what words in small letters name to somebody in the zone `where`; None where they name no zone."""
    text = _LONG.get(text, text)
    if text in _OWN or text in {_short(at) for at in _months(now, where)}:
        # In summer GMT is not what people's own clocks show: it may be meant as it is.
        return Zone((where,), text, is_own=text not in _AS_PEOPLE_SAY)
    if (offset := _OFFSET.fullmatch(text)) is not None:
        return _fixed(offset)
    places = _PLACES[text].split() if text in _PLACES else [_by_name()[text]] if text in _by_name() else []
    short = text if text in _PLACES and text not in _AS_PEOPLE_SAY and len(places) == 1 else ""
    return Zone(tuple(ZoneInfo(place) for place in places), short) if places else None


def _fixed(offset: re.Match[str]) -> Zone | None:
    hours, minutes = int(offset[2]), int(offset[3] or 0)
    ahead = timedelta(hours=hours, minutes=minutes)
    return Zone((timezone(ahead if offset[1] == "+" else -ahead),)) if hours <= 14 and minutes < 60 else None


def _by_offset(local: datetime, where: tzinfo, short: str) -> Iterator[Folds]:
    for at in _months(local.replace(tzinfo=UTC), where):
        if _short(at) == short:
            yield (local.replace(tzinfo=timezone(at.utcoffset() or timedelta())).astimezone(UTC),)
            return


def _months(now: datetime, where: tzinfo) -> list[datetime]:
    """Return a time in each month of the year to come, as the clocks of a zone show it."""
    start = now.astimezone(UTC)
    return [(start + timedelta(days=days)).astimezone(where) for days in range(0, 365, 30)]


def _short(at: datetime) -> str:
    return (at.tzname() or "").casefold()


@lru_cache
def _by_name() -> dict[str, str]:
    """Return all zones by their names and by those of their cities, in small letters."""
    zones = [zone for zone in sorted(available_timezones()) if zone.split("/")[0] in _CONTINENTS]
    cities = {f"{zone.rpartition('/')[2].replace('_', ' ').casefold()} time": zone for zone in zones}
    return cities | {zone.casefold(): zone for zone in zones}
