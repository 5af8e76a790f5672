"""Changing a task by command: its title, its description, its slash command."""

import re
from collections.abc import Iterator

from handlers.context import Context
from handlers.effects import Effect
from handlers.events import CommandGiven
from handlers.operations.edit_tasks import edit_tasks
from handlers.rules import task_lookup
from handlers.rules.progress import progress
from handlers.rules.task_edit import TaskEdit
from handlers.tasks.answers import answer
from handlers.text.arguments import text_or_none
from handlers.text.words import one_line
from handlers.views.task_form import task_dialog
from store import Run

_PART = re.compile(r"(description|command):", re.IGNORECASE)


def by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    """`edit 2.3 New title`, `edit 2.3 description: words`; without words by dialog, where one can be opened."""
    tasks, rest = task_lookup.leading(ctx, progress(ctx, run), words, "edit")
    if len(tasks) > 1:
        raise ctx.refused("tasks", "only_one", verb="edit")
    if not one_line(rest) and event.trigger_id:
        yield task_dialog(ctx, run, tasks[0], event.asker)
        return
    edit, block = _wanted(ctx, rest, f"edit {tasks[0].number}")
    done = yield from edit_tasks(ctx, run, tasks, edit, event.asker)
    yield answer(ctx, run, done.key, done.tasks, "tasks", block)


def _wanted(ctx: Context, words: str, verb: str) -> tuple[TaskEdit, str]:
    """Return what the words change, and how the answer to it is called. Raises `Refused`."""
    part = _PART.match(words)
    if part is None:
        if not one_line(words):
            raise ctx.refused("tasks", "title_how", "title", verb=verb)
        return TaskEdit(title=one_line(words)), "edited"
    name, text = part[1].casefold(), text_or_none(words[part.end() :])
    edit = TaskEdit(description=text) if name == "description" else TaskEdit(command=one_line(text))
    return edit, f"new_{name}" if text else f"no_{name}"
