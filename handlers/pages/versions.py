"""The pages of a playbook's versions: what publishing its draft would change, and what each version has changed."""

from dataclasses import dataclass
from datetime import datetime

from handlers.context import Context
from handlers.pages.asked import Asked, NotThere
from handlers.pages.books import books_of
from handlers.pages.editor import Standing, book_for, standing
from handlers.playbooks.differences import Difference, differences
from handlers.playbooks.playbook import Playbook, playbook_of
from handlers.rules.run_request import stored
from store import PlaybookRow

SHOWN = 100
"""How many versions the page shows, the newest ones."""


@dataclass(frozen=True, slots=True)
class DraftPage:
    """What publishing would do; `taken` are playbooks in use that are offered by the same keywords."""

    stands: Standing
    book: Playbook
    changes: tuple[Difference, ...]
    taken: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version: what changed, by whom and when; `who` is empty of one that was read from a file."""

    number: int
    words: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """The versions of a playbook, the newest first."""

    stands: Standing
    versions: tuple[VersionLine, ...]


@dataclass(frozen=True, slots=True)
class VersionPage:
    """One version, what it has changed, and how what is in use now differs from it."""

    stands: Standing
    version: VersionLine
    is_first: bool
    book: Playbook
    changes: tuple[Difference, ...]
    since: tuple[Difference, ...]


def draft_page(ctx: Context, asked: Asked) -> DraftPage:
    """Return what publishing would do."""
    row, book = book_for(ctx, asked)
    changes = differences(stored(ctx, row), book) if row.version else ()
    return DraftPage(standing(ctx, asked, row, book), book, changes, _taken(ctx, asked, row, book))


def history_page(ctx: Context, asked: Asked) -> HistoryPage:
    """Return the versions of a playbook."""
    row, book = book_for(ctx, asked)
    lines = (_line(ctx, row, one.version) for one in ctx.store.versions_of(row.id, SHOWN))
    return HistoryPage(standing(ctx, asked, row, book), tuple(lines))


def version_page(ctx: Context, asked: Asked) -> VersionPage:
    """Return one version. Raises `NotThere` where there is none of that number."""
    row, book = book_for(ctx, asked)
    number = asked.number("version")
    line, said = _line(ctx, row, number), _said(ctx, row, number)
    before = ctx.store.version_of(row.id, number - 1)
    return VersionPage(
        stands=standing(ctx, asked, row, book),
        version=line,
        is_first=before is None,
        book=said,
        changes=differences(playbook_of(before.definition), said) if before is not None else (),
        since=differences(said, stored(ctx, row)) if number != row.version else (),
    )


def _said(ctx: Context, row: PlaybookRow, number: int) -> Playbook:
    found = ctx.store.version_of(row.id, number)
    if found is None:
        raise NotThere
    return playbook_of(found.definition)


def _line(ctx: Context, row: PlaybookRow, number: int) -> VersionLine:
    found = ctx.store.version_of(row.id, number)
    if found is None:
        raise NotThere
    return VersionLine(number, found.words, ctx.username(found.by) if found.by else "", found.created_at)


def _taken(ctx: Context, asked: Asked, row: PlaybookRow, book: Playbook) -> tuple[tuple[str, str], ...]:
    """Return which keywords others have, too, with the title of one of these; empty where that is not for who asks."""
    shown = books_of(ctx, asked.asker)
    said = {word.casefold(): word for word in book.keywords}
    others = (one for one in ctx.store.playbooks() if one.id != row.id and _meets(one.teams, book.teams))
    found = {
        said[word.casefold()]: one.title if one.id in shown else ""
        for one in others
        for word in one.keywords
        if word.casefold() in said
    }
    return tuple(found.items())


def _meets(teams: list[str], others: tuple[str, ...]) -> bool:
    return not teams or not others or not set(teams).isdisjoint(others)
