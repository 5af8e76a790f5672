"""Answering a prompt with no, and folding up one that nobody answers."""

from dataclasses import dataclass
from typing import Literal

from handlers.context import Context
from handlers.effects import Doing
from handlers.events import Person
from handlers.views.prompt import answered, refresh_prompt
from store import MutedThread, Prompt

No = Literal["dismissed", "muted"]


@dataclass(frozen=True, slots=True)
class PromptClosed:
    """How a prompt was closed."""

    prompt_id: int
    state: No | Literal["folded"]


def open_prompt(ctx: Context, prompt_id: int, by: Person) -> Prompt:
    """Return a prompt that waits for an answer. Raises `Refused` where there is none, or somebody was quicker."""
    prompt = ctx.store.prompt(prompt_id)
    if prompt is None or prompt.state != "open":
        raise answered(ctx, prompt, by)
    return prompt


def decline_prompt(ctx: Context, prompt_id: int, by: Person, no: No) -> Doing[PromptClosed]:
    """Close a question; where it is muted, nothing more is asked in its thread. Raises `Refused` as `open_prompt`."""
    prompt = open_prompt(ctx, prompt_id, by)
    if no == "muted" and not ctx.store.is_muted(prompt.thread_id):
        ctx.store.add(MutedThread(thread_id=prompt.thread_id, by=by.id, at=ctx.now))
    prompt.state, prompt.answered_by = no, by.id
    ctx.store.cancel_jobs(ctx.now, "fold", prompt)
    yield from refresh_prompt(ctx, prompt)
    return PromptClosed(prompt.id, no)


def fold_prompt(ctx: Context, prompt: Prompt) -> Doing[PromptClosed]:
    """Leave one line of a question that nobody answered for long."""
    prompt.state = "folded"
    yield from refresh_prompt(ctx, prompt)
    return PromptClosed(prompt.id, "folded")
