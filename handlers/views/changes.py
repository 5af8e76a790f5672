"""The message that proposes changes of a playbook, with the difference that each makes and two buttons."""

from handlers.context import Context
from handlers.controls import CHANGES_ACCEPT, CHANGES_LEAVE, CHANGES_PATCH
from handlers.effects import Card, Colour, Content
from handlers.figures.proposed import LineState, ProposedLine, lines_of
from handlers.payloads import OfProposal
from handlers.rules.groups import named_in_words
from handlers.rules.run_request import stored
from handlers.text.words import block
from store import PlaybookRow, Proposal

_COLOURS: dict[LineState, Colour] = {"open": "blue", "accepted": "green", "left": "grey"}


def proposing(ctx: Context, row: PlaybookRow, proposal: Proposal) -> Content:
    """Return the message of a proposal, as it is decided by now."""
    lines = lines_of(proposal)
    head = ctx.say("changes", title=row.title, admins=named_in_words(stored(ctx, row).admins))["head"]
    return Content(
        head, (*(_line(ctx, proposal, at, one) for at, one in enumerate(lines)), *_patch(ctx, proposal, lines))
    )


def in_words(ctx: Context, line: ProposedLine) -> str:
    """Say what was found, and what is proposed."""
    return ctx.say("changes", line=line)[line.kind]


def _line(ctx: Context, proposal: Proposal, at: int, line: ProposedLine) -> Card:
    said = ctx.say("changes", who=ctx.username(line.by) if line.by else "")
    difference = block(line.difference, "diff") if line.difference else said["by_hand"]
    payload = OfProposal(proposal.id, at)
    accept = CHANGES_ACCEPT.button(said["accept"], payload, style="primary")
    leave = CHANGES_LEAVE.button(said["leave"], payload)
    controls = {"open": (accept, leave), "accepted": (leave,), "left": (accept,)}[line.state]
    text = f"{in_words(ctx, line)}\n\n{difference}"
    if line.state != "open":
        text = f"{text}\n\n{said[line.state]}"
    return Card(colour=_COLOURS[line.state], text=text, controls=controls)


def _patch(ctx: Context, proposal: Proposal, lines: list[ProposedLine]) -> tuple[Card, ...]:
    accepted = sum(one.state == "accepted" for one in lines)
    if not accepted:
        return ()
    label = ctx.say("changes", count=accepted)["make"]
    return (Card(controls=(CHANGES_PATCH.button(label, OfProposal(proposal.id), style="primary"),)),)
