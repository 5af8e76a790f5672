"""What follows by itself when something happens to a run: its playbook's automation, and its webhooks."""

from handlers.context import Context
from handlers.effects import Effects
from handlers.operations.call_webhooks import call_webhooks
from handlers.playbooks.webhooks import WebhookEvent
from store import Run, Task


def happened(ctx: Context, run: Run, what: WebhookEvent, by_id: str, task: Task | None = None) -> Effects:
    """Let follow what a run's playbook plans for what happened to it, `by_id` somebody; `task` is the one done."""
    call_webhooks(ctx, run, what, by_id, task)
    yield from ()
