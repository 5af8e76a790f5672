"""Publishing a playbook, its versions, and taking it out of use: by commands, and by the buttons of its card."""

from typing import Annotated

from handlers.context import Context
from handlers.controls import EDIT_PUBLISH, EDIT_VERSION, entry
from handlers.editing.cards import answer, card_for
from handlers.editing.finding import by_id, meant
from handlers.effects import Answer, Ask, Effects, Option
from handlers.events import CommandGiven, Person, Press, Submission
from handlers.forms import Filled, Line, at_field
from handlers.messages.as_direct_message import told
from handlers.operations.archive_playbook import archive, unarchive
from handlers.operations.edit_playbook import Clashing, drop_draft
from handlers.operations.publish_playbook import Published, publish_draft, restore_version
from handlers.payloads import PartOfDraft, VersionOfPlaybook
from handlers.playbooks.differences import differences
from handlers.playbooks.playbook import Playbook
from handlers.rules.drafts import drafted, ruling
from handlers.rules.playbook_rights import may_edit, not_yours, require_edit
from handlers.rules.run_request import stored
from handlers.text.numbers import number
from handlers.text.plain_forms import bare
from handlers.text.words import Safe, plain, shorten
from handlers.views.editing import draft_changes, in_lines, refresh_cards
from handlers.views.listed import listed
from store import PlaybookRow

LINE_LIMIT = 200
SAID = 3
"""How many changes the line names that a version has where nobody wrote one."""
VERSIONS = 30


class PublishForm(Filled, frozen=True):
    """The line of what has changed."""

    words: Annotated[str, Line(LINE_LIMIT)] = ""


def by_command(event: CommandGiven, words: str, ctx: Context) -> Effects:
    """`publish PLAYBOOK [what has changed]`."""
    row, line = meant(ctx, event.asker, words, "publish")
    yield from _publish(ctx, row, line, event.asker)


def asked(ctx: Context, row: PlaybookRow, asker: Person) -> Ask:
    """*Publish…*: ask for the line. Raises `Refused` where there is nothing to publish."""
    require_edit(ctx, asker, row)
    if ctx.store.draft(row.id) is None:
        raise ctx.refused("playbook", "no_draft", title=row.title)
    said = ctx.say("editing", version=row.version, count=len(draft_changes(ctx, row)))
    words = entry(said, "words", max_length=150, optional=True)
    return EDIT_PUBLISH.ask(
        PartOfDraft(row.id, row.revision), said, words,
        intro=said["publish_intro"], title="publish_title", submit="publish_submit",
    )  # fmt: skip


def by_dialog(event: Submission[PartOfDraft, PublishForm], ctx: Context) -> Effects:
    """The dialog with the line, filled in."""
    row = by_id(ctx, event.asker, event.payload.playbook_id)
    with at_field("words"):
        found = list(_publish(ctx, row, event.form.words, event.asker))
    yield from told(event, found)


def changes(ctx: Context, row: PlaybookRow, asker: Person) -> Answer:
    """*What changed*: what the draft changes in the version in use. Raises `Refused` where it is not theirs to see."""
    rules = ruling(ctx, row)
    if not may_edit(ctx, asker, rules):
        raise not_yours(ctx, row, rules)
    found = draft_changes(ctx, row)
    said = ctx.say("editing", title=row.title, version=row.version)
    if found:
        return Answer(content=listed(ctx, in_lines(ctx, found, len(found)), above=said["changes_head"]), to_read=True)
    return answer(said["changes_none" if row.version else "changes_first"])


def history_of(event: CommandGiven, words: str, ctx: Context) -> Effects:
    """`history PLAYBOOK`: its versions."""
    row, _ = meant(ctx, event.asker, words, "history")
    yield history(ctx, row, event.asker)


def history(ctx: Context, row: PlaybookRow, asker: Person) -> Answer:
    """Return the versions of a playbook, with a menu to have one in use again for who may."""
    found = ctx.store.versions_of(row.id, VERSIONS)
    if not found:
        return answer(ctx.say("editing", title=row.title)["history_none"])
    lines = [
        ctx.say(
            "editing", version=one.version, at=one.created_at, words=one.words, in_use=one.version == row.version,
            by=f"@{ctx.username(one.by)}" if one.by else "",
        )["history_line"]
        for one in found
    ]  # fmt: skip
    said = ctx.say("editing", title=row.title)
    others = [one for one in found if one.version != row.version]
    labels = [f"{ctx.say('editing', version=one.version)['version_option']} {shorten(one.words, 60)}" for one in others]
    options = tuple(Option(str(plain(label)), str(one.version)) for label, one in zip(labels, others, strict=True))
    may = row.is_made_here and row.archived_at is None and options and may_edit(ctx, asker, ruling(ctx, row))
    menu = EDIT_VERSION.menu(said["history_menu"], options, VersionOfPlaybook(row.id))
    words = "\n".join(f"- {line}" for line in lines)
    return Answer(content=listed(ctx, words, (menu,) if may else (), above=said["history_head"]), to_read=True)


def version_chosen(event: Press[VersionOfPlaybook], ctx: Context) -> Effects:
    """*Use a version again…* below the history."""
    row = by_id(ctx, event.asker, event.payload.playbook_id)
    yield from told(event, [_back(ctx, row, event.payload.version or 0, event.asker)])
    yield from refresh_cards(ctx, row)


def restored(event: CommandGiven, words: str, ctx: Context) -> Effects:
    """`restore PLAYBOOK` brings an archived one back, `restore PLAYBOOK 3` has that version in use again."""
    row, rest = meant(ctx, event.asker, words, "restore")
    version = number(bare(rest).casefold().removeprefix("version").strip().removeprefix("v"))
    if version:
        yield _back(ctx, row, version, event.asker)
    else:
        yield bring_back(ctx, row, event.asker)
    yield from refresh_cards(ctx, row)


def bring_back(ctx: Context, row: PlaybookRow, asker: Person) -> Answer:
    """Have an archived playbook in use again."""
    unarchive(ctx, row, asker)
    return answer(ctx.say("editing", title=row.title)["unarchived"])


def archived(event: CommandGiven, words: str, ctx: Context) -> Effects:
    """`archive PLAYBOOK`."""
    row, _ = meant(ctx, event.asker, words, "archive")
    archive(ctx, row, event.asker)
    yield answer(ctx.say("editing", title=row.title, key=Safe(row.key))["archived"])
    yield from refresh_cards(ctx, row)


def dropped(ctx: Context, row: PlaybookRow, asker: Person) -> Answer:
    """*Drop the draft*."""
    drop_draft(ctx, row, asker)
    return answer(ctx.say("editing", title=row.title, version=row.version)["dropped"])


def _publish(ctx: Context, row: PlaybookRow, words: str, asker: Person) -> Effects:
    was_new = not row.version
    try:
        done = publish_draft(ctx, row, words[:LINE_LIMIT] or line_of(ctx, row), asker)
    except Clashing:
        yield from card_for(ctx, row, asker)
        raise
    yield _published(ctx, row, done, was_new=was_new)
    yield from refresh_cards(ctx, row)


def _published(ctx: Context, row: PlaybookRow, done: Published, *, was_new: bool) -> Answer:
    said = ctx.say(
        "editing", title=row.title, key=Safe(row.key), version=done.stored.version, what=done.stored.what,
        words=done.words, keywords=done.after.keywords if was_new else (), secrets=_unshown(ctx, row, done.after),
    )  # fmt: skip
    return answer(said["published"])


def _unshown(ctx: Context, row: PlaybookRow, book: Playbook) -> list[Safe]:
    """Return the names of webhooks that are on, and whose secret nobody has fetched."""
    known = ((one, ctx.store.webhook_address(row.id, one.name)) for one in book.webhooks if one.enabled)
    return [Safe(one.name) for one, address in known if address is None or not address.is_shown]


def line_of(ctx: Context, row: PlaybookRow) -> str:
    """Return what a draft changes in a line, for the history."""
    to = ctx.to(ctx.everybody())
    if not row.version:
        return str(to.say("editing")["line_first"])
    found = differences(stored(ctx, row), drafted(ctx, row))
    paths = list(dict.fromkeys(one.path for one in found))
    said = [Safe(path) for path in paths[:SAID]]
    return shorten(to.say("editing", said=said, more=len(paths) - len(said))["line_said"], LINE_LIMIT)


def _back(ctx: Context, row: PlaybookRow, version: int, asker: Person) -> Answer:
    done = restore_version(ctx, row, version, asker)
    said = ctx.say("editing", title=row.title, before=version, version=done.stored.version)
    return answer(said["version_back"])
