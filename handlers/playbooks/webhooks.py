"""Webhooks of a playbook: the addresses that are told what happens to its runs. Their secrets stand in the store."""

from typing import Annotated, Literal, get_args

from pydantic import Field, StringConstraints

from handlers.playbooks import values as of

WebhookEvent = Literal[
    "run.started", "run.updated", "run.finished", "run.restarted", "task.done", "retrospective.published"
]
WEBHOOK_EVENTS: tuple[WebhookEvent, ...] = get_args(WebhookEvent)


class Webhook(of.Part):
    """An address that is told of some events, of all where none are named; its secret is known by its `name`."""

    name: of.ShortName
    url: Annotated[of.Url, StringConstraints(max_length=1000)]
    events: tuple[WebhookEvent, ...] = Field(default=(), max_length=len(WEBHOOK_EVENTS))
    enabled: bool = True

    def hears(self, event: WebhookEvent) -> bool:
        return self.enabled and (not self.events or event in self.events)
