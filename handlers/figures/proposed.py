"""Changes that are proposed of a playbook, as they are kept, and the patch that they come to."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal

import msgspec

from handlers.figures.findings import Finding, FindingKind
from handlers.playbooks.changes import PlaybookChange
from handlers.playbooks.edit_text import NotEditable, edited
from handlers.playbooks.patch import patch, shown
from store import PlaybookRow, Proposal

MOST_SHOWN = 500
"""How many characters of a difference are shown; the patch has all of it."""
STARTER, FILE = "starter:", "file:"

LineState = Literal["open", "accepted", "left"]


class ProposedLine(msgspec.Struct, frozen=True, kw_only=True):
    """A change that is proposed, by what it was found, and what became of it.

    `difference` is what it changes in the playbook's text, empty where a person has to make it by hand.
    """

    kind: FindingKind
    subject: str
    count: int
    n: int
    change: PlaybookChange
    now: int = 0
    proposed: int = 0
    difference: str = ""
    state: LineState = "open"
    by: str = ""


@dataclass(frozen=True, slots=True)
class Patch:
    """The patch of what was accepted: of which file, and which changes have to be made by hand.

    `is_starter` tells that the file is one of Muster's own; then `after` is what a file of one's own would say.
    """

    path: str
    text: str
    after: str
    is_starter: bool
    by_hand: tuple[ProposedLine, ...]


def lines_of(proposal: Proposal) -> list[ProposedLine]:
    """Return the changes that are proposed."""
    return [msgspec.convert(one, ProposedLine) for one in proposal.lines]


def patch_of(row: PlaybookRow, text: str, lines: Sequence[ProposedLine]) -> Patch:
    """Return the patch that makes some changes in a playbook's text, one after the other."""
    after, by_hand = text, []
    for line in lines:
        try:
            after = edited(after, line.change)
        except NotEditable:
            by_hand.append(line)
    path = path_of(row)
    return Patch(path, patch(text, after, path), after, row.source.startswith(STARTER), tuple(by_hand))


def path_of(row: PlaybookRow) -> str:
    """Return the path of a playbook's file from where a patch is applied: of the bot's folder, or of its own."""
    name = row.source.removeprefix(FILE).removeprefix(STARTER)
    path = PurePath(name)
    return path.name if path.is_absolute() or ".." in path.parts else path.as_posix()


def proposed_line(text: str, found: Finding) -> ProposedLine:
    """Return what was found as a change of a playbook's text."""
    try:
        difference = shown(text, edited(text, found.change))
    except NotEditable:
        difference = ""
    return ProposedLine(
        kind=found.kind,
        subject=found.subject,
        count=found.count,
        n=found.n,
        change=found.change,
        now=found.now,
        proposed=found.proposed,
        difference=difference if len(difference) <= MOST_SHOWN else f"{difference[:MOST_SHOWN]}…",
    )
