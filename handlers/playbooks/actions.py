"""Automation actions of a playbook: what is done by itself when something happens to a run of it."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from handlers.playbooks import values as of
from handlers.playbooks.conditions import When
from handlers.playbooks.mistakes import sentence

Occasion = Literal["start", "update", "task", "finish", "restart", "retrospective"]
"""What happens to a run that actions follow."""


class Action(of.Part):
    """What is done `on` an occasion, of a `task` when it is done: one of `invite`, `post`, `command`, `run`, `webhook`.

    `post` is a message, in the run's channel or in `channel`; `command` is offered there by a button; `run` is the key
    of a playbook that is started; `webhook` names one of the playbook's. It is done once per run unless it may
    `repeat`, and only where `when` is met. Where it fails, those after it on the same occasion are done all the same,
    or not.
    """

    on: Occasion = "start"
    task: of.Line | None = None
    when: When | None = None
    invite: tuple[of.Guest, ...] = Field(default=(), max_length=200)
    post: of.Text = ""
    channel: of.ChannelName | None = None
    command: of.Command | None = None
    run: Annotated[of.Line, StringConstraints(max_length=60)] | None = None
    webhook: of.ShortName | None = None
    repeat: bool = False
    if_it_fails: Literal["continue", "stop"] = "continue"

    @model_validator(mode="after")
    def _does_one_thing(self) -> Self:
        if sum(map(bool, (self.invite, self.post, self.command, self.run, self.webhook))) != 1:
            raise ValueError(sentence("action_one"))
        if (self.on == "task") != (self.task is not None):
            raise ValueError(sentence("action_task"))
        if self.channel is not None and not self.post:
            raise ValueError(sentence("action_channel"))
        return self
