"""The card by which somebody changes a playbook in chat, and what its draft would change."""

from collections.abc import Iterator, Sequence

from handlers.context import Context, known_person
from handlers.controls import EDIT_CHOOSE, EDIT_DO
from handlers.editor.editions import newer_edition
from handlers.editor.fields import SECTIONS
from handlers.editor.parts import entries_of
from handlers.effects import Button, Card, Colour, Content, Menu, Option, Redraw
from handlers.payloads import DoneToPlaybook, PartOfPlaybook
from handlers.playbooks.differences import Difference, differences
from handlers.playbooks.playbook import Playbook
from handlers.rules.drafts import drafted, ruling
from handlers.rules.groups import named_in_words
from handlers.rules.playbook_rights import is_admin_of, may_edit, path_of
from handlers.rules.run_request import stored
from handlers.text.sentences import Said
from handlers.text.words import Safe, linked, plain, shorten, unlinked
from store import Message, PlaybookRow

SHOWN_TASKS = 12
"""How many tasks of a checklist the card shows."""
IN_A_ROW = 4
"""How many buttons a phone shows beside each other."""
OFFERED = 100
"""How many entries a menu offers; the page has them all."""
SHOWN_CHANGES = 20
_OF_PARTS: Colour = "grey"
MORE = ("roles", "attributes", "actions", "webhooks", "metrics")


def editing_card(ctx: Context, row: PlaybookRow, message: Message) -> Content | None:
    """Return the card as its person may use it; None where the playbook is not theirs to see any more."""
    person = ctx.store.person(message.person_id)
    if person is None:
        return None
    asker, rules = known_person(person), ruling(ctx, row)
    ctx, book = ctx.to(ctx.reader_of(person)), drafted(ctx, row)
    if not row.is_made_here or not may_edit(ctx, asker, rules):
        about = {"title": book.title, "key": Safe(row.key), "admins": named_in_words(rules.admins)}
        look = ctx.say("editing", **about)["card_look"] if row.is_made_here else ""
        text = " ".join(filter(None, (head(ctx, row, rules), look)))
        return Content(text, (_summary(ctx, book), Card(controls=_look(ctx, row))))
    tasks = Card(colour="blue", text=_said(ctx, book)["sum_tasks"], controls=_of_tasks(ctx, row, book))
    buttons = _buttons(ctx, row, looks_after=is_admin_of(ctx, asker, rules))
    parts = _summary(ctx, book, (_parts(ctx, row), _more(ctx, row, book)))
    rows = (Card(controls=buttons[at : at + IN_A_ROW]) for at in range(0, len(buttons), IN_A_ROW))
    return Content(head(ctx, row, rules), (parts, tasks, *rows))


def head(ctx: Context, row: PlaybookRow, rules: Playbook) -> str:
    """Say how a playbook stands, and where all of it can be changed."""
    draft = ctx.store.draft(row.id)
    link = ctx.page_link(f"/playbooks/{row.key}/edit")
    said = ctx.say(
        "editing",
        title=drafted(ctx, row).title,
        version=row.version,
        archived=row.archived_at is not None,
        changes=len(draft_changes(ctx, row)),
        by=ctx.username(draft.by) if draft is not None else "",
        path=Safe(path_of(row)),
    )
    where = () if row.is_made_here else (said["card_file"],)
    page = (f"{linked(said['editor_word'], link)}.",) if link else ()
    return " ".join((said["card_head"], *where, *page))


def draft_changes(ctx: Context, row: PlaybookRow) -> tuple[Difference, ...]:
    """Return what a playbook's draft changes in the version in use; nothing as long as there is none of both."""
    draft = ctx.store.draft(row.id)
    return differences(stored(ctx, row), drafted(ctx, row)) if draft is not None and row.version else ()


def in_lines(ctx: Context, found: Sequence[Difference], most: int = SHOWN_CHANGES) -> str:
    """Return differences as a list."""
    lines = [f"- {difference(ctx, one)}" for one in found[:most]]
    more = len(found) - most
    return "\n".join([*lines, *([f"- {ctx.say('editing', more=more)['more_differences']}"] if more > 0 else ())])


def difference(ctx: Context, one: Difference) -> Safe:
    """Say one difference."""
    return Safe(ctx.say("editing", one=one)["difference"])


def refresh_cards(ctx: Context, row: PlaybookRow) -> Iterator[Redraw]:
    """Show in the cards by which people change a playbook how it stands."""
    for message in ctx.store.editing_cards(row.id):
        yield Redraw(message_id=message.id)


def _said(ctx: Context, book: Playbook) -> Said:
    titles = {team.name: team.title for team in ctx.store.teams()}
    teams = [titles.get(name) or Safe(name) for name in book.teams]
    return ctx.say("editing", book=book, shown=SHOWN_TASKS, teams=teams)


def _summary(ctx: Context, book: Playbook, controls: tuple[Button | Menu, ...] = ()) -> Card:
    said, colour = _said(ctx, book), _OF_PARTS
    names = [f"sum_{one.name}" for one in SECTIONS if f"sum_{one.name}" in said and one.fields]
    found = ((said[f"many_{name}"], _entries(ctx, book, name)) for name in MORE)
    parts = [Safe(ctx.say("editing", title=title, names=each)["sum_of"]) for title, each in found if each]
    more = (ctx.say("editing", said=parts)["sum_more"],) if parts else ()
    lines = "\n".join(f"- {line}" for line in (*(said[name] for name in names), *more))
    return Card(colour=colour, title=str(unlinked(shorten(book.title, 100))), text=lines, controls=controls)


def _entries(ctx: Context, book: Playbook, name: str) -> list[str]:
    """Return what the entries of a list are called, of webhooks with which ones are off."""
    titles = [shorten(title, 60) for _, title in entries_of(book, name)]
    if name != "webhooks":
        return titles
    pairs = zip(titles, book.webhooks, strict=True)
    return [title if one.enabled else ctx.say("editing", name=title)["sum_off"] for title, one in pairs]


def _parts(ctx: Context, row: PlaybookRow) -> Menu:
    said = ctx.say("editing")
    parts = (one.name for one in SECTIONS if one.fields and one.name != "permissions")
    options = tuple(Option(said[f"part_{name}"], name) for name in parts)
    return EDIT_CHOOSE.menu(said["menu_parts"], options, PartOfPlaybook(row.id))


def _of_tasks(ctx: Context, row: PlaybookRow, book: Playbook) -> tuple[Menu, ...]:
    said = ctx.say("editing")
    new = [Option(said[f"choose_new_{name}"], f"{name}.new") for name in ("tasks", "checklists")]
    tasks = zip(_numbers(book), entries_of(book, "tasks"), strict=True)
    known = [Option(str(plain(shorten(f"{number} {title}", 90))), name) for number, (name, title) in tasks]
    lists = [
        Option(str(plain(ctx.say("editing", title=Safe(shorten(title, 80)))["choose_checklist"])), name)
        for name, title in entries_of(book, "checklists")
    ]
    options = (*new, *known, *lists)[:OFFERED]
    return (EDIT_CHOOSE.menu(said["menu_tasks"], options, PartOfPlaybook(row.id)),)


def _numbers(book: Playbook) -> Iterator[str]:
    for row, checklist in enumerate(book.checklists, 1):
        yield from (f"{row}.{at}" for at in range(1, len(checklist.tasks) + 1))


def _more(ctx: Context, row: PlaybookRow, book: Playbook) -> Menu:
    said = ctx.say("editing")
    options: list[Option] = []
    for name in MORE:
        part = said[f"part_{name}"]
        entries = entries_of(book, name)
        options += [Option(str(plain(shorten(f"{part}: {title}", 90))), each) for each, title in entries]
        options.append(Option(said[f"new_{name}"], f"{name}.new"))
    return EDIT_CHOOSE.menu(said["menu_more"], tuple(options[:OFFERED]), PartOfPlaybook(row.id))


def _buttons(ctx: Context, row: PlaybookRow, *, looks_after: bool) -> tuple[Button, ...]:
    said, draft = ctx.say("editing"), ctx.store.draft(row.id)
    of = {
        what: EDIT_DO.button(said[f"button_{what}"], DoneToPlaybook(row.id, what))
        for what in ("try", "changes", "history", "drop", "restore", "share", "edition")
    }
    if row.archived_at is not None:
        return of["restore"], of["history"]
    publish = EDIT_DO.button(said["button_publish"], DoneToPlaybook(row.id, "publish"), "primary")
    shown = [publish] if draft is not None else []
    shown.append(of["try"])
    if draft is not None and row.version:
        shown += [of["changes"], of["drop"]]
    if newer_edition(drafted(ctx, row)) is not None:
        shown.append(of["edition"])
    return (*shown, *([of["share"]] if looks_after else ()), *([of["history"]] if row.version else ()))


def _look(ctx: Context, row: PlaybookRow) -> tuple[Button, ...]:
    label = ctx.say("editing")["button_history"]
    return (EDIT_DO.button(label, DoneToPlaybook(row.id, "history")),) if row.version else ()
