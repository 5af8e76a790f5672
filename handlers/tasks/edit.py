"""Changing a task by command: its title, its description, its slash command."""

import re
from collections.abc import Iterator, Sequence

from handlers.context import Context
from handlers.effects import Answer, Ask, Effect, Refuse
from handlers.events import CommandGiven
from handlers.operations.change_tasks import follow, operation
from handlers.rules import task_lookup
from handlers.rules.progress import Numbered, progress
from handlers.rules.task_form_values import COMMAND_LIMIT, DESCRIPTION_LIMIT
from handlers.tasks.answers import refusal, told
from handlers.text.arguments import text_or_none
from handlers.text.words import one_line
from handlers.views.task_form import task_dialog
from handlers.views.undo import answered
from store import Run

_PART = re.compile(r"(description|command):", re.IGNORECASE)


def by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    """`edit 2.3 New title`, `edit 2.3 description: words`; without words by dialog, where one can be opened."""
    standing = progress(ctx, run)
    found = task_lookup.leading(ctx, standing, words, "edit")
    if isinstance(found, Refuse):
        yield found
        return
    tasks, title = found[0], one_line(found[1])
    if len(tasks) > 1:
        yield _only_one(ctx, "edit")
    elif (part := _PART.match(found[1])) is not None:
        yield from _rewrite(event, run, tasks, part[1].casefold(), found[1][part.end() :], ctx)
    elif not title and event.trigger_id:
        yield Ask(dialog=task_dialog(ctx, run, tasks[0], event.asker))
    elif (refused := refusal(ctx, None, title, f"edit {tasks[0].number}")) is not None:
        yield refused
    else:
        ids = task_lookup.ids(tasks)
        with operation(ctx, run, event.asker.id, "edit", task_lookup.label(tasks), ids) as record:
            tasks[0].task.title = title
        yield from told(event, run, ids, "edited", record, ctx)


def _rewrite(
    event: CommandGiven, run: Run, tasks: Sequence[Numbered], part: str, words: str, ctx: Context
) -> Iterator[Effect]:
    """Give a task another description or command, or none."""
    words = text_or_none(words)
    if part == "command" and words and not words.startswith("/"):
        said = ctx.say("task")
        yield Refuse(title=said["command"], text=said["command_help"])
        return
    limit = COMMAND_LIMIT if part == "command" else DESCRIPTION_LIMIT
    if len(words) > limit:
        said = ctx.say("tasks", limit=limit, count=len(words))
        yield Refuse(title=said["words_title"], text=said["words_long"])
        return
    task, ids = tasks[0].task, task_lookup.ids(tasks)
    with operation(ctx, run, event.asker.id, "edit", task_lookup.label(tasks), ids) as record:
        if part == "description":
            task.description = words
        elif one_line(words) != task.command:
            task.command, task.ran_by, task.ran_at = one_line(words), "", None
    yield from follow(ctx, run, record, event.asker.id)
    said = ctx.say("tasks", what=task_lookup.what(tasks), count=1)
    block = (f"new_{part}" if words else f"no_{part}") if record.change else "unchanged"
    yield Answer(content=answered(ctx, said[block], record))


def _only_one(ctx: Context, verb: str) -> Refuse:
    said = ctx.say("tasks", verb=verb)
    return Refuse(title=said["only_one_title"], text=said["only_one"])
