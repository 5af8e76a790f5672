"""The message by which a run's playbook offers a command, with a button that has it run."""

from handlers.context import Context
from handlers.controls import ACTION_RUN
from handlers.effects import Card, Content
from handlers.payloads import ActionOfRun
from handlers.rules.action_rows import action_of, position_of
from store import ActionRow, Run


def command_of(row: ActionRow) -> str:
    """Return the command that an action offers, empty where it offers none."""
    action = action_of(row)
    return (action.command or "") if action is not None else ""


def offer(ctx: Context, run: Run, row: ActionRow) -> Content:
    """Return the message that offers a command."""
    to = ctx.readers_of(run)
    said = ctx.say("why", to, run=run, command=command_of(row), position=position_of(ctx, row))
    button = ACTION_RUN.button(said["run"], ActionOfRun(run.id, row.id), "primary")
    return Content(said["offered"], (Card(controls=(button,)),))


def offer_taken(ctx: Context, run: Run, command: str, by_id: str, answer: str) -> Content:
    """Return what the message says when the command was run."""
    said = ctx.say("why", ctx.readers_of(run), command=command, who=ctx.username(by_id), answer=answer)
    return Content(said["offered_ran"])
