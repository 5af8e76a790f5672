"""What follows by itself when something happens to a run: its playbook's automation, and its webhooks."""

from collections.abc import Mapping

from handlers.context import Context
from handlers.effects import Effects
from handlers.operations.automate import automate
from handlers.playbooks.webhooks import WebhookEvent
from handlers.rules.planned_actions import EVENTS
from store import Occasion, Run, Task

_OCCASIONS: Mapping[WebhookEvent, Occasion] = {event: on for on, event in EVENTS.items()}


def happened(ctx: Context, run: Run, what: WebhookEvent, by_id: str, task: Task | None = None) -> Effects:
    """Let follow what a run's playbook plans for what happened to it, `by_id` somebody; `task` is the one done."""
    yield from automate(ctx, run, _OCCASIONS[what], by_id, task)
