"""The pages of the editor: all parts of a playbook as its draft has them, and one of them to be filled in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from handlers.context import Context
from handlers.editor.condition_text import condition_written
from handlers.editor.edited import Edited, edited, unedited
from handlers.editor.fields import BY_NAME, SECTIONS, Section
from handlers.editor.moves import moved
from handlers.pages.asked import Asked, NotThere
from handlers.pages.books import book_to_edit, books_of, teams_of
from handlers.playbooks.edit_text import NotEditable, rewritten
from handlers.playbooks.merge import Clash, merged
from handlers.playbooks.patch import patch
from handlers.playbooks.playbook import Playbook
from handlers.playbooks.write_yaml import written as as_yaml
from handlers.rules.drafts import drafted, opened_with, ruling
from handlers.rules.playbook_rights import is_admin_of, may_edit, path_of
from handlers.rules.run_request import stored
from handlers.text.numbers import number
from store import Flash, PlaybookRow

Mode = Literal["edit", "file", "look"]
"""Whether who looks may change a playbook here, in its file alone, or not at all."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a playbook stands that is edited: `version` 0 is one that was never published; `path` is that of its file.

    `looks_after` tells whether who looks is an admin of it; `revision` is what its forms were made at.
    """

    key: str
    title: str
    version: int
    mode: Mode
    path: str
    admins: tuple[str, ...]
    looks_after: bool
    is_archived: bool
    revision: int
    has_draft: bool
    saved_by: str
    saved_at: datetime | None


@dataclass(frozen=True, slots=True)
class EditPage:
    """All parts of a playbook."""

    stands: Standing
    book: Playbook
    sections: tuple[str, ...]
    may_make: bool


@dataclass(frozen=True, slots=True)
class SectionPage:
    """A part of a playbook: its fields, what is wrong with them, and where others have changed the same.

    `items` are the entries of each list by their ids. `revision` is what the form was made at. `known` are what the
    playbook has that fields can name.
    """

    stands: Standing
    section: str
    before: str
    behind: str
    book: Playbook
    values: dict[str, str]
    items: dict[str, tuple[str, ...]]
    errors: dict[str, str]
    clashes: tuple[Clash, ...]
    revision: int
    patch: str
    known: dict[str, tuple[str, ...]]


def edit_page(ctx: Context, asked: Asked) -> EditPage:
    """Return all parts of a playbook as its draft has them."""
    row, book = book_for(ctx, asked)
    may_make = not asked.asker.is_guest or asked.asker.is_admin
    return EditPage(standing(ctx, asked, row, book), book, tuple(one.name for one in SECTIONS), may_make)


def section_page(ctx: Context, asked: Asked) -> SectionPage:
    """Return one part, as it was sent just now where it could not be saved."""
    row, book = book_for(ctx, asked)
    section = BY_NAME.get(asked.path.get("section", ""))
    if section is None:
        raise NotThere
    sent = next((one.values for one in reversed(asked.told) if _is_about(one, row, section)), {})
    revision = number(sent.get("revision", "")) if sent else row.revision
    base = (opened_with(ctx, row, revision) if sent else None) or book
    done = (
        edited(base, section, moved(section, fields_of(sent), sent.get("do", ""))) if sent else unedited(book, section)
    )
    names = [one.name for one in SECTIONS]
    at = names.index(section.name)
    return SectionPage(
        stands=standing(ctx, asked, row, book),
        section=section.name,
        before=names[at - 1] if at else "",
        behind=names[at + 1] if at + 1 < len(names) else "",
        book=book,
        values=done.form.values,
        items=done.form.items,
        errors=dict(_joined(done.errors())),
        clashes=merged(base, done.book, book).clashes if done.book is not None else (),
        revision=revision,
        patch=_patch(ctx, row, book, done) if sent.get("do") == "patch" else "",
        known=_known(ctx, asked, done.book or book),
    )


def book_for(ctx: Context, asked: Asked) -> tuple[PlaybookRow, Playbook]:
    """Return a playbook and what its draft says; to others what is in use. Raises `NotThere` where it is not theirs."""
    row = book_to_edit(ctx, asked.asker, asked.path.get("key", "").casefold())
    if row is None:
        raise NotThere
    if may_edit(ctx, asked.asker, ruling(ctx, row)):
        return row, drafted(ctx, row)
    if not row.version:
        raise NotThere
    return row, stored(ctx, row)


def standing(ctx: Context, asked: Asked, row: PlaybookRow, book: Playbook) -> Standing:
    """Return how a playbook stands, for who asks."""
    rules = ruling(ctx, row)
    mode: Mode = "look" if not may_edit(ctx, asked.asker, rules) else "edit" if row.is_made_here else "file"
    draft = ctx.store.draft(row.id) if mode != "look" else None
    return Standing(
        key=row.key,
        title=book.title,
        version=row.version,
        mode=mode,
        path="" if row.is_made_here else path_of(row),
        admins=rules.admins,
        looks_after=is_admin_of(ctx, asked.asker, rules),
        is_archived=row.archived_at is not None,
        revision=row.revision,
        has_draft=draft is not None,
        saved_by=ctx.username(draft.by) if draft is not None else "",
        saved_at=draft.at if draft is not None else None,
    )


def fields_of(sent: dict[str, str]) -> dict[str, str]:
    """Return the fields of a part among what was sent."""
    return {name: one for name, one in sent.items() if name not in ("key", "section", "revision", "do")}


def _is_about(one: Flash, row: PlaybookRow, section: Section) -> bool:
    said = one.values
    return one.action == "book.save" and (said.get("key"), said.get("section")) == (row.key, section.name)


def _joined(errors: Iterator[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong at each field, together."""
    found: dict[str, list[str]] = {}
    for name, sentence in errors:
        found.setdefault(name, []).append(sentence)
    yield from ((name, " ".join(sentences)) for name, sentences in found.items())


def _patch(ctx: Context, row: PlaybookRow, book: Playbook, done: Edited) -> str:
    """Return the difference that what was filled in makes in the playbook's file; of one that cannot be, all of it."""
    if done.book is None or done.book == book:
        return ""
    before = ctx.store.playbook_text(row)
    try:
        return patch(before, rewritten(before, done.book), path_of(row))
    except NotEditable:
        return patch(before, as_yaml(done.book), path_of(row))


def _known(ctx: Context, asked: Asked, book: Playbook) -> dict[str, tuple[str, ...]]:
    names: dict[str, Sequence[str]] = {
        "tasks": tuple(dict.fromkeys(book.task_titles)),
        "attributes": [one.name for one in book.attributes],
        "conditions": [
            condition_written({"attribute": one.name, "is": [choice]})
            for one in book.attributes
            for choice in one.choices
        ],
        "people": [one.name for one in book.attributes if one.type == "person"],
        "roles": ["owner", "creator", *(one.name for one in book.roles)],
        "webhooks": [one.name for one in book.webhooks],
        "books": [one.key for one in books_of(ctx, asked.asker).values()],
        "teams": [one.name for one in teams_of(ctx, asked.asker)],
    }
    return {name: tuple(found) for name, found in names.items()}
