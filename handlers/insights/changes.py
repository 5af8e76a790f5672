"""What to change in a playbook: proposed by a press or a command, decided line by line, and posted as a patch."""

from collections.abc import Sequence

from handlers.context import Context
from handlers.effects import Answer, Content, Effects, File, Files, Tell
from handlers.events import CommandGiven, Person, Press
from handlers.figures.audience import seen_by, seen_in
from handlers.figures.findings import FEWEST, Finding, findings_of, looked_at
from handlers.figures.many_runs import Seen
from handlers.figures.proposed import LineState, Patch, lines_of, patch_of
from handlers.operations.propose_changes import decide_line, fresh, make_patch, propose, require_admin
from handlers.payloads import OfPlaybook, OfProposal
from handlers.rules import permissions
from handlers.rules.run_request import stored
from handlers.text.words import Safe, block
from handlers.unsure import ReadersOf, Unsure
from handlers.views.changes import in_words, proposing
from handlers.views.keep import post, show, tell
from store import Message, PlaybookRow, Proposal


def shown(event: Press[OfPlaybook], ctx: Context) -> Effects:
    """*What to change*: propose it in the thread of the figures, of the runs that everybody may see who reads there."""
    row = ctx.store.playbook(event.payload.playbook_id)
    if row is None or not permissions.may_use(ctx, event.asker, stored(ctx, row)):
        raise ctx.refused("changes", "gone")
    if event.place.kind == "D" or not event.place.team_id:
        yield from _to_one(ctx, row, event.asker)
        return
    if event.readers is None:
        raise Unsure(ReadersOf(event.place.id, event.place.kind))
    seen = seen_in(ctx, event.place.team_id, event.readers)
    known = findings_of(ctx, row, seen)
    found = fresh(ctx, row, known)
    if not found:
        yield _nothing(ctx, row, known, seen, by_many=True)
        return
    ctx = ctx.to(ctx.everybody())
    root_id = event.root_id or event.post_id
    proposal = propose(ctx, row, found, event.asker, event.place.id, root_id)
    message = Message(kind="proposal", place_id=event.place.id)
    yield from post(ctx, message, proposing(ctx, row, proposal), root_id=root_id)
    proposal.message_id = message.id


def by_command(event: CommandGiven, row: PlaybookRow, ctx: Context) -> Effects:
    """`insights <playbook> changes`: propose them to who asked, of the runs that this person may see."""
    yield from _to_one(ctx, row, event.asker)
    if event.place.kind != "D":
        yield ctx.answer("changes", "sent", title=row.title)


def accepted(event: Press[OfProposal], ctx: Context) -> Effects:
    """*Accept*: a playbook's admin takes over a line."""
    yield from _decided(event, ctx, "accepted")


def left(event: Press[OfProposal], ctx: Context) -> Effects:
    """*Leave it*: a playbook's admin wants things as they are."""
    yield from _decided(event, ctx, "left")


def patched(event: Press[OfProposal], ctx: Context) -> Effects:
    """*Make the patch*: post what was accepted, to be applied to the playbook's file."""
    proposal, row = _held(event, ctx)
    require_admin(ctx, event.asker, row)
    made = make_patch(ctx, proposal)
    if not proposal.place_id:
        to = ctx.to(ctx.reader_of(event.asker))
        content, attached = _patch(to, row, made)
        yield Tell(person_id=event.asker.id, content=content, attached=attached)
        return
    content, attached = _patch(ctx.to(ctx.everybody()), row, made)
    message = Message(kind="note", place_id=proposal.place_id)
    yield from post(ctx, message, content, root_id=proposal.root_id, attached=attached)


def _decided(event: Press[OfProposal], ctx: Context, state: LineState) -> Effects:
    proposal, row = _held(event, ctx)
    require_admin(ctx, event.asker, row)
    decide_line(ctx, proposal, event.payload.line, state, event.asker)
    message = ctx.store.message_held(proposal.message_id) if proposal.message_id is not None else None
    if message is not None:
        reader = ctx.reader_of(message.person_id) if message.person_id else ctx.everybody()
        yield from show(message, proposing(ctx.to(reader), row, proposal))


def _held(event: Press[OfProposal], ctx: Context) -> tuple[Proposal, PlaybookRow]:
    proposal = ctx.store.proposal(event.payload.proposal_id)
    row = ctx.store.playbook(proposal.playbook_id) if proposal is not None else None
    if proposal is None or row is None:
        raise ctx.refused("changes", "gone")
    return proposal, row


def _to_one(ctx: Context, row: PlaybookRow, asker: Person) -> Effects:
    ctx, seen = ctx.to(ctx.reader_of(asker)), seen_by(ctx, asker)
    known = findings_of(ctx, row, seen)
    found = fresh(ctx, row, known)
    if not found:
        yield _nothing(ctx, row, known, seen)
    elif not ctx.here.buttons:
        yield _all_at_once(ctx, row, found, asker)
    else:
        proposal = propose(ctx, row, found, asker)
        message = Message(kind="proposal", person_id=asker.id)
        yield from tell(ctx, message, proposing(ctx, row, proposal))
        proposal.message_id = message.id


def _all_at_once(ctx: Context, row: PlaybookRow, found: Sequence[Finding], asker: Person) -> Tell:
    """Return all that was found with the patch of all of it: where no press arrives nobody can choose."""
    lines = lines_of(propose(ctx, row, found, asker))
    content, attached = _patch(ctx, row, patch_of(row, ctx.store.playbook_text(row), lines))
    words = "\n".join(f"- {in_words(ctx, one)}" for one in lines)
    return Tell(person_id=asker.id, content=Content(f"{words}\n\n{content.text}"), attached=attached)


def _patch(ctx: Context, row: PlaybookRow, made: Patch) -> tuple[Content, Files | None]:
    """Return the words with a patch, and the patch; the whole file of what comes with Muster."""
    name = made.path.rsplit("/", 1)[-1] if made.is_starter else f"{row.key}.patch"
    written = made.after if made.is_starter else made.text
    by_hand = [Safe(in_words(ctx, one)) for one in made.by_hand]
    about = {"title": row.title, "path": made.path, "file": name, "starter": made.is_starter, "by_hand": by_hand}
    said = ctx.say("changes", **about)
    content = Content(said["patch"])
    if not made.text:
        return content, None
    instead = Content(f"{said['patch']} {said['no_files']}\n\n{block(written, 'diff')}")
    files = (File(name, written.encode()),)
    return (content, Files(files=files, instead=instead)) if ctx.here.takes(files) else (instead, None)


def _nothing(ctx: Context, row: PlaybookRow, known: Sequence[Finding], seen: Seen, *, by_many: bool = False) -> Answer:
    over = len(looked_at(ctx, row, seen))
    return ctx.answer("changes", "none", title=row.title, fewest=FEWEST, over=over, known=len(known), by_many=by_many)
