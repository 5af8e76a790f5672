"""Prompts: asking whether a message needs a run, and taking no for an answer."""

from collections.abc import Iterator, Sequence

from handlers.context import Context
from handlers.effects import Content, Effect
from handlers.events import Hit, MessageHeard, Press
from handlers.payloads import OfPrompt
from handlers.rules import jobs, pace, permissions
from handlers.views import prompt as prompts
from handlers.views.keep import post, show
from store import Job, Message, MutedThread, Prompt, PromptOffer, PromptState


def heard(event: MessageHeard, ctx: Context) -> Iterator[Effect]:
    """Ask in the message's thread about the playbooks that were not offered there before.

    What was written so long ago that a prompt would have folded up by now is not asked about any more.
    """
    thread = event.root_id or event.post_id
    old = event.said_at is not None and ctx.now - event.said_at >= ctx.here.prompt_folds_after
    if old or not event.place.team_id or ctx.store.is_muted(thread):
        return
    offered = ctx.store.offered_in(thread)
    here = {row.id for row in permissions.playbooks_for(ctx, event.author, event.place.team_id)}
    hits = [hit for hit in event.hits if hit.playbook_id in here - offered][: pace.OFFERED]
    if not hits:
        return
    if (told := pace.asked_too_often(ctx, event.author)) is not None:
        if told:
            yield from post(ctx, Message(kind="note", place_id=event.place.id), Content(told), root_id=thread)
        return
    ctx.meet_place(event.place)
    prompt = _remember(event, ctx, thread, hits)
    message = Message(kind="prompt", prompt_id=prompt.id, place_id=event.place.id)
    content = prompts.asking(ctx, prompt, prompts.offers_of(ctx, prompt))
    yield from post(ctx, message, content, root_id=thread)


def dismissed(event: Press[OfPrompt], ctx: Context) -> Iterator[Effect]:
    """*Not now*: the question is closed; the thread is not asked about these playbooks again."""
    yield from _close(event, ctx, "dismissed")


def muted(event: Press[OfPrompt], ctx: Context) -> Iterator[Effect]:
    """*Not in this thread*: no prompt comes there any more, whatever is written."""
    prompt = ctx.store.prompt(event.payload.prompt_id)
    if prompt is not None and prompt.state == "open" and not ctx.store.is_muted(prompt.thread_id):
        ctx.store.add(MutedThread(thread_id=prompt.thread_id, by=event.asker.id, at=ctx.now))
    yield from _close(event, ctx, "muted")


def folded(job: Job, ctx: Context) -> Iterator[Effect]:
    """Nobody answered for long: one line is left of the question."""
    prompt = ctx.store.prompt(int(job.subject_id))
    if prompt is not None and prompt.state == "open":
        prompt.state = "folded"
        yield from _show_closed(ctx, prompt, "folded")


def _remember(event: MessageHeard, ctx: Context, thread: str, hits: Sequence[Hit]) -> Prompt:
    prompt = ctx.store.add(
        Prompt(
            place_id=event.place.id,
            team_id=event.place.team_id,
            thread_id=thread,
            post_id=event.post_id,
            author_id=event.author.id,
            text=event.text,
            created_at=ctx.now,
        )
    )
    for hit in hits:
        keywords = "\n".join(hit.keywords)
        ctx.store.add(
            PromptOffer(prompt_id=prompt.id, thread_id=thread, playbook_id=hit.playbook_id, keywords=keywords)
        )
    jobs.plan(ctx, "fold", prompt, ctx.now + ctx.here.prompt_folds_after)
    return prompt


def _close(event: Press[OfPrompt], ctx: Context, state: PromptState) -> Iterator[Effect]:
    prompt = ctx.store.prompt(event.payload.prompt_id)
    if prompt is None or prompt.state != "open":
        yield prompts.answered(ctx, prompt, event.asker)
        return
    prompt.state, prompt.answered_by = state, event.asker.id
    ctx.store.cancel_jobs(ctx.now, "fold", prompt)
    yield from _show_closed(ctx, prompt, state)


def _show_closed(ctx: Context, prompt: Prompt, state: PromptState) -> Iterator[Effect]:
    for message in ctx.store.messages("prompt", prompt_id=prompt.id):
        yield from show(message, prompts.closed(ctx, prompt, prompts.offers_of(ctx, prompt), state))
