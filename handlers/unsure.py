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
class ReadersOf:
    """Who reads a channel, beyond what all of its team may see."""

    place_id: str
    kind: str


Question = HeadOf | InTeam | ReadersOf


class Unsure(Exception):
    """A decision hangs on the answer to a question; nothing of it stays."""

    def __init__(self, question: Question) -> None:
        super().__init__(question)
        self.question = question
