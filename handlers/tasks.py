"""Changing what a run's tasks are, by command: add, edit, remove, move and duplicate."""

import re
from collections.abc import Iterator, Sequence

from handlers import arranging, pointing
from handlers.context import Context
from handlers.effects import Answer, Ask, Effect, Refuse
from handlers.events import CommandGiven
from handlers.journal import Record
from handlers.task_values import DESCRIPTION_LIMIT
from handlers.views.progress import Numbered, Progress, progress
from handlers.views.task_form import new_task_dialog, task_dialog
from handlers.views.undo import answered
from handlers.words import one_line
from handlers.working import follow, operation
from store import Checklist, Run

_PART = re.compile(r"(description|command):", re.IGNORECASE)
_NOTHING = ("none", "-")
_LEADING = re.compile(r"#?([0-9]{1,4})(?:\s+(.*))?", re.DOTALL)


def add(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    """`add [checklist] Title`; without a title by dialog, where one can be opened."""
    standing = progress(ctx, run)
    row, title = _place(standing, words)
    if not title and event.trigger_id:
        yield Ask(dialog=new_task_dialog(ctx, run, standing, row, event.asker))
    elif (refused := _refused(ctx, standing, title, "add")) is not None:
        yield refused
    else:
        with operation(ctx, run, event.asker.id, "add", title) as record:
            row = row or arranging.add_checklist(ctx, run, ctx.say("tasks")["first_checklist"])
            task = arranging.add(ctx, run, row, title)
        yield from _told(event, run, [task.id or 0], "added", record, ctx)


def edit(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    """`edit 2.3 New title`, `edit 2.3 description: words`; without words by dialog, where one can be opened."""
    standing = progress(ctx, run)
    found = pointing.leading(ctx, standing, words, "edit")
    if isinstance(found, Refuse):
        yield found
        return
    tasks, title = found[0], one_line(found[1])
    if len(tasks) > 1:
        yield _only_one(ctx, "edit")
    elif (part := _PART.match(found[1])) is not None:
        yield from _rewrite(event, run, tasks, part[1].casefold(), found[1][part.end() :].strip(), ctx)
    elif not title and event.trigger_id:
        yield Ask(dialog=task_dialog(ctx, run, tasks[0], event.asker))
    elif (refused := _refused(ctx, None, title, f"edit {tasks[0].number}")) is not None:
        yield refused
    else:
        ids = pointing.ids(tasks)
        with operation(ctx, run, event.asker.id, "edit", pointing.label(tasks), ids) as record:
            tasks[0].task.title = title
        yield from _told(event, run, ids, "edited", record, ctx)


def _rewrite(
    event: CommandGiven, run: Run, tasks: Sequence[Numbered], part: str, words: str, ctx: Context
) -> Iterator[Effect]:
    """Give a task another description or command, or none."""
    words = "" if words.casefold() in _NOTHING else words
    if part == "command" and words and not words.startswith("/"):
        said = ctx.say("task")
        yield Refuse(title=said["command"], text=said["command_help"])
        return
    if len(words) > DESCRIPTION_LIMIT:
        said = ctx.say("tasks", limit=DESCRIPTION_LIMIT, count=len(words))
        yield Refuse(title=said["words_title"], text=said["words_long"])
        return
    task, ids = tasks[0].task, pointing.ids(tasks)
    with operation(ctx, run, event.asker.id, "edit", pointing.label(tasks), ids) as record:
        if part == "description":
            task.description = words
        elif one_line(words) != task.command:
            task.command, task.ran_by, task.ran_at = one_line(words), "", None
    yield from follow(ctx, run, record, event.asker.id)
    said = ctx.say("tasks", what=pointing.what(tasks), count=1)
    block = (f"new_{part}" if words else f"no_{part}") if record.change else "unchanged"
    yield Answer(content=answered(ctx, said[block], record))


def remove(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    """`remove 2.3`, of one task or several."""
    found = pointing.tasks(ctx, progress(ctx, run), words, "remove")
    if isinstance(found, Refuse):
        yield found
        return
    said = ctx.say("tasks", what=pointing.what(found), count=len(found))["removed"]
    with operation(ctx, run, event.asker.id, "remove", pointing.label(found), pointing.ids(found)) as record:
        for one in found:
            one.task.removed_at = ctx.now
    yield from follow(ctx, run, record, event.asker.id)
    yield Answer(content=answered(ctx, said, record))


def move(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    """`move 2.3 to 1.2`, or to the end of a checklist: `move 2.3 3`."""
    standing = progress(ctx, run)
    found = pointing.leading(ctx, standing, words, "move")
    if isinstance(found, Refuse):
        yield found
        return
    where = re.sub(r"^(?:to|behind|into)\s+", "", found[1], flags=re.IGNORECASE)
    place = arranging.target(ctx, standing, where)
    if isinstance(place, Refuse):
        yield place
        return
    ids = pointing.ids(found[0])
    with operation(ctx, run, event.asker.id, "move", pointing.label(found[0]), ids) as record:
        arranging.move(ctx, [one.task for one in found[0]], *place)
    yield from _told(event, run, ids, "moved", record, ctx)


def duplicate(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    """`duplicate 2.3`: an open task like it, right behind it."""
    standing = progress(ctx, run)
    found = pointing.tasks(ctx, standing, words, "duplicate")
    if isinstance(found, Refuse):
        yield found
    elif len(standing.tasks) + len(found) > arranging.MOST_TASKS:
        yield _too_many(ctx)
    else:
        with operation(ctx, run, event.asker.id, "duplicate", pointing.label(found)) as record:
            ids = [arranging.copy(ctx, one.task).id or 0 for one in found]
        yield from _told(event, run, ids, "duplicated", record, ctx)


def _told(
    event: CommandGiven, run: Run, ids: Sequence[int], block: str, record: Record, ctx: Context
) -> Iterator[Effect]:
    """Let follow what follows, and answer with the tasks as they are called now."""
    yield from follow(ctx, run, record, event.asker.id)
    standing = progress(ctx, run)
    now = [one for one in standing.tasks if one.task.id in ids]
    said = ctx.say("tasks", what=pointing.what(now), count=len(now))
    yield Answer(content=answered(ctx, said[block if record.change else "unchanged"], record))


def _place(standing: Progress, words: str) -> tuple[Checklist | None, str]:
    """Return the checklist that the words begin with, or the last one, and the title behind it."""
    match = _LEADING.fullmatch(words.strip())
    named = [row for row in standing.checklists if match and row.position == int(match[1])]
    if match and named:
        return named[0], one_line(match[2] or "")
    return (standing.checklists[-1] if standing.checklists else None), one_line(words)


def _refused(ctx: Context, standing: Progress | None, title: str, verb: str) -> Refuse | None:
    said = ctx.say("tasks", limit=arranging.TITLE_LIMIT, count=len(title), verb=verb)
    if not title:
        return Refuse(title=said["title_title"], text=said["title_how"])
    if len(title) > arranging.TITLE_LIMIT:
        return Refuse(title=said["title_title"], text=said["too_long"])
    if standing is not None and len(standing.tasks) >= arranging.MOST_TASKS:
        return _too_many(ctx)
    return None


def _too_many(ctx: Context) -> Refuse:
    said = ctx.say("tasks", limit=arranging.MOST_TASKS)
    return Refuse(title=said["too_many_title"], text=said["too_many"])


def _only_one(ctx: Context, verb: str) -> Refuse:
    said = ctx.say("tasks", verb=verb)
    return Refuse(title=said["only_one_title"], text=said["only_one"])
