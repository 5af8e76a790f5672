"""What became of what people did, as far as they know."""

from dataclasses import dataclass
from enum import StrEnum, auto

from chaos.plan import Act, Deed
from handlers.text.sentences import say


class Outcome(StrEnum):
    """What a person knows of what they did: it was done, it was not, or they were not told."""

    YES = auto()
    NO = auto()
    UNKNOWN = auto()
    SKIPPED = auto()


@dataclass(frozen=True, slots=True)
class Done:
    """What became of an act: what it was answered with, the message that it wrote, and the press that it made."""

    act: Act
    outcome: Outcome
    said: str = ""
    post_id: str = ""
    trigger: str = ""


POSITIVE = {
    Deed.START_BY_COMMAND: "Starting **",
    Deed.CHECK_BY_COMMAND: "is done.",
    Deed.NOTE_BY_COMMAND: "Entered into the timeline",
    Deed.UPDATE: "is posted",
    Deed.ASSIGN: " now",
}
"""What stands in the answer to a command that was done."""
TROUBLES = ("failed", "away", "in_doubt", "server_away", "dialog_late", "dialog_failed")
"""The blocks of the door's sentences that may come as a message where no dialog could be opened."""


def told(said: str, positive: bool) -> Outcome:
    """Return what somebody knows who is answered so."""
    if say("door")["in_doubt"] in said:
        return Outcome.UNKNOWN
    return Outcome.YES if positive else Outcome.NO
