"""What is done on the pages of the editor: playbooks are made, their parts saved, and drafts published."""

from collections.abc import Mapping
from typing import Annotated, Any, Self

import msgspec

from handlers.context import Context
from handlers.editor.edited import edited
from handlers.editor.fields import BY_NAME, Section
from handlers.editor.moves import moved
from handlers.editor.reading import ADDED, read
from handlers.editor.starters import starter_called
from handlers.effects import Answer, Content, Correct, Effects
from handlers.events import Acted
from handlers.forms import Filled, Line, Text, at_field
from handlers.operations.archive_playbook import archive, unarchive
from handlers.operations.copy_playbook import duplicate_playbook
from handlers.operations.edit_playbook import Clashing, create_playbook, drop_draft, save_draft
from handlers.operations.publish_playbook import publish_draft, restore_version
from handlers.playbooks.merge import Prefer
from handlers.playbooks.playbook import key_for
from handlers.rules.drafts import opened_with
from handlers.rules.fit_playbook import fit
from handlers.rules.playbook_rights import require_see
from handlers.text.numbers import number
from handlers.text.words import shorten
from store import PlaybookRow

_PREFER: Mapping[str, Prefer] = {"mine": "mine", "theirs": "theirs"}
LIST_LIMIT = 100_000
"""How many characters of a list are taken at once."""
WORTH_KEEPING = 512 * 1024
"""How many characters of a part that could not be saved are kept for it to be shown again."""
OWN = ("key", "section", "revision", "do")
"""The fields of a part's form besides those of the part."""


class CreateForm(Filled, frozen=True):
    """A new playbook: its title, the team that it is for (none: all), and its tasks as a list, or a starter."""

    title: Annotated[str, Line(200)] = ""
    team: Annotated[str, Line(80)] = ""
    tasks: Annotated[str, Text(LIST_LIMIT)] = ""
    starter: Annotated[str, Line(80)] = ""


class SectionForm(Filled, frozen=True):
    """A part of a playbook; `revision` tells what it was when the form was made.

    `do` is "save", "auto" as the page itself does while somebody writes, "mine" or "theirs" where two have changed the
    same, "patch", or what is moved or removed.
    """

    key: Annotated[str, Line(80)] = ""
    section: Annotated[str, Line(40)] = ""
    revision: Annotated[str, Line(10)] = ""
    do: Annotated[str, Line(80)] = "save"
    values: dict[str, str] = msgspec.field(default_factory=dict)

    @classmethod
    def read(cls, values: Mapping[str, str | bool]) -> Self:
        said = {name: str(one) for name, one in values.items()}
        return cls(**{name: said.pop(name, "") for name in OWN}, values=said)

    @classmethod
    def limits(cls) -> dict[str, int]:
        return {}

    @classmethod
    def worth_keeping(cls, values: Mapping[str, str]) -> dict[str, str]:
        """Return what was written, for it to be shown again; nothing of what is too much to be a part of a playbook.

        All or nothing: a part that is shown with some of its fields would be saved without the others.
        """
        section = BY_NAME.get(values.get("section", ""))
        own = {name: said for name, said in values.items() if name in OWN or _is_of(section, name)}
        return own if sum(len(name) + len(said) for name, said in own.items()) <= WORTH_KEEPING else {}


class BookForm(Filled, frozen=True):
    """Something that is done to a playbook."""

    key: Annotated[str, Line(80)] = ""


class CopyForm(BookForm, frozen=True):
    """*Make a copy*, and its title."""

    title: Annotated[str, Line(200)] = ""


class VersionForm(BookForm, frozen=True):
    """*Use this version again*."""

    version: Annotated[str, Line(10)] = ""


class PublishForm(BookForm, frozen=True):
    """*Publish* what was looked at at a revision; `words` say what has changed."""

    revision: Annotated[str, Line(10)] = ""
    words: Annotated[str, Line(200)] = ""


def created(event: Acted[CreateForm], ctx: Context) -> Effects:
    """Make a playbook, as a draft that nobody can start yet, and go on in the editor."""
    form = event.form
    if not form.title:
        yield Correct(errors={"title": ctx.say("editor")["title_missing"]})
        return
    starter = starter_called(form.starter)
    said = starter.book.definition() if starter is not None else {}
    if form.tasks.strip():
        said = said | read(BY_NAME["tasks"], {ADDED: form.tasks}, {})
    teams = [form.team] if form.team else []
    book = fit(ctx, said | {"title": form.title, "key": key_for(form.title), "teams": teams})
    done = create_playbook(ctx, book, event.asker)
    words = ctx.say("editor", title=book.title)["created"]
    yield Answer(content=Content(words), page=f"/playbooks/{done.row.key}/edit")


def saved(event: Acted[SectionForm], ctx: Context) -> Effects:
    """Save a part of a playbook in its draft, together with what others have saved meanwhile."""
    form = event.form
    row, section = row_for(ctx, event), BY_NAME.get(form.section)
    base = opened_with(ctx, row, number(form.revision))
    if section is None or base is None:
        raise ctx.refused("editor", "too_old")
    done = edited(base, section, moved(section, form.values, form.do))
    if done.book is None or form.do == "patch":
        yield Correct(error=ctx.say("editor", count=len(done.mistakes))["mistaken"] if done.mistakes else "")
        return
    prefer = _PREFER.get(form.do, "")
    was = row.revision
    try:
        saved = save_draft(ctx, row, done.book, number(form.revision), event.asker, prefer)
    except Clashing:
        yield Correct(error=ctx.say("editor", title=row.title)["clashing"])
        return
    if form.do != "auto":
        block = "merged" if saved.is_merged else "saved" if row.revision != was else "as_before"
        yield ctx.answer("editor", block)


def published(event: Acted[PublishForm], ctx: Context) -> Effects:
    """Publish the draft as it was looked at, with a line of what changed."""
    form, row = event.form, row_for(ctx, event)
    if row.revision != number(form.revision):
        raise ctx.refused("editor", "changed_since_looked")
    with at_field("words"):
        done = publish_draft(ctx, row, form.words, event.asker)
    said = ctx.say("editor", version=done.stored.version, title=shorten(row.title, 100), what=done.stored.what)
    yield Answer(content=Content(said["published"]), page=f"/playbooks/{row.key}")


def restored(event: Acted[VersionForm], ctx: Context) -> Effects:
    """Have an old version in use again."""
    row = row_for(ctx, event)
    done = restore_version(ctx, row, number(event.form.version), event.asker)
    said = ctx.say("editor", version=done.stored.version, before=number(event.form.version), title=row.title)
    yield Answer(content=Content(said["restored"]), page=f"/playbooks/{row.key}/history")


def dropped(event: Acted[BookForm], ctx: Context) -> Effects:
    """Drop a draft."""
    row = row_for(ctx, event)
    drop_draft(ctx, row, event.asker)
    said = ctx.say("editor", title=row.title, version=row.version)["dropped"]
    yield Answer(content=Content(said), page=f"/playbooks/{row.key}/edit")


def duplicated(event: Acted[CopyForm], ctx: Context) -> Effects:
    """Make a playbook that says the same, and go on in the editor."""
    done = duplicate_playbook(ctx, row_for(ctx, event), event.form.title, event.asker)
    said = ctx.say("editor", title=done.book.title)["created"]
    yield Answer(content=Content(said), page=f"/playbooks/{done.row.key}/edit")


def archived(event: Acted[BookForm], ctx: Context) -> Effects:
    """Take a playbook out of use."""
    row = row_for(ctx, event)
    archive(ctx, row, event.asker)
    yield ctx.answer("editor", "archived", title=row.title)


def unarchived(event: Acted[BookForm], ctx: Context) -> Effects:
    """Have an archived playbook in use again."""
    row = row_for(ctx, event)
    unarchive(ctx, row, event.asker)
    yield ctx.answer("editor", "unarchived", title=row.title)


def _is_of(section: Section | None, name: str) -> bool:
    """Return whether a part of a playbook has a field, or a list with fields, of that name."""
    if section is None:
        return False
    lists = [one for each in section.lists for one in (each, each.inside) if one is not None]
    starts = {ADDED, *(one.path for one in section.fields), *(one.name for one in lists)}
    return any(name == start or name.startswith(f"{start}.") for start in starts)


def row_for(ctx: Context, event: Acted[Any]) -> PlaybookRow:
    """Return a playbook that somebody may look at. Raises `Refused`."""
    row = ctx.store.playbook_by_key(event.form.key)
    if row is None:
        raise ctx.refused("playbook", "gone")
    require_see(ctx, event.asker, row)
    return row
