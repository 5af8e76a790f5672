"""Prompts: asking whether a message needs a run, and taking no for an answer."""

from collections.abc import Sequence

from handlers.context import Context
from handlers.effects import Content, Effects
from handlers.events import Hit, MessageHeard, Press
from handlers.operations.answer_prompt import No, decline_prompt, fold_prompt
from handlers.payloads import OfPrompt
from handlers.rules import jobs, pace, permissions, start_team
from handlers.views import prompt as prompts
from handlers.views.keep import post
from store import Job, Message, Prompt, PromptOffer


def heard(event: MessageHeard, ctx: Context) -> Effects:
    """Ask in the message's thread about the playbooks that were not offered there before.

    In the channel of a run that is in progress its own playbook is not asked about: what is said there is about it.
    What was written so long ago that a prompt would have folded up by now is not asked about any more.
    """
    thread = event.root_id or event.post_id
    old = event.said_at is not None and ctx.now - event.said_at >= ctx.here.prompt_folds_after
    if old or ctx.store.is_muted(thread):
        return
    team_id = event.place.team_id or start_team.of_keywords(ctx, event.author, event.place, event.hits)
    if not team_id:
        return
    offered = ctx.store.offered_in(thread)
    here = {row.id for row in permissions.playbooks_for(ctx, event.author, team_id)}
    going = {run.playbook_id for run in ctx.store.runs_in(event.place.id) if run.is_active and run.own_channel}
    hits = [hit for hit in event.hits if hit.playbook_id in here - offered - going][: pace.OFFERED]
    if not hits:
        return
    if (told := pace.asked_too_often(ctx, event.author)) is not None:
        if told:
            yield from post(ctx, Message(kind="note", place_id=event.place.id), Content(told), root_id=thread)
        return
    ctx.meet_place(event.place)
    prompt = _remember(event, ctx, team_id, thread, hits)
    message = Message(kind="prompt", prompt_id=prompt.id, place_id=event.place.id)
    content = prompts.asking(ctx, prompt, prompts.offers_of(ctx, prompt))
    yield from post(ctx, message, content, root_id=thread)


def declined(event: Press[OfPrompt], ctx: Context, no: No) -> Effects:
    """*Not now*: the thread is not asked about these playbooks again; *Not in this thread*: nor about any other."""
    yield from decline_prompt(ctx, event.payload.prompt_id, event.asker, no)


def folded(job: Job, ctx: Context) -> Effects:
    """Nobody answered for long."""
    prompt = ctx.store.prompt(int(job.subject_id))
    if prompt is not None and prompt.state == "open":
        yield from fold_prompt(ctx, prompt)


def _remember(event: MessageHeard, ctx: Context, team_id: str, thread: str, hits: Sequence[Hit]) -> Prompt:
    prompt = ctx.store.add(
        Prompt(
            place_id=event.place.id,
            team_id=team_id,
            thread_id=thread,
            post_id=event.post_id,
            author_id=event.author.id,
            text=event.text,
            created_at=ctx.now,
            said_at=event.said_at,
        )
    )
    for hit in hits:
        keywords = "\n".join(hit.keywords)
        ctx.store.add(
            PromptOffer(prompt_id=prompt.id, thread_id=thread, playbook_id=hit.playbook_id, keywords=keywords)
        )
    jobs.plan(ctx, "fold", prompt, ctx.now + ctx.here.prompt_folds_after)
    return prompt
