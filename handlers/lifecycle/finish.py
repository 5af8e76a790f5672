"""Ending a run: asked once more, said in its channel and wherever its updates went."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from handlers.context import Context
from handlers.controls import FINISH_CONFIRM
from handlers.effects import Answer, Ask, Content, Dialog, Effect
from handlers.events import ButtonPressed, CommandGiven, DialogSubmitted, Person
from handlers.payloads import OfRun
from handlers.rules import due_reminders, jobs
from handlers.rules.progress import Numbered, progress
from handlers.rules.rotas import plan_turn
from handlers.text.words import Safe, escape
from handlers.views.announcement import announce
from handlers.views.card import refresh_card
from handlers.views.checklist import refresh_checklists
from handlers.views.reminder import close_reminders
from store import Run

ARCHIVED_AFTER = timedelta(minutes=5)
"""How long the channel stays open after the end, where the playbook has it archived: time to read that it is over."""


def asked(event: ButtonPressed, run: Run, ctx: Context) -> Iterator[Effect]:
    """*Finish* on the card: a dialog that says what is still open."""
    yield Ask(dialog=_dialog(ctx, run))


def by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    """`finish`, asked once more by a dialog; `finish now` without."""
    still_open = progress(ctx, run).open
    if words.casefold() == "now" or (not still_open and not event.trigger_id):
        yield from _finish(ctx, run, event.asker)
        yield Answer(content=Content(ctx.say("finish", run=run)["answer"]))
    elif event.trigger_id:
        yield Ask(dialog=_dialog(ctx, run))
    else:
        yield Answer(content=Content(ctx.say("finish", open=_count(still_open))["confirm"]))


def by_dialog(event: DialogSubmitted, run: Run, ctx: Context) -> Iterator[Effect]:
    """The finish dialog, confirmed."""
    yield from _finish(ctx, run, event.asker)


def _finish(ctx: Context, run: Run, asker: Person) -> Iterator[Effect]:
    run.finish(asker.id, ctx.now)
    ctx.note(run, "finished", asker.id)
    ctx.store.cancel_jobs(ctx.now, "update", run)
    due_reminders.plan(ctx, run)
    plan_turn(ctx, run)
    if run.definition["channel"].get("archive") and run.own_channel and run.channel_id is not None:
        jobs.plan(ctx, "archive", run, ctx.now + ARCHIVED_AFTER)
    yield from announce(ctx, run, "finish", asker, "green")
    yield from close_reminders(ctx, run, "over")
    yield from refresh_card(ctx, run)
    yield from refresh_checklists(ctx, run)


def _dialog(ctx: Context, run: Run) -> Dialog:
    still_open = progress(ctx, run).open
    examples = ", ".join(f"{one.number} {escape(one.task.title)}" for one in still_open[:3])
    said = ctx.say(
        "finish",
        run=run,
        open=_count(still_open),
        examples=Safe(examples + (", …" if len(still_open) > 3 else "")),
    )
    return FINISH_CONFIRM.dialog(
        OfRun(run.id),
        said["dialog_title"],
        intro=said["intro"],
        submit=said["submit"],
    )


def _count(tasks: Sequence[Numbered]) -> Safe:
    return Safe("" if not tasks else "1 task is" if len(tasks) == 1 else f"{len(tasks)} tasks are")
