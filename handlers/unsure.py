"""What a decision hangs on that only the server knows: the door asks it, and has the decision made anew."""

from dataclasses import dataclass


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


Question = HeadOf | InTeam | OfGroups


class Unsure(Exception):
    """A decision hangs on the answer to a question; nothing of it stays."""

    def __init__(self, question: Question) -> None:
        super().__init__(question)
        self.question = question
