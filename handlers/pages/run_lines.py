"""What a list says of each run."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from handlers.context import Context
from handlers.events import Person
from handlers.pages.books import is_for
from store import PlaybookRow
from store.queries.run_list import Listed, progress_of


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run in the list; `lasted` is so far where it is in progress, `playbook` empty for a checklist without one."""

    number: int
    name: str
    playbook: str
    playbook_key: str
    team: str
    state: str
    owner: str
    done: int
    total: int
    started_at: datetime
    lasted: timedelta
    update_due_at: datetime | None
    is_late: bool


def lines_of(ctx: Context, rows: Sequence[Listed], asker: Person) -> list[RunLine]:
    """Return what a list says of runs to who asks; the key of a playbook is empty that is not theirs to look at."""
    progress = progress_of(ctx.store, [row.id for row in rows])
    books = ctx.store.playbooks_by_id({row.playbook_id for row in rows if row.playbook_id is not None})
    theirs = {one.playbook_id for one in ctx.store.newest_of(list(books)) if is_for(ctx, asker, one.definition)}
    ctx.store.people(row.owner_id for row in rows)
    lines = [_line(ctx, row, books.get(row.playbook_id or 0), progress.get(row.id, (0, 0))) for row in rows]
    return [
        line if row.playbook_id in theirs else replace(line, playbook_key="")
        for row, line in zip(rows, lines, strict=True)
    ]


def _line(ctx: Context, row: Listed, book: PlaybookRow | None, progress: tuple[int, int]) -> RunLine:
    team, is_active = ctx.store.team(row.team_id) if row.team_id else None, row.state != "finished"
    return RunLine(
        number=row.id,
        name=row.name,
        playbook=book.title if book else "",
        playbook_key=book.key if book else "",
        team=team.title or team.name if team else "",
        state=row.state,
        owner=ctx.username(row.owner_id),
        done=progress[0],
        total=progress[1],
        started_at=row.created_at,
        lasted=(row.finished_at or ctx.now) - row.created_at,
        update_due_at=row.update_due_at if is_active else None,
        is_late=is_active and row.update_due_at is not None and row.update_due_at <= ctx.now,
    )
