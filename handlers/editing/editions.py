"""A newer edition of the starter that a playbook began as: shown as a difference, and taken over line by line."""

from handlers.context import Context
from handlers.controls import EDITION_TAKE
from handlers.editing.cards import answer
from handlers.editing.finding import by_id
from handlers.editing.newer import ALL, flat, known_by
from handlers.editor.editions import Edition, newer_edition
from handlers.effects import Answer, Effects, Option
from handlers.events import Person, Press
from handlers.messages.as_direct_message import told
from handlers.operations.edit_playbook import save_draft
from handlers.payloads import LineOfPlaybook
from handlers.playbooks.changes import NotThere
from handlers.playbooks.playbook import Playbook
from handlers.playbooks.take_differences import taken
from handlers.rules.drafts import drafted
from handlers.rules.playbook_rights import require_edit
from handlers.text.words import plain, shorten
from handlers.views.editing import in_lines, refresh_cards
from handlers.views.listed import listed
from store import PlaybookRow

NONE, MOST = "none", 50


def shown(ctx: Context, row: PlaybookRow, asker: Person) -> Answer:
    """*A newer edition…*: what it would change, to be taken over by who may."""
    require_edit(ctx, asker, row)
    found = newer_edition(drafted(ctx, row))
    if found is None:
        return answer(ctx.say("editing", title=row.title)["edition_none"])
    said = ctx.say("editing", title=row.title, edition=found.name)
    lines = [Option(str(plain(shorten(flat(one), 90))), known_by(one)) for one in found.lines[:MOST]]
    controls = (
        EDITION_TAKE.button(said["newer_all"], LineOfPlaybook(row.id, ALL), "primary"),
        EDITION_TAKE.menu(said["newer_menu"], tuple(lines), LineOfPlaybook(row.id)),
        EDITION_TAKE.button(said["edition_leave"], LineOfPlaybook(row.id, NONE)),
    )
    words = in_lines(ctx, found.lines) or said["edition_same"]
    return Answer(
        content=listed(ctx, words, controls if lines else controls[::2], above=said["edition_head"]), to_read=True
    )


def chosen(event: Press[LineOfPlaybook], ctx: Context) -> Effects:
    """A line that was chosen, all of them, or none: it comes into the draft."""
    row = by_id(ctx, event.asker, event.payload.playbook_id)
    require_edit(ctx, event.asker, row)
    book = drafted(ctx, row)
    found = newer_edition(book)
    if found is None:
        yield from told(event, [answer(ctx.say("editing", title=row.title)["edition_none"])])
        return
    save_draft(ctx, row, _with(ctx, book, found, event.payload.line or ""), row.revision, event.asker)
    block = "edition_left" if event.payload.line == NONE else "edition_taken"
    yield from told(event, [answer(ctx.say("editing", title=row.title)[block])])
    yield from refresh_cards(ctx, row)


def _with(ctx: Context, book: Playbook, found: Edition, line: str) -> Playbook:
    if line == NONE:
        return book.model_copy(update={"starter": found.name})
    if line == ALL:
        return found.book.model_copy(update={"starter": found.name})
    try:
        made = taken(book, found.book, [one for one in found.lines if known_by(one) == line])
    except (NotThere, ValueError):
        raise ctx.refused("editing", "not_alone") from None
    return made.model_copy(update={"starter": found.name}) if made == found.book else made
