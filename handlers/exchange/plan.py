"""The plan of an import: what becomes of each playbook, and whom its names mean; nothing is written by it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from handlers.exchange.found import Kind, Match, Note
from handlers.exchange.kept import digest
from handlers.exchange.mapping import Given
from handlers.playbooks.playbook import Playbook
from store import PlaybookRow

OnConflict = Literal["fail", "skip", "new-version"]
ON_CONFLICT: tuple[OnConflict, ...] = ("fail", "skip", "new-version")
What = Literal["create", "update", "skip", "conflict"]
Why = Literal[
    "", "there", "same", "changed", "archived", "archived_there", "file", "draft", "not_yours", "twice", "unfit"
]  # fmt: skip
"""Why a playbook is skipped or in conflict; each has its words in `templates/messages/exchange.md.j2`, `why_…`."""
How = Literal["matched", "unmatched", "to_be_mapped"]


@dataclass(frozen=True, slots=True)
class Named:
    """Whom an id of a file means here: matched, left out, or still to be said."""

    kind: Kind
    id: str
    name: str
    how: How


@dataclass(frozen=True, slots=True)
class Step:
    """What becomes of one playbook of a file; `row_id` is the one here that it is about, 0 for a new one.

    `source` is what it is known by when it comes again. One that is created though it is `archived_there` is archived
    here at once.
    """

    file: str
    book: Playbook
    what: What
    why: Why = ""
    row_id: int = 0
    source: str = ""
    named: tuple[Named, ...] = ()
    notes: tuple[Note, ...] = ()
    held: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Return whether something is still to be settled before anything is written."""
        return self.what == "conflict" or (self.what != "skip" and any(one.how == "to_be_mapped" for one in self.named))


@dataclass(frozen=True, slots=True)
class Plan:
    """All that an import would do."""

    steps: tuple[Step, ...]

    @property
    def is_settled(self) -> bool:
        return not any(step.is_open for step in self.steps)

    @property
    def changes(self) -> tuple[Step, ...]:
        """Return what is written."""
        return tuple(step for step in self.steps if step.what in ("create", "update"))

    def count(self, what: What) -> int:
        return sum(step.what == what for step in self.steps)

    @property
    def lacks_team(self) -> bool:
        """Return whether somebody may still say for which team a playbook is; one without holds in all."""
        return any(not step.book.teams for step in self.changes)

    @property
    def digest(self) -> str:
        """Return what tells it from the plan that is made once things stand otherwise."""
        return digest([
            [step.what, step.why, step.row_id, step.source, list(step.held), step.book.definition()]
            for step in self.steps
        ])  # fmt: skip


@dataclass(frozen=True, slots=True)
class Imported:
    """A playbook that was imported, and its row as it is now."""

    step: Step
    row: PlaybookRow


def named(matches: Sequence[Match], given: Given, *, leave_all: bool) -> tuple[Named, ...]:
    """Return whom ids mean, the unknown ones last."""
    found = []
    for one in matches:
        is_left = leave_all or given.leaves_out(one.kind, one.id)
        how: How = "matched" if one.name else "unmatched" if is_left else "to_be_mapped"
        found.append(Named(one.kind, one.id, one.name, how))
    return tuple(sorted(found, key=lambda one: (one.how != "matched", one.kind)))
