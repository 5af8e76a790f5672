"""Deleting a run that was made by mistake: its messages are taken away, and nobody finds it any more."""

from collections.abc import Iterator
from datetime import timedelta

from handlers.context import Context
from handlers.controls import RUN_DELETE
from handlers.effects import Answer, Ask, Content, Correct, Effect, Refuse, Tell
from handlers.events import ButtonPressed, CommandGiven, DialogSubmitted, Person
from handlers.payloads import OfRun
from handlers.rules import jobs
from handlers.views import prompt as prompts
from handlers.views.keep import show, take_away
from store import Run

SETTLE = timedelta(seconds=15)
"""How long after its messages a channel is archived: nothing can be taken out of an archived one."""


def by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    """`delete`, asked once more by a dialog; `delete now` without."""
    if words.casefold() == "now":
        yield from _delete(ctx, run, event.asker)
        return
    yield _ask(ctx, run) if event.trigger_id else Answer(content=Content(ctx.say("delete", run=run)["confirm"]))


def asked(event: ButtonPressed, run: Run, ctx: Context) -> Iterator[Effect]:
    """*Delete…* in the card's menu."""
    yield _ask(ctx, run)


def by_dialog(event: DialogSubmitted, run: Run, ctx: Context) -> Iterator[Effect]:
    """The dialog, confirmed."""
    for effect in _delete(ctx, run, event.asker):
        yield Correct(error=effect.text) if isinstance(effect, Refuse) else effect


def _delete(ctx: Context, run: Run, asker: Person) -> Iterator[Effect]:
    if run.state == "opening":
        said = ctx.say("delete", run=run)
        yield Refuse(title=said["opening_title"], text=said["opening"])
        return
    ctx.store.cancel_all_jobs(ctx.now, run.id)
    for message in ctx.store.messages_of(run.id):
        yield from take_away(ctx, message)
    for prompt in ctx.store.prompts_of(run.id):
        prompt.state, prompt.run_id, prompt.answered_by = "dismissed", None, asker.id
        for message in ctx.store.messages("prompt", prompt_id=prompt.id):
            yield from show(message, prompts.current(ctx, prompt))
    if run.is_active:
        run.finish(asker.id, ctx.now)
    if run.own_channel and run.channel_id is not None and not run.closed_place:
        jobs.plan(ctx, "archive", run, ctx.now + SETTLE)
    told = ctx.say("delete", run=run)["answer_archived" if run.own_channel else "answer"]
    run.removed_at = ctx.now
    # The channel that this was said in goes away, and its private answers with it.
    yield Tell(person_id=asker.id, content=Content(told))


def _ask(ctx: Context, run: Run) -> Ask:
    said = ctx.say("delete", run=run)
    return Ask(
        dialog=RUN_DELETE.dialog(
            OfRun(run.id),
            said["dialog_title"],
            intro=said["intro"],
            submit=said["submit"],
        )
    )
