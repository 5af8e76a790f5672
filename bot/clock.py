"""A clock that can be moved: the bot's time in the demo and in stories."""

from datetime import UTC, datetime, timedelta


class Clock:
    """Real time, `ahead` by as much as it is told."""

    def __init__(self, ahead: timedelta = timedelta()) -> None:
        self.ahead = ahead

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def milliseconds(self) -> int:
        """The same time as a Mattermost server counts it."""
        return int(self().timestamp() * 1000)
