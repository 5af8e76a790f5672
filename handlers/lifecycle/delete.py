"""Deleting a run that was made by mistake, asked once more."""

from collections.abc import Iterator

from handlers.context import Context
from handlers.controls import RUN_DELETE
from handlers.effects import Ask, Content, Effect, Tell
from handlers.events import ButtonPressed, CommandGiven, DialogSubmitted, Person
from handlers.operations.end_run import delete_run
from handlers.payloads import OfRun
from store import Run


def by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    """`delete`, asked once more by a dialog; `delete now` without."""
    if words.casefold() == "now":
        yield from _delete(ctx, run, event.asker)
    else:
        yield _ask(ctx, run) if event.trigger_id else ctx.answer("delete", "confirm", run=run)


def asked(event: ButtonPressed, run: Run, ctx: Context) -> Iterator[Effect]:
    """*Delete…* in the card's menu."""
    yield _ask(ctx, run)


def by_dialog(event: DialogSubmitted, run: Run, ctx: Context) -> Iterator[Effect]:
    """The dialog, confirmed."""
    yield from _delete(ctx, run, event.asker)


def _delete(ctx: Context, run: Run, by: Person) -> Iterator[Effect]:
    deleted = yield from delete_run(ctx, run, by)
    told = ctx.say("delete", run=run)["answer_archived" if deleted.own_channel else "answer"]
    # The channel that this was said in goes away, and its private answers with it.
    yield Tell(person_id=by.id, content=Content(told))


def _ask(ctx: Context, run: Run) -> Ask:
    said = ctx.say("delete", run=run)
    dialog = RUN_DELETE.dialog(OfRun(run.id), said["dialog_title"], intro=said["intro"], submit=said["submit"])
    return Ask(dialog=dialog)
