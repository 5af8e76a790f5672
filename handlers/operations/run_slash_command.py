"""Having a task's command run: filled in with the run's variables."""

from dataclasses import dataclass
from typing import Literal

from handlers.context import Context
from handlers.effects import Doing, RunCommand
from handlers.events import NotRun, Person
from handlers.playbooks.playbook import playbook_of
from handlers.rules.allowed_commands import is_allowed, is_plain, words_of
from handlers.rules.held import is_held
from handlers.rules.progress import Numbered
from handlers.rules.variables import Filled, defined, fill
from handlers.text.words import Safe, folded
from store import Run, Task

Trouble = NotRun | Literal["own", "changed", "value", "unlisted", "held"]
"""Why a command was not run: the server's reasons, and the bot's own."""


@dataclass(frozen=True, slots=True)
class CommandAsked:
    """A task's command, which runs unless there is `trouble`; `unfit` are variables that are not put into it."""

    task: Numbered
    command: str
    trouble: Trouble | None
    unfit: tuple[str, ...] = ()


def run_slash_command(ctx: Context, run: Run, one: Numbered, by: Person) -> Doing[CommandAsked]:
    """Have the server run a task's command with the run's variables in it. Raises `Refused` where something is missing.

    It runs with the bot's rights: so only what the administrator allows, just as the playbook has it. All else is
    left to people.
    """
    task = one.task
    filled = fill(task.command, defined(run.attributes, run.summary), is_plain)
    command = folded(filled.text)
    if not task.command:
        raise ctx.refused("do", "no_command", "which", number=Safe(one.number), title=task.title)
    if filled.missing:
        raise ctx.refused("do", "missing", missing=filled.missing, command=command)
    if run.channel_id is None or run.closed_place:
        raise ctx.refused("do", "closed")
    trouble = _trouble(ctx, run, task, filled)
    if trouble is None:
        yield RunCommand(task_id=task.id, place_id=run.channel_id, command=command, by_id=by.id, is_allowed=True)
    return CommandAsked(one, command, trouble, tuple(filled.unfit))


def _trouble(ctx: Context, run: Run, task: Task, filled: Filled) -> Trouble | None:
    """Return why a command is not the bot's to run; None if it is."""
    if words_of(filled.text)[:1] == words_of(f"/{ctx.here.trigger}"):
        return "own"
    if is_held(ctx, run, "commands"):
        return "held"
    if folded(task.command) != folded(planned_command(run, task)):
        return "changed"
    if filled.unfit:
        return "value"
    return None if is_allowed(filled.text, ctx.here.may_run) else "unlisted"


def planned_command(run: Run, task: Task) -> str:
    """Return the command that the run's playbook has at the task; empty where it has none, or not even the task."""
    planned = [one for each in playbook_of(run.definition).checklists for one in each.tasks] if task.planned else []
    return (planned[task.planned - 1].command or "") if 0 < task.planned <= len(planned) else ""
