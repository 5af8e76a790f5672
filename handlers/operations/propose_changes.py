"""Proposing changes of a playbook, deciding about them line by line, and making a patch of those that are accepted."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

import msgspec

from handlers.context import Context
from handlers.events import Person
from handlers.figures.findings import Finding
from handlers.figures.proposed import LineState, Patch, lines_of, patch_of, proposed_line
from handlers.rules.groups import named_in_words
from handlers.rules.playbook_rights import is_admin_of
from handlers.rules.run_request import stored
from store import PlaybookRow, Proposal

MOST_LINES = 8
"""How many changes are proposed at once: each has two buttons, and 5.37 keeps 8,000 characters of a message's cards."""
LEFT_FOR = timedelta(days=90)
"""How long nobody is asked again about what an admin left as it is."""
LOOKED_AT = 20


def fresh(ctx: Context, row: PlaybookRow, findings: Iterable[Finding]) -> list[Finding]:
    """Return what nobody has decided to leave as it is in the last three months."""
    latest = ctx.store.proposals(row.id, LOOKED_AT)
    left = {
        (line.kind, line.subject)
        for one in latest
        if ctx.now - one.at < LEFT_FOR
        for line in lines_of(one)
        if line.state == "left"
    }
    return [one for one in findings if (one.kind, one.subject) not in left]


def propose(
    ctx: Context, row: PlaybookRow, findings: Sequence[Finding], asker: Person, place_id: str = "", root_id: str = ""
) -> Proposal:
    """Keep a proposal of what was found, each with the difference that it makes."""
    text = ctx.store.playbook_text(row)
    lines = [proposed_line(text, one) for one in findings[:MOST_LINES]]
    kept = [msgspec.to_builtins(one) for one in lines]
    return ctx.store.add(
        Proposal(playbook_id=row.id, place_id=place_id, root_id=root_id, asked_by=asker.id, at=ctx.now, lines=kept)
    )


def decide_line(ctx: Context, proposal: Proposal, at: int, state: LineState, asker: Person) -> None:
    """Accept a change, or leave things as they are; whoever decides later has it their way. Raises `Refused`."""
    lines = lines_of(proposal)
    if not 0 <= at < len(lines):
        raise ctx.refused("changes", "gone")
    lines[at] = msgspec.structs.replace(lines[at], state=state, by=asker.id)
    proposal.lines = [msgspec.to_builtins(one) for one in lines]


def make_patch(ctx: Context, proposal: Proposal) -> Patch:
    """Return the patch of what was accepted, against the file as it was read last. Raises `Refused`."""
    row = ctx.store.playbook(proposal.playbook_id)
    accepted = [one for one in lines_of(proposal) if one.state == "accepted"]
    if row is None or not accepted:
        raise ctx.refused("changes", "none_accepted" if row is not None else "gone")
    found = patch_of(row, ctx.store.playbook_text(row), accepted)
    proposal.patched_at = ctx.now
    return found


def require_admin(ctx: Context, asker: Person, row: PlaybookRow) -> None:
    """Raise `Refused` unless somebody is an admin of a playbook."""
    book = stored(ctx, row)
    if not is_admin_of(ctx, asker, book):
        raise ctx.refused("changes", "not_admin", admins=named_in_words(book.admins), title=row.title)
