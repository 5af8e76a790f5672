"""The pages of the editor: all parts of a playbook as its draft has them, and one of them to be filled in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from handlers.context import Context
from handlers.editor.edited import Edited, edited, unedited
from handlers.editor.fields import BY_NAME, SECTIONS, Section
from handlers.editor.merging import Clash
from handlers.editor.moves import moved
from handlers.editor.writing import written
from handlers.operations.edit_playbook import drafted
from handlers.pages.asked import Asked, NotThere
from handlers.pages.books import book_to_edit, teams_of
from handlers.playbooks.edit_text import NotEditable
from handlers.playbooks.patch import patch
from handlers.playbooks.playbook import Playbook
from handlers.playbooks.write_yaml import written as as_yaml
from handlers.rules.playbook_rights import may_edit
from store import Flash, PlaybookDraft, PlaybookRow

Mode = Literal["edit", "file", "look"]
"""Whether who looks may change a playbook here, in its file alone, or not at all."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a playbook stands that is edited: `version` 0 is one that was never published; `path` is that of its file."""

    key: str
    title: str
    version: int
    mode: Mode
    path: str
    admins: tuple[str, ...]
    is_archived: bool
    revision: int
    saved_by: str
    saved_at: datetime | None

    @property
    def has_draft(self) -> bool:
        return self.revision > 0


@dataclass(frozen=True, slots=True)
class EditPage:
    """All parts of a playbook."""

    stands: Standing
    book: Playbook
    sections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SectionPage:
    """A part of a playbook: its fields, what is wrong with them, and what others have made of the same.

    `items` are the entries of each list by their ids, `base` is carried by the form. `theirs` are the words of others
    by the name of the field. `known` are what the playbook has that fields can name.
    """

    stands: Standing
    section: str
    before: str
    behind: str
    book: Playbook
    values: dict[str, str]
    items: dict[str, tuple[str, ...]]
    errors: dict[str, str]
    theirs: dict[str, str]
    base: str
    patch: str
    known: dict[str, tuple[str, ...]]


def edit_page(ctx: Context, asked: Asked) -> EditPage:
    """Return all parts of a playbook as its draft has them."""
    row, book = book_for(ctx, asked)
    return EditPage(standing(ctx, asked, row, book), book, tuple(one.name for one in SECTIONS))


def section_page(ctx: Context, asked: Asked) -> SectionPage:
    """Return one part, as it was sent just now where something was wrong with that."""
    row, book = book_for(ctx, asked)
    section = BY_NAME.get(asked.path.get("section", ""))
    if section is None:
        raise NotThere
    sent = next((one for one in reversed(asked.told) if _is_about(one, row, section)), None)
    done = _sent(book, section, sent.values) if sent is not None else unedited(book, section)
    names = [one.name for one in SECTIONS]
    at = names.index(section.name)
    stands = standing(ctx, asked, row, book)
    is_patch = sent is not None and sent.values.get("do") == "patch"
    return SectionPage(
        stands=stands,
        section=section.name,
        before=names[at - 1] if at else "",
        behind=names[at + 1] if at + 1 < len(names) else "",
        book=book,
        values=done.form.values,
        items=done.form.items,
        errors=dict(_joined(done.errors())),
        theirs=dict(_theirs(done)),
        base=done.base,
        patch=_patch(ctx, row, book, done) if is_patch else "",
        known=_known(ctx, asked, done.book or book),
    )


def book_for(ctx: Context, asked: Asked) -> tuple[PlaybookRow, Playbook]:
    """Return a playbook and what its draft says. Raises `NotThere` where it is not for who asks."""
    row = book_to_edit(ctx, asked.asker, asked.path.get("key", "").casefold())
    if row is None:
        raise NotThere
    return row, drafted(ctx, row)


def standing(ctx: Context, asked: Asked, row: PlaybookRow, book: Playbook) -> Standing:
    """Return how a playbook stands, for who asks."""
    draft: PlaybookDraft | None = ctx.store.draft(row.id)
    mode: Mode = "look" if not may_edit(asked.asker, book) else "edit" if row.is_made_here else "file"
    return Standing(
        key=row.key,
        title=book.title,
        version=row.version,
        mode=mode,
        path="" if row.is_made_here else row.source.partition(":")[2],
        admins=book.admins,
        is_archived=row.archived_at is not None,
        revision=draft.revision if draft is not None else 0,
        saved_by=ctx.username(draft.by) if draft is not None else "",
        saved_at=draft.at if draft is not None else None,
    )


def _is_about(one: Flash, row: PlaybookRow, section: Section) -> bool:
    said = one.values
    return one.action == "book.save" and (said.get("key"), said.get("section")) == (row.key, section.name)


def _sent(book: Playbook, section: Section, sent: dict[str, str]) -> Edited:
    values = {name: one for name, one in sent.items() if name not in ("key", "section", "base", "do")}
    return edited(book, section, moved(section, values, sent.get("do", "")), sent.get("base", ""))


def _joined(errors: Iterator[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong at each field, together."""
    found: dict[str, list[str]] = {}
    for name, words in errors:
        found.setdefault(name, []).append(words)
    yield from ((name, " ".join(f"{one[:1].upper()}{one[1:]}." for one in words)) for name, words in found.items())


def _theirs(done: Edited) -> Iterator[tuple[str, str]]:
    """Yield what others have saved where both have changed the same, by the name of the field."""
    for clash in done.clashes:
        yield done.name_of(clash.path), _in_words(done.section, clash)


def _in_words(section: Section, clash: Clash) -> str:
    """Return what somebody else has made of something, as it would stand in its field; empty where it is out."""
    data: Any = clash.theirs
    for step in reversed(clash.path):
        data = [data] if isinstance(step, int) else {step: data}
    if not isinstance(data, dict) or clash.theirs is None:
        return ""
    said = written(section, data).values
    return "\n".join(value for name, value in said.items() if value and not name.endswith(".kept"))


def _patch(ctx: Context, row: PlaybookRow, book: Playbook, done: Edited) -> str:
    """Return the difference that what was filled in makes in the playbook's file; of one that cannot be, all of it."""
    if done.book is None or not done.is_changed:
        return ""
    before, path = ctx.store.playbook_text(row), row.source.partition(":")[2]
    try:
        return patch(before, rewritten(before, done.book), path)  # noqa: F821
    except NotEditable:
        return as_yaml(done.book)


def _known(ctx: Context, asked: Asked, book: Playbook) -> dict[str, tuple[str, ...]]:
    names: dict[str, Sequence[str]] = {
        "tasks": tuple(dict.fromkeys(book.task_titles)),
        "attributes": [one.name for one in book.attributes],
        "people": [one.name for one in book.attributes if one.type == "person"],
        "roles": ["owner", "creator", *(one.name for one in book.roles)],
        "webhooks": [one.name for one in book.webhooks],
        "books": [one.key for one in ctx.store.playbooks()],
        "teams": [one.name for one in teams_of(ctx, asked.asker)],
    }
    return {name: tuple(found) for name, found in names.items()}
