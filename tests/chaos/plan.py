"""What may happen in an episode: what people do, what fails, and a plan of both."""

from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Literal

Storage = Literal["sqlite", "postgresql"]

CREW = ("alice", "bob")
"""They are in every run from its beginning on; carla comes and goes."""
GUEST = "carla"
BASE = "w00x"
"""The word in the name of the run that stands before anything fails."""
TASKS = ("1.1", "1.2", "1.3", "1.4", "2.1", "2.2", "2.3")
SPOKEN = "2.4"
"""The task that words complete."""
WORDS = "the graphs are flat"
HALF_AN_HOUR = 31 * 60.0
LEAD = 2.0
"""Seconds between what makes something and what is done with it."""


class Deed(StrEnum):
    """What a person does."""

    KEYWORD = auto()
    START = auto()
    START_BY_COMMAND = auto()
    CHECK_BY_BUTTON = auto()
    CHECK_BY_COMMAND = auto()
    CHECK_BY_MESSAGE = auto()
    SAY_WORDS = auto()
    NOTE_BY_COMMAND = auto()
    NOTE_BY_MESSAGE = auto()
    PIN = auto()
    UPDATE = auto()
    JOIN = auto()
    LEAVE = auto()
    DELETE_CARD = auto()
    UPDATE_BY_DIALOG = auto()
    ASSIGN = auto()


class Trouble(StrEnum):
    """What fails."""

    KILLED = auto()
    PAUSED = auto()
    SOCKETS_DROPPED = auto()
    SERVER_AWAY = auto()
    LIMITED = auto()
    FAILING = auto()
    LATE = auto()
    ANSWER_LOST = auto()
    REQUEST_LOST = auto()
    DOUBLED = auto()
    SWAPPED = auto()
    EVENTS_FIRST = auto()
    EVENTS_LAST = auto()
    DOOR_ANSWER_LOST = auto()
    DOOR_SHUT = auto()
    DISK_FULL = auto()
    LOCKED = auto()
    DATABASE_RESTARTED = auto()
    CLOCK_SET = auto()
    TIME_PASSES = auto()


@dataclass(frozen=True, slots=True)
class Act:
    """Something that a person does, at the earliest `at` (s); `run` is the word in the name of the run it is about.

    `word` tells it from all other acts; a `task` is assigned `to` somebody.
    """

    at: float
    who: str
    deed: Deed
    word: str = ""
    run: str = BASE
    task: str = ""
    to: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that fails from `at` on, for `seconds` or for so many `times`; what is not needed is empty."""

    at: float
    trouble: Trouble
    process: int = 0
    seconds: float = 0.0
    times: int = 0
    route: str = "*"
    status: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """An episode: the same seed, storage and number of processes give the same one."""

    seed: int
    storage: Storage
    processes: int
    length: float
    whispers: bool
    acts: tuple[Act, ...]
    faults: tuple[Fault, ...]
