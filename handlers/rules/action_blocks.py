"""What is in the way of an action of a run's playbook: its condition, what nobody has allowed yet, a closed channel."""

from handlers.context import Context
from handlers.playbooks.actions import Action
from handlers.rules.action_rows import action_of
from handlers.rules.attributes import values_of
from handlers.rules.conditions import is_met
from handlers.rules.held import is_held
from store import ActionRow, ActionState, ActionWhy, Run


def in_the_way(ctx: Context, run: Run, row: ActionRow) -> tuple[ActionState, ActionWhy] | None:
    """Return what becomes of an action that is not done now, and why; None where nothing is in its way.

    What its condition finds is kept with it.
    """
    action = action_of(row)
    if action is not None and action.when is not None:
        values = values_of(ctx, run)
        row.values = {name: list(values.get(name, ())) for name in action.when.attributes}
        if not is_met(action.when, values):
            return "skipped", "not_met"
    # A command is offered all the same: nobody has it run before it is confirmed, but people may paste it.
    if row.kind == "webhook" and is_held(ctx, run, "webhooks"):
        return "skipped", "held"
    if row.kind == "header" and not run.own_channel:
        return "skipped", "there_before"
    if row.kind == "run" and run.mistaken_at is not None:
        return "skipped", "mistaken"
    if _needs_channel(row, action) and (run.channel_id is None or run.closed_place):
        return "failed", "closed"
    return None


def _needs_channel(row: ActionRow, action: Action | None) -> bool:
    is_elsewhere = action is not None and action.channel is not None
    return row.kind in ("header", "category", "invite", "welcome", "command", "post") and not is_elsewhere
