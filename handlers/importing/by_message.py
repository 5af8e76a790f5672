"""`import` in a direct message with files: their plan first, and by a press all that it says."""

from handlers.context import Context
from handlers.effects import Answer, Content, Effects, Refuse, Refused
from handlers.events import CommandGiven, Person, Press
from handlers.exchange.plan import Imported
from handlers.importing.reading import documents_of, read_words
from handlers.operations.import_playbooks import confirm_playbook
from handlers.operations.keep_import import begin_import, begun, carry_out, plan_of
from handlers.payloads import OfImport, ToConfirm
from handlers.playbooks.file import PlaybookMistake
from handlers.rules import playbook_lookup
from handlers.rules.playbook_rights import require_see
from handlers.text.words import escape
from handlers.views.import_card import confirming, done_of, planning
from handlers.views.keep import show, tell
from store import Import, Message, PlaybookRow


def by_command(event: CommandGiven, words: str, ctx: Context) -> Effects:
    """`import ops new-version`, with files: tell what would be done; with `now` do it where nothing is open."""
    if not event.files:
        raise ctx.refused("exchange", "no_file")
    said = read_words(words)
    try:
        kept = begin_import(
            ctx, event.asker, documents_of(event.files), said.team, said.on_conflict, leave_unknown=said.leave_unknown
        )
        plan = plan_of(ctx, kept, event.asker)
    except PlaybookMistake as mistake:
        raise unreadable(ctx, mistake) from None
    if said.now and plan.is_settled and not plan.lacks_team:
        yield _answer(ctx, _carried_out(ctx, kept, event.asker))
    elif not ctx.here.buttons:
        yield Answer(content=planning(ctx, kept, plan, event.asker), to_read=True)
    else:
        message = Message(kind="import", person_id=event.asker.id)
        yield from tell(ctx, message, planning(ctx, kept, plan, event.asker))
        kept.message_id = message.id


def done(event: Press[OfImport], ctx: Context) -> Effects:
    """*Import*: all that the plan says."""
    kept = begun(ctx, event.payload.import_id, event.asker)
    message = _message(ctx, kept)
    found = _carried_out(ctx, kept, event.asker)
    if message is not None:
        yield from show(message, done_of(ctx, found))


def cancelled(event: Press[OfImport], ctx: Context) -> Effects:
    """*Cancel*: nothing is imported, and the files are forgotten."""
    kept = begun(ctx, event.payload.import_id, event.asker)
    message = _message(ctx, kept)
    ctx.store.drop_import(kept)
    if message is not None:
        yield from show(message, Content(ctx.say("exchange")["cancelled"]))


def for_team(event: Press[OfImport], ctx: Context) -> Effects:
    """*For which team?*"""
    kept = begun(ctx, event.payload.import_id, event.asker)
    kept.team = event.payload.choice
    yield from _anew(ctx, kept, event.asker)


def on_conflict(event: Press[OfImport], ctx: Context) -> Effects:
    """*What of those that are here?*"""
    kept = begun(ctx, event.payload.import_id, event.asker)
    kept.on_conflict = event.payload.choice
    yield from _anew(ctx, kept, event.asker)


def without_unknown(event: Press[OfImport], ctx: Context) -> Effects:
    """*Leave them out*: those whom nobody knows here."""
    kept = begun(ctx, event.payload.import_id, event.asker)
    kept.leave_unknown = True
    yield from _anew(ctx, kept, event.asker)


def confirm(event: CommandGiven, words: str, ctx: Context) -> Effects:
    """`confirm <playbook>`: tell which commands and webhooks are off, to be had on by a press."""
    row, _ = playbook_lookup.whole(ctx.store.playbooks(), words)
    if row is None:
        raise ctx.refused("playbook", "gone")
    book = require_see(ctx, event.asker, row)
    if not row.held:
        yield ctx.answer("exchange", "nothing_held", title=row.title)
    elif ctx.here.buttons:
        yield Answer(content=confirming(ctx, row, book), to_read=True)
    else:
        yield _confirmed(ctx, row, event.asker)


def confirmed(event: Press[ToConfirm], ctx: Context) -> Effects:
    """*Turn them on*: an admin has looked at commands and webhooks."""
    row = ctx.store.playbook(event.payload.playbook_id)
    if row is None:
        raise ctx.refused("playbook", "gone")
    yield _confirmed(ctx, row, event.asker, event.payload.seen)


def unreadable(ctx: Context, mistake: PlaybookMistake) -> Refused:
    """Say what is wrong with a file."""
    said = ctx.say("exchange")
    return Refused(
        Refuse(title=said["unreadable_title"], text="\n".join(escape(line) for line in str(mistake).splitlines()))
    )


def _confirmed(ctx: Context, row: PlaybookRow, asker: Person, seen: str | None = None) -> Answer:
    confirm_playbook(ctx, row, asker, seen)
    return ctx.answer("exchange", "confirmed_but" if row.held else "confirmed", title=row.title)


def _anew(ctx: Context, kept: Import, asker: Person) -> Effects:
    message = _message(ctx, kept)
    plan = plan_of(ctx, kept, asker)
    if message is not None:
        yield from show(message, planning(ctx, kept, plan, asker))


def _carried_out(ctx: Context, kept: Import, asker: Person) -> list[Imported]:
    try:
        return list(carry_out(ctx, kept, asker))
    except PlaybookMistake as mistake:
        raise unreadable(ctx, mistake) from None


def _answer(ctx: Context, found: list[Imported]) -> Answer:
    return Answer(content=done_of(ctx, found), to_read=True)


def _message(ctx: Context, kept: Import) -> Message | None:
    return ctx.store.message_held(kept.message_id) if kept.message_id is not None else None
