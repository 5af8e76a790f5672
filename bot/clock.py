"""Time in the demo and in stories: a clock that can be moved, and where this machine stands."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import available_timezones


class Clock:
    """Real time, `ahead` by as much as it is told."""

    def __init__(self, ahead: timedelta = timedelta()) -> None:
        self.ahead = ahead

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def milliseconds(self) -> int:
        """The same time as a Mattermost server counts it."""
        return int(self().timestamp() * 1000)


def here(localtime: Path = Path("/etc/localtime")) -> str:
    """Return this machine's time zone, so that a browser on it and the bot name the same hours."""
    name = str(localtime.resolve()).rpartition("/zoneinfo/")[2]
    return name if name in available_timezones() else "UTC"
