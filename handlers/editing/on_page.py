"""What is done on the pages of the editor: playbooks are made, their parts saved, and drafts published."""

from collections.abc import Mapping
from typing import Annotated, Self

from handlers.context import Context
from handlers.editor.edited import Edited, edited
from handlers.editor.fields import BY_NAME, Section
from handlers.editor.moves import moved
from handlers.editor.reading import ADDED, Values, read
from handlers.editor.starters import starter_called
from handlers.effects import Answer, Content, Correct, Effects
from handlers.events import Acted
from handlers.forms import Filled, Line, Text, at_field
from handlers.operations.edit_playbook import create_playbook, drafted, publish_draft, save_draft
from handlers.playbooks.playbook import Playbook
from handlers.rules import permissions
from handlers.text.numbers import number
from handlers.text.words import shorten
from store import PlaybookRow

LIST_LIMIT = 100_000
"""How many characters of a list are taken at once."""
OWN = ("key", "section", "base", "do")
"""The fields of a part's form besides those of the part."""


class CreateForm(Filled, frozen=True):
    """A new playbook: its title, and what its tasks are, as a list; or a starter that it begins as."""

    title: Annotated[str, Line(200)] = ""
    tasks: Annotated[str, Text(LIST_LIMIT)] = ""
    starter: Annotated[str, Line(80)] = ""


class SectionForm(Filled, frozen=True):
    """A part of a playbook; `base` tells what it was when the form was made.

    `do` is "save", "auto" as the page itself does while somebody writes, "patch", or what is moved or removed.
    """

    key: Annotated[str, Line(80)] = ""
    section: Annotated[str, Line(40)] = ""
    base: str = ""
    do: Annotated[str, Line(80)] = "save"
    values: dict[str, str] = {}

    @classmethod
    def read(cls, values: Mapping[str, str | bool]) -> Self:
        said = {name: str(one) for name, one in values.items()}
        return cls(**{name: said.pop(name, "") for name in OWN}, values=said)

    @classmethod
    def limits(cls) -> dict[str, int]:
        return {}

    @classmethod
    def worth_keeping(cls, values: Mapping[str, str]) -> dict[str, str]:
        return dict(values)


class PublishForm(Filled, frozen=True):
    """*Publish*; `words` say what has changed."""

    key: Annotated[str, Line(80)] = ""
    revision: Annotated[str, Line(10)] = ""
    words: Annotated[str, Line(200)] = ""


def created(event: Acted[CreateForm], ctx: Context) -> Effects:
    """Make a playbook, as a draft that nobody can start yet, and go on in the editor."""
    form = event.form
    if not form.title:
        yield Correct(errors={"title": ctx.say("editor")["title_missing"]})
        return
    starter = starter_called(form.starter)
    book = starter.book if starter is not None else Playbook(title=form.title)
    section = BY_NAME["tasks"]
    if form.tasks.strip():
        lists = read(section, {ADDED: form.tasks}, {})
        book = Playbook.model_validate(book.definition() | lists)
    book = Playbook.model_validate(book.definition() | {"title": form.title, "key": ""})
    done = create_playbook(ctx, book, event.asker)
    said = ctx.say("editor", title=book.title)["created"]
    yield Answer(content=Content(said), page=f"/playbooks/{done.row.key}/edit")


def saved(event: Acted[SectionForm], ctx: Context) -> Effects:
    """Save a part of a playbook in its draft, together with what others have saved meanwhile."""
    form = event.form
    row, section = row_for(ctx, event), BY_NAME.get(form.section)
    if section is None:
        raise ctx.refused("playbook", "gone")
    done = edited_by(ctx, row, section, form.values, form.base, form.do)
    if done.book is None or done.clashes or form.do == "patch":
        yield Correct(error=_why_not(ctx, done))
        return
    if done.is_changed:
        draft = ctx.store.draft(row.id)
        save_draft(ctx, row, done.book, draft.revision if draft is not None else 0, event.asker)
    if form.do == "save":
        yield ctx.answer("editor", "saved" if done.is_changed else "as_before")


def edited_by(ctx: Context, row: PlaybookRow, section: Section, values: Values, base: str, do: str) -> Edited:
    """Return what becomes of a playbook's draft by a form, and by the button that sent it."""
    return edited(drafted(ctx, row), section, moved(section, values, do), base)


def _why_not(ctx: Context, done: Edited) -> str:
    said = ctx.say("editor", count=len(done.mistakes) + len(done.clashes))
    return said["clashing"] if done.clashes else said["mistaken"] if done.mistakes else ""


def published(event: Acted[PublishForm], ctx: Context) -> Effects:
    """Publish the draft as it was looked at, with a line of what changed."""
    form, row = event.form, row_for(ctx, event)
    draft = ctx.store.draft(row.id)
    if draft is not None and draft.revision != number(form.revision):
        raise ctx.refused("editor", "changed_since_looked")
    with at_field("words"):
        done = publish_draft(ctx, row, form.words, event.asker)
    said = ctx.say("editor", version=done.version, title=shorten(row.title, 100), what=done.what)["published"]
    yield Answer(content=Content(said), page=f"/playbooks/{row.key}")


def row_for(ctx: Context, event: Acted[SectionForm] | Acted[PublishForm]) -> PlaybookRow:
    """Return a playbook that somebody may look at. Raises `Refused`."""
    row = ctx.store.playbook_by_key(event.form.key)
    if row is None or not permissions.may_use(event.asker, drafted(ctx, row)):
        raise ctx.refused("playbook", "gone")
    return row
