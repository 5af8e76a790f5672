"""The weekly summary of a playbook's insights: into which channel, on which day."""

from pydantic import field_validator

from handlers.playbooks import values as of
from handlers.playbooks.metrics import DAYS, Day
from handlers.playbooks.mistakes import sentence


class Weekly(of.Part):
    """A summary of the last week, posted to a `channel` on a `day` in the morning."""

    channel: of.ChannelName
    day: Day = DAYS[0]

    @field_validator("day", mode="before")
    @classmethod
    def _whole_names(cls, value: object) -> object:
        short = value.strip().lower()[:3] if isinstance(value, str) else value
        if isinstance(value, str) and short not in DAYS:
            raise ValueError(sentence("weekly_day"))
        return short


def weekly(value: object) -> object:
    """Return a summary that is wanted by its channel alone as one that says no more."""
    return {"channel": value} if isinstance(value, str) else value
