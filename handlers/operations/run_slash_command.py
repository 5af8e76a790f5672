"""Having a command of a task, or one that the playbook offers, run: filled in with the run's variables."""

from dataclasses import dataclass
from typing import Literal

from handlers.context import Context
from handlers.effects import Doing, RunCommand
from handlers.events import NotRun, Person
from handlers.rules.allowed_commands import is_allowed, words_of
from handlers.rules.attributes import variables_of
from handlers.rules.held import is_held
from handlers.rules.planned_tasks import planned_task
from handlers.rules.progress import Numbered
from handlers.rules.variables import Filled, fill
from handlers.text.one_argument import is_plain
from handlers.text.words import Safe, folded
from store import ActionRow, Run

Trouble = NotRun | Literal["own", "changed", "value", "unlisted", "held"]
"""Why a command was not run: the server's reasons, and the bot's own."""


@dataclass(frozen=True, slots=True)
class CommandAsked:
    """A task's command, which runs unless there is `trouble`; `unfit` are variables that are not put into it."""

    task: Numbered
    command: str
    trouble: Trouble | None
    unfit: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OfferTaken:
    """A command that the playbook offers, which runs unless there is `trouble`; `unfit` as for a task's."""

    command: str
    trouble: Trouble | None
    unfit: tuple[str, ...] = ()


def run_slash_command(ctx: Context, run: Run, one: Numbered, by: Person) -> Doing[CommandAsked]:
    """Have the server run a task's command with the run's variables in it. Raises `Refused` where something is missing.

    It runs with the bot's rights: so only what the administrator allows, just as the playbook has it. All else is
    left to people.
    """
    task = one.task
    if not task.command:
        raise ctx.refused("do", "no_command", "which", number=Safe(one.number), title=task.title)
    filled, place_id = _filled(ctx, run, task.command)
    command = folded(filled.text)
    planned = planned_task(ctx, run, task)
    is_planned = planned is not None and folded(task.command) == folded(planned.command or "")
    trouble = _trouble(ctx, run, filled, is_planned=is_planned)
    if trouble is None:
        yield RunCommand(task_id=task.id, place_id=place_id, command=command, by_id=by.id, is_allowed=True)
    return CommandAsked(one, command, trouble, tuple(filled.unfit))


def run_offered_command(ctx: Context, run: Run, row: ActionRow, command: str, by: Person) -> Doing[OfferTaken]:
    """Have the server run a command that the playbook offers by an action, as `run_slash_command` does."""
    filled, place_id = _filled(ctx, run, command)
    command, trouble = folded(filled.text), _trouble(ctx, run, filled, is_planned=True)
    if trouble is None:
        yield RunCommand(task_id=0, place_id=place_id, command=command, by_id=by.id, is_allowed=True, action_id=row.id)
    return OfferTaken(command, trouble, tuple(filled.unfit))


def _filled(ctx: Context, run: Run, command: str) -> tuple[Filled, str]:
    """Return a command with its values, and the channel to run it in. Raises `Refused` where either is missing."""
    filled = fill(command, variables_of(ctx, run), is_plain)
    if filled.missing:
        raise ctx.refused("do", "missing", missing=filled.missing, command=folded(filled.text))
    if run.channel_id is None or run.closed_place:
        raise ctx.refused("do", "closed")
    return filled, run.channel_id


def _trouble(ctx: Context, run: Run, filled: Filled, *, is_planned: bool) -> Trouble | None:
    """Return why a command is not the bot's to run, written in the playbook (`is_planned`) or not; None if it is."""
    if words_of(filled.text)[:1] == words_of(f"/{ctx.here.trigger}"):
        return "own"
    if not is_planned:
        return "changed"
    if is_allowed(filled.text, ctx.here.may_run) and is_held(ctx, run, "commands"):
        return "held"
    if filled.unfit:
        return "value"
    return None if is_allowed(filled.text, ctx.here.may_run) else "unlisted"
