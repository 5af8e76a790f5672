"""Ending a run, asked once more."""

from collections.abc import Iterator

from handlers.context import Context
from handlers.controls import FINISH_CONFIRM
from handlers.effects import Ask, Dialog, Effect
from handlers.events import ButtonPressed, CommandGiven, DialogSubmitted, Person
from handlers.operations.end_run import finish_run
from handlers.payloads import OfRun
from handlers.rules.progress import progress
from handlers.text.words import Safe, escape
from handlers.views.announcement import tell_kept
from store import Run


def asked(event: ButtonPressed, run: Run, ctx: Context) -> Iterator[Effect]:
    """*Finish* on the card: a dialog that says what is still open."""
    yield Ask(dialog=_dialog(ctx, run))


def by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    """`finish`, asked once more by a dialog; `finish now` without."""
    still_open = progress(ctx, run).open
    if words.casefold() == "now" or (not still_open and not event.trigger_id):
        yield from _finish(ctx, run, event.asker)
        yield ctx.answer("finish", "answer", run=run)
    elif event.trigger_id:
        yield Ask(dialog=_dialog(ctx, run))
    else:
        yield ctx.answer("finish", "confirm", open=len(still_open))


def by_dialog(event: DialogSubmitted, run: Run, ctx: Context) -> Iterator[Effect]:
    """The finish dialog, confirmed."""
    yield from _finish(ctx, run, event.asker)


def _finish(ctx: Context, run: Run, by: Person) -> Iterator[Effect]:
    finished = yield from finish_run(ctx, run, by)
    yield from tell_kept(ctx, run, finished.kept, by)


def _dialog(ctx: Context, run: Run) -> Dialog:
    still_open = progress(ctx, run).open
    examples = ", ".join(f"{one.number} {escape(one.task.title)}" for one in still_open[:3])
    more = ", …" if len(still_open) > 3 else ""
    said = ctx.say("finish", run=run, open=len(still_open), examples=Safe(examples + more))
    return FINISH_CONFIRM.dialog(OfRun(run.id), said["dialog_title"], intro=said["intro"], submit=said["submit"])
