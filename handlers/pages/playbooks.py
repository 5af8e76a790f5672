"""The pages of playbooks: those that somebody may look at, and what one of them holds with its runs."""

from dataclasses import dataclass

from handlers.context import Context
from handlers.pages.asked import Asked, NotThere
from handlers.pages.books import book_called, books_of
from handlers.pages.editor import Mode, standing
from handlers.pages.run_lines import RunLine, lines_of
from handlers.playbooks.playbook import Playbook, playbook_of
from handlers.rules.drafts import drafted
from handlers.rules.held import held_of, mark_of
from handlers.rules.playbook_rights import is_admin_of, may_edit
from handlers.rules.sight import viewer_of
from store import PlaybookRow
from store.queries.run_list import COUNTED, Wanted, count_runs, listed_runs
from store.queries.visible import visible_to

LATEST = 10
"""How many of its runs the page of a playbook shows."""


@dataclass(frozen=True, slots=True)
class BookLine:
    """A playbook in the list."""

    key: str
    title: str
    description: str
    keywords: tuple[str, ...]
    tasks: int


@dataclass(frozen=True, slots=True)
class BooksPage:
    """The list; `drafts` are playbooks that were never published, with what they are called."""

    books: tuple[BookLine, ...]
    drafts: tuple[tuple[str, str], ...] = ()
    may_make: bool = False


@dataclass(frozen=True, slots=True)
class BookPage:
    """One playbook as it is now, with its latest runs of all that who looks may see.

    `held` are commands and addresses that are off until somebody confirms them, `mark` says which these are.
    """

    key: str
    version: int
    is_archived: bool
    book: Playbook
    runs: tuple[RunLine, ...]
    count: int
    active: int
    mode: Mode
    has_draft: bool
    held: tuple[str, ...] = ()
    mark: str = ""
    may_confirm: bool = False

    @property
    def is_more(self) -> bool:
        return self.count >= COUNTED


def books_page(ctx: Context, asked: Asked) -> BooksPage:
    """Return the playbooks in use that who asks may look at."""
    rows = books_of(ctx, asked.asker)
    books = {one.playbook_id: playbook_of(one.definition) for one in ctx.store.newest_of(rows)}
    unpublished = [row for row in ctx.store.all_playbooks() if not row.version and row.archived_at is None]
    drafts = (
        (row.key, book) for row in unpublished for book in [drafted(ctx, row)] if may_edit(ctx, asked.asker, book)
    )
    return BooksPage(
        books=tuple(_line(row, books[row.id]) for row in rows.values()),
        drafts=tuple((key, book.title) for key, book in drafts),
        may_make=not asked.asker.is_guest or asked.asker.is_admin,
    )


def book_page(ctx: Context, asked: Asked) -> BookPage:
    """Return a playbook. Raises `NotThere` where there is none, or it is not for who asks."""
    row = book_called(ctx, asked.asker, asked.path.get("key", "").casefold())
    if row is None:
        raise NotThere
    visible = visible_to(ctx.store, viewer_of(ctx, asked.asker))
    every = Wanted(now=ctx.now, playbook_id=row.id)
    going = Wanted(now=ctx.now, playbook_id=row.id, goes_on=True)
    book = playbook_of(ctx.store.playbook_version(row).definition)
    stands = standing(ctx, asked, row, book)
    return BookPage(
        key=row.key,
        version=row.version,
        is_archived=row.archived_at is not None,
        book=book,
        runs=tuple(lines_of(ctx, listed_runs(ctx.store, visible, every, 0, LATEST), asked.asker)),
        count=count_runs(ctx.store, visible, every),
        active=count_runs(ctx.store, visible, going),
        mode=stands.mode,
        has_draft=stands.has_draft,
        held=held_of(row, book),
        mark=mark_of(row, book),
        may_confirm=is_admin_of(ctx, asked.asker, book) and (asked.asker.is_admin or row.held != ["commands"]),
    )


def _line(row: PlaybookRow, book: Playbook) -> BookLine:
    tasks = sum(len(one.tasks) for one in book.checklists)
    return BookLine(row.key, book.title, book.description, book.keywords, tasks)
