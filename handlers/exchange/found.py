"""What comes to light while a file is converted: whom its ids mean, and what cannot be kept as it was."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from handlers.exchange.words import line_of, text_of
from handlers.text.placeholders import filled

Kind = Literal["person", "channel", "team", "group"]


@dataclass(frozen=True, slots=True)
class Names:
    """What ids of a server are called, as playbooks say it: "@dana", "~ops", "ops" (a team), "group:sre"."""

    people: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)
    teams: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)

    def of(self, kind: Kind) -> Mapping[str, str]:
        match kind:
            case "person":
                return self.people
            case "channel":
                return self.channels
            case "team":
                return self.teams
            case "group":
                return self.groups

    def over(self, others: "Names") -> "Names":
        """Return these and others; where both say something, these."""
        return Names(
            {**others.people, **self.people},
            {**others.channels, **self.channels},
            {**others.teams, **self.teams},
            {**others.groups, **self.groups},
        )

    def id_of(self, kind: Kind, name: str) -> str:
        """Return the id of what is called so, empty where none is known."""
        return next((key for key, called in self.of(kind).items() if called == name), "")


@dataclass(frozen=True, slots=True)
class Note:
    """Something to know about a converted playbook: a block of `templates/messages/exchange.md.j2` and its values."""

    block: str
    about: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """Whom or what an id of the file means here; `name` is empty where nobody knows."""

    kind: Kind
    id: str
    name: str


@dataclass(slots=True)
class Findings:
    """All that was found while a file is converted, each thing once.

    `names`, the `currency` of amounts of money and other names for attributes (`renamed`) are known before.
    `tokens` are the names that attributes have here, by those that texts of the file call them by, in small letters.
    """

    names: Names = field(default_factory=Names)
    currency: str = ""
    renamed: Mapping[str, str] = field(default_factory=dict)
    _notes: dict[Note, None] = field(default_factory=dict)
    _matches: dict[Match, None] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def notes(self) -> tuple[Note, ...]:
        return tuple(self._notes)

    @property
    def matches(self) -> tuple[Match, ...]:
        return tuple(self._matches)

    def name(self, kind: Kind, key: str) -> str:
        """Return what an id is called, empty where nobody knows."""
        name = self.names.of(kind).get(key, "")
        if key:
            self._matches[Match(kind, key, name)] = None
        return name

    def text(self, said: str, most: int, about: str) -> str:
        """Return a text, with a note where it is longer than it may be here."""
        if len(text_of(said, len(said))) > most:
            self.note("text_cut", about)
        return text_of(said, most)

    def line(self, said: str, most: int, otherwise: str, about: str) -> str:
        """Return a text as one line, with a note where it is longer than it may be here; another where it is empty."""
        if len(line_of(said, len(said))) > most:
            self.note("text_cut", about)
        return line_of(said, most, otherwise)

    def some(self, several: Sequence[str], most: int, about: str) -> tuple[str, ...]:
        """Return as many as there may be here, with a note where there are more."""
        if len(several) > most:
            self.note("too_many", about, str(most))
        return tuple(several[:most])

    def seconds(self, said: int, most: int, about: str) -> int:
        """Return a length of time, none with a note where it cannot be one here."""
        if 0 <= said <= most:
            return said
        self.note("time_lost", about)
        return 0

    def template(self, text: str, most: int) -> str:
        """Return a text with attributes in braces as they are called here, or as it is where that is too long."""
        found = filled(text, {name: f"{{{here}}}" for name, here in self.tokens.items()}, is_tokens=True)
        return found if len(found) <= most else text

    def note(self, block: str, about: str = "", value: str = "") -> None:
        self._notes[Note(block, about, value)] = None
