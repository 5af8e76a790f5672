"""What is done to a whole checklist, and what its title may be, however that is asked for."""

from collections.abc import Callable, Mapping, Sequence

from handlers.context import Context
from handlers.effects import Refuse
from handlers.rules import ordering
from handlers.rules.progress import progress
from handlers.text.words import Safe, escape
from store import Checklist, ListVerb, Run, Task

MOST = 100
"""How many checklists a run has at most."""


def wrong(ctx: Context, run: Run, title: str, tasks: Sequence[str] | None = None) -> Refuse | None:
    """Return what is wrong with a title, and with `tasks` that a new checklist is to have; None if nothing is."""
    longest = max((title, *(tasks or ())), key=len)
    said = ctx.say("tasks", limit=ordering.TITLE_LIMIT, count=len(longest), verb=Safe("checklist add"))
    if not title:
        return Refuse(title=said["title_title"], text=said["title_how"])
    if len(longest) > ordering.TITLE_LIMIT:
        return Refuse(title=said["title_title"], text=said["too_long"])
    return None if tasks is None else too_many(ctx, run, len(tasks))


def too_many(ctx: Context, run: Run, more: int) -> Refuse | None:
    """Say that a run cannot have one checklist more, with so many tasks; None if it can."""
    standing = progress(ctx, run)
    if len(standing.tasks) + more <= ordering.MOST_TASKS and len(standing.checklists) < MOST:
        return None
    said = ctx.say("tasks", limit=ordering.MOST_TASKS)
    return Refuse(title=said["too_many_title"], text=said["too_many"])


def what(row: Checklist) -> Safe:
    """Call a checklist by its number and title."""
    return Safe(f"**{row.position}** {escape(row.title)}")


def _remove(ctx: Context, run: Run, row: Checklist, tasks: Sequence[Task], by: str) -> None:
    row.removed_at = ctx.now


def _duplicate(ctx: Context, run: Run, row: Checklist, tasks: Sequence[Task], by: str) -> None:
    again = ordering.add_checklist(ctx, run, row.title)
    for task in tasks:
        ordering.copy(ctx, task, again)
    ordering.move_checklist(ctx, run, again, row.position + 1)


def _skip(ctx: Context, run: Run, row: Checklist, tasks: Sequence[Task], by: str) -> None:
    for task in tasks:
        if task.is_open:
            task.turn("skipped", by, ctx.now)


def _restore(ctx: Context, run: Run, row: Checklist, tasks: Sequence[Task], by: str) -> None:
    for task in tasks:
        if task.state == "skipped":
            task.turn("open", by, ctx.now)


DO: Mapping[ListVerb, Callable[[Context, Run, Checklist, Sequence[Task], str], None]] = {
    "skip": _skip,
    "restore": _restore,
    "duplicate": _duplicate,
    "remove": _remove,
}
"""What can be done to a checklist and all of its tasks, by the word of the command."""


def verb_of(word: str) -> ListVerb | None:
    """Return what a word says is done to a checklist, None where it says nothing like that."""
    return next((one for one in DO if one == word), None)
