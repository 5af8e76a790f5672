"""Having a task's command run: filled in with the run's variables, or handed over to be pasted."""

from collections.abc import Iterator, Sequence
from typing import Literal

from handlers.context import Context
from handlers.effects import Answer, Content, Effect, Refuse, RunCommand, Tell
from handlers.events import NotRun, Person
from handlers.playbooks.playbook import playbook_of
from handlers.rules.allowed_commands import is_allowed, is_plain, words_of
from handlers.rules.progress import Numbered
from handlers.rules.variables import Filled, defined, fill
from handlers.text.words import Safe, folded
from store import Run, Task

Trouble = NotRun | Literal["own", "changed", "value", "unlisted"]
"""Why a command was not run: the server's reasons, and the bot's own."""


def run_command(ctx: Context, run: Run, numbered: Numbered, asker: Person) -> Iterator[Effect]:
    """Have the server run a task's command with the run's variables in it, or say what is missing.

    It runs with the bot's rights: so only what the administrator allows, just as the playbook has it. All else is
    handed over.
    """
    task = numbered.task
    values = defined(run.attributes, run.summary)
    filled = fill(task.command, values, is_plain)
    command = folded(filled.text)
    said = ctx.say("do", number=Safe(numbered.number), title=task.title, missing=filled.missing, command=command)
    if not task.command:
        yield Refuse(title=said["which_title"], text=said["no_command"])
    elif filled.missing:
        yield Refuse(title=said["missing_title"], text=said["missing"])
    elif run.channel_id is None or run.closed_place:
        yield Refuse(title=said["closed_title"], text=said["closed"])
    elif trouble := _trouble(ctx, run, task, filled):
        yield paste(ctx, run, numbered.number, command, trouble, asker.id, filled.unfit)
    else:
        yield RunCommand(task_id=task.id, place_id=run.channel_id, command=command, by_id=asker.id, is_allowed=True)
        yield Answer(content=Content(said["running"]))


def _trouble(ctx: Context, run: Run, task: Task, filled: Filled) -> Trouble | None:
    """Return why a command is not the bot's to run; None if it is."""
    if words_of(filled.text)[:1] == words_of(f"/{ctx.here.trigger}"):
        return "own"
    if folded(task.command) != folded(planned_command(run, task)):
        return "changed"
    if filled.unfit:
        return "value"
    return None if is_allowed(filled.text, ctx.here.may_run) else "unlisted"


def planned_command(run: Run, task: Task) -> str:
    """Return the command that the run's playbook has at the task; empty where it has none, or not even the task."""
    planned = [one for each in playbook_of(run.definition).checklists for one in each.tasks] if task.planned else []
    return (planned[task.planned - 1].command or "") if 0 < task.planned <= len(planned) else ""


def paste(
    ctx: Context, run: Run, number: str, command: str, trouble: Trouble, by_id: str, unfit: Sequence[str] = ()
) -> Tell:
    """Hand a command over to whoever wanted it, ready to be pasted; `unfit` are the variables that were left in it."""
    said = ctx.say("do", number=Safe(number), command=command, unfit=unfit)
    why = said[f"trouble_{trouble}"]
    text = ctx.say("do", number=Safe(number), command=command, why=Safe(why))["paste"]
    return Tell(person_id=by_id, place_id="" if run.closed_place else run.channel_id or "", content=Content(text))
