"""Changing a playbook by its card: asked for by a command, part by part by dialogs, each of which saves the draft."""

from collections.abc import Iterator, Mapping
from typing import Self

from handlers.context import Context
from handlers.editing.finding import by_id, meant
from handlers.editor.edited import Edited
from handlers.editor.fields import BY_NAME, CHOSEN
from handlers.editor.parts import Part, filled_in, is_there, part_called, pasted_into
from handlers.effects import Answer, Ask, Content, Correct, Effects, Refused
from handlers.events import CommandGiven, Person, Press, Submission
from handlers.forms import Filled
from handlers.operations.edit_playbook import Clashing, save_draft
from handlers.operations.share_playbook import share_playbook
from handlers.payloads import PartOfDraft, PartOfPlaybook
from handlers.playbooks.playbook import Playbook
from handlers.rules.drafts import drafted, opened_with, ruling
from handlers.rules.playbook_rights import RIGHTS, require_admin, require_edit
from handlers.text.plain_forms import bare
from handlers.text.words import Safe, plain
from handlers.views.editing import editing_card, head, refresh_cards
from handlers.views.keep import take_away, tell
from handlers.views.part_dialog import ADDED, CHECKLIST, MOVE, NONE, part_dialog, shown_fields
from store import Message, PlaybookRow

_RIGHTS = Part(BY_NAME["permissions"])


class PartForm(Filled, frozen=True):
    """A part of a playbook, by the names of its fields."""

    values: dict[str, str]

    @classmethod
    def read(cls, values: Mapping[str, str | bool]) -> Self:
        ticks = {True: "on", False: ""}
        return cls({name: ticks[said] if isinstance(said, bool) else said for name, said in values.items()})

    @classmethod
    def limits(cls) -> dict[str, int]:
        return {}


def by_command(event: CommandGiven, words: str, ctx: Context) -> Effects:
    """`edit PLAYBOOK`: its card comes by direct message."""
    row, _ = meant(ctx, event.asker, words, "edit")
    yield from card_for(ctx, row, event.asker)
    if not ctx.here.buttons:
        page = ctx.page_link(f"/playbooks/{row.key}/edit")
        yield ctx.answer("editing", "nothing_to_press", head=Safe(head(ctx, row, ruling(ctx, row))), page=page)
    elif event.place.kind != "D":
        yield ctx.answer("editing", "sent", title=row.title)


def card_for(ctx: Context, row: PlaybookRow, asker: Person) -> Effects:
    """Send somebody the card of a playbook; one that they have goes, so that it stands where they look."""
    if not ctx.here.buttons:
        return
    for old in ctx.store.editing_cards(row.id):
        if old.person_id == asker.id and old.post_id is not None:
            yield from take_away(ctx, old)
    message = Message(kind="editing", person_id=asker.id, playbook_id=row.id)
    content = editing_card(ctx, row, message)
    if content is not None:
        yield from tell(ctx, message, content)


def chosen(event: Press[PartOfPlaybook], ctx: Context) -> Effects:
    """A part of the card's menus: a dialog with what it says."""
    row = by_id(ctx, event.asker, event.payload.playbook_id)
    require_edit(ctx, event.asker, row)
    book = drafted(ctx, row)
    yield part_dialog(ctx, row, book, _part(ctx, row, book, event.payload.part or ""))


def rights_asked(ctx: Context, row: PlaybookRow, asker: Person) -> Ask:
    """*Share…*: a dialog with who may do what, which holds at once. Raises `Refused`."""
    return part_dialog(ctx, row, require_admin(ctx, asker, row), _RIGHTS)


def saved(event: Submission[PartOfDraft, PartForm], ctx: Context) -> Effects:
    """A part, filled in: the draft has it, together with what others have saved meanwhile."""
    asked = event.payload
    row = by_id(ctx, event.asker, asked.playbook_id)
    if asked.part == _RIGHTS.name:
        yield from _shared(event, row, ctx)
        return
    base = opened_with(ctx, row, asked.revision)
    if base is None:
        raise ctx.refused("editing", "too_old")
    part = _part(ctx, row, base, asked.part)
    made = _filled(base, part, event.form.values)
    if made.book is None:
        yield _correct(base, part, made)
        return
    if part.is_new and made.book == base:
        yield Correct(errors={_first_written(base, part): ctx.say("editing")["nothing_new"]})
        return
    try:
        save_draft(ctx, row, made.book, asked.revision, event.asker)
    except Clashing as clashing:
        raise _told(ctx, clashing) from None
    yield from refresh_cards(ctx, row)


def _shared(event: Submission[PartOfDraft, PartForm], row: PlaybookRow, ctx: Context) -> Effects:
    rules = require_admin(ctx, event.asker, row)
    made = _filled(rules, _RIGHTS, event.form.values)
    if made.book is None:
        yield _correct(rules, _RIGHTS, made)
        return
    said = made.book.definition()
    share_playbook(ctx, row, {key: said[key] for key in RIGHTS}, event.asker)
    yield from refresh_cards(ctx, row)


def _part(ctx: Context, row: PlaybookRow, book: Playbook, name: str) -> Part:
    part = part_called(name)
    if part is None or not is_there(book, part):
        raise ctx.refused("editing", "part_gone", title=row.title)
    return part


def _filled(base: Playbook, part: Part, said: Mapping[str, str]) -> Edited:
    if part.is_pasted:
        return filled_in(base, part, {pasted_into(said.get(CHECKLIST, "")): said.get(ADDED, "")})
    values = dict(_values(base, part, said))
    return filled_in(base, part, values, said.get(MOVE, ""))


def _values(base: Playbook, part: Part, said: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the fields that the dialog had; a client leaves out an optional one that is empty."""
    for name, field in shown_fields(base, part).items():
        value = said.get(name, "")
        if field.kind == "many":
            words = bare(value).casefold().replace(",", " ").split()
            yield from ((f"{name}.{choice}", "on" if choice in words else "") for choice in field.choices)
        else:
            yield name, "" if field.kind == "choice" and value == NONE else value


def _first_written(base: Playbook, part: Part) -> str:
    """Return the first field of a dialog in which something is written."""
    fields = {ADDED: None} if part.is_pasted else shown_fields(base, part)
    return next(name for name, one in fields.items() if one is None or one.kind not in CHOSEN)


def _correct(base: Playbook, part: Part, made: Edited) -> Correct:
    """Say what is wrong at the fields where it stands, all else above."""
    shown = {part.full(name): name for name in shown_fields(base, part)} if not part.is_pasted else {}
    errors: dict[str, str] = {}
    above: list[str] = []
    for name, sentence in made.errors():
        if name in shown:
            errors[shown[name]] = " ".join(filter(None, (errors.get(shown[name]), sentence)))
        else:
            above.append(sentence)
    return Correct(errors={name: str(plain(said)) for name, said in errors.items()}, error=str(plain(" ".join(above))))


def _told(ctx: Context, clashing: Clashing) -> Refused:
    values = [(one, {"path": one.path, "mine": one.mine, "theirs": one.theirs}) for one in clashing.clashes]
    said = [Safe(ctx.say("editing", **about)["clash_gone" if one.is_gone else "clash"]) for one, about in values]
    text = ctx.say("editing", said=said)["clashing"]
    return Refused(type(clashing.refusal)(title=clashing.refusal.title, text=text))


def answer(text: str) -> Answer:
    """Return a sentence as an answer that is read in any case."""
    return Answer(content=Content(text), to_read=True)
