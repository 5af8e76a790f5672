"""What a decision hangs on that it cannot know by itself: the door asks for it, and has the decision made anew."""

from dataclasses import dataclass
from typing import Literal

TextKind = Literal["line", "markdown", "command"]
"""What a text is: one line of plain words, an author's Markdown in which values are words, or a command."""


@dataclass(frozen=True, slots=True)
class HeadOf:
    """Whether who asks administers a channel."""

    place_id: str


@dataclass(frozen=True, slots=True)
class InTeam:
    """Which of some people are in a team; the answer goes to the store."""

    team_id: str
    person_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OfGroups:
    """Who is in some groups of the server's, by their names; the answer goes to the store."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ToRender:
    """What jinja2 templates say with values, and with those of attributes; the answer goes to `Installation.rendered`.

    The same templates say the same with the same values, so an answer holds for good.
    """

    texts: tuple[tuple[TextKind, str], ...]
    values: tuple[tuple[str, str], ...]
    attributes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Made:
    """What one template says; None where it cannot be made, and why: as it is wrong, fails, or takes too much."""

    text: str | None
    why: Literal["", "wrong", "failed", "long", "slow", "memory"] = ""


@dataclass(frozen=True, slots=True)
class ReadersOf:
    """Who reads a channel, beyond what all of its team may see."""

    place_id: str
    kind: str


Question = HeadOf | InTeam | OfGroups | ReadersOf | ToRender


class Unsure(Exception):
    """A decision hangs on the answer to a question; nothing of it stays."""

    def __init__(self, question: Question) -> None:
        super().__init__(question)
        self.question = question
