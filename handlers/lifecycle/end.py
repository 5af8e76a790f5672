"""Ending a run and deleting one, each asked once more, and taking one up again."""

from handlers.context import Context
from handlers.controls import FINISH_CONFIRM, RUN_DELETE
from handlers.effects import ChangeChannel, Effects
from handlers.events import ButtonPressed, CommandGiven, DialogSubmitted
from handlers.operations.end_run import delete_run, finish_run, restart_run
from handlers.payloads import OfRun
from handlers.rules import permissions
from handlers.rules.progress import progress
from handlers.text.plain_forms import bare
from handlers.text.words import Safe, escape
from handlers.views.announcement import tell_kept
from store import Job, Run


def finish(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`finish`, asked once more by a dialog; `finish now` without."""
    still_open = progress(ctx, run).open
    if _is_now(ctx, "finish", words) or (not still_open and not event.trigger_id):
        yield from finished(event, run, ctx)
        yield ctx.answer("finish", "answer", run=run)
    elif event.trigger_id:
        yield from finish_asked(event, run, ctx)
    else:
        yield ctx.answer("finish", "confirm", open=len(still_open))


def _is_now(ctx: Context, word: str, words: str) -> bool:
    """Return whether something is to be done unasked. Raises `Refused` where other words stand behind the command."""
    if bare(words).casefold() not in ("", "now"):
        raise ctx.refused("finish", "only_now", "only_now", word=Safe(word), words=words)
    return bool(bare(words))


def finish_asked(event: ButtonPressed | CommandGiven, run: Run, ctx: Context) -> Effects:
    """*Finish* on the card: a dialog that says what is still open."""
    still_open = progress(ctx, run).open
    examples = ", ".join(f"{one.number} {escape(one.task.title)}" for one in still_open[:3])
    more = ", …" if len(still_open) > 3 else ""
    said = ctx.say("finish", run=run, open=len(still_open), examples=Safe(examples + more))
    yield FINISH_CONFIRM.ask(OfRun(run.id), said)


def finished(event: DialogSubmitted | CommandGiven, run: Run, ctx: Context) -> Effects:
    """The finish dialog, confirmed."""
    done = yield from finish_run(ctx, run, event.asker)
    yield from tell_kept(ctx, run, done.kept)


def restart(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`restart`, and `restart #12` from wherever it is said."""
    if run.is_active and not event.run_id:
        over = [one for one in ctx.store.runs_in(event.place.id) if not one.is_active]
        allowed = [one for one in over if permissions.may(ctx, "finish", event.asker, one)]
        run = allowed[0] if len(allowed) == 1 else run
    yield from restarted(event, run, ctx)


def restarted(event: ButtonPressed | CommandGiven, run: Run, ctx: Context) -> Effects:
    """*Restart* on the card of a finished run."""
    yield from restart_run(ctx, run, event.asker)
    yield ctx.answer("restart", "answer", run=run, link=ctx.run_link(run))


def delete(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`delete`, asked once more by a dialog; `delete now` without."""
    if _is_now(ctx, "delete", words):
        yield from deleted(event, run, ctx)
    elif event.trigger_id:
        yield from delete_asked(event, run, ctx)
    else:
        yield ctx.answer("delete", "confirm", run=run)


def delete_asked(event: ButtonPressed | CommandGiven, run: Run, ctx: Context) -> Effects:
    """*Delete…* in the card's menu."""
    yield RUN_DELETE.ask(OfRun(run.id), ctx.say("delete", run=run))


def deleted(event: DialogSubmitted | CommandGiven, run: Run, ctx: Context) -> Effects:
    """The dialog, confirmed."""
    done = yield from delete_run(ctx, run, event.asker)
    yield ctx.answer("delete", "answer_archived" if done.own_channel else "answer", run=run)


def archive_due(job: Job, ctx: Context) -> Effects:
    """The run has been over for long enough that everything is said: archive the channel that was opened for it."""
    run = ctx.store.run(job.run_id, removed=True)
    if run is None or run.is_active or run.channel_id is None or run.closed_place:
        return
    run.closed_place = "archived"
    yield ChangeChannel(run_id=run.id, place_id=run.channel_id, archived=True)
