"""Ending a run and deleting one, each asked once more, and taking one up again."""

from typing import Annotated

from handlers.context import Context
from handlers.controls import FINISH_CONFIRM, RUN_DELETE, entry
from handlers.effects import ChangeChannel, Effects
from handlers.events import Acted, ButtonPressed, CommandGiven, Person, Submission
from handlers.forms import Filled, Line, Text, at_field
from handlers.operations.end_run import OUTCOME_LIMIT, delete_run, finish_run, require_end, restart_run
from handlers.operations.set_milestone import filled_in, set_milestone, times_to_ask
from handlers.payloads import OfRun
from handlers.playbooks.milestones import BY_PEOPLE
from handlers.rules import permissions
from handlers.rules.progress import progress
from handlers.rules.time_fields import LIMIT, field_of, time_entries
from handlers.text.arguments import first_word
from handlers.text.plain_forms import bare
from handlers.text.words import Safe, escape
from handlers.views.announcement import targets, tell_kept
from store import Job, Run

MISTAKEN = frozenset({"mistake", "by mistake", "as mistake", "started by mistake"})
"""What behind `finish` says that the run counts in no figure."""


class FinishForm(Filled, frozen=True):
    """The dialog that ends a run, with what came of it, when what was reached, and whether it was a mistake at all."""

    outcome: Annotated[str, Text(OUTCOME_LIMIT)]
    mistaken: bool
    impact_started: Annotated[str | None, Line(LIMIT)]
    detected: Annotated[str | None, Line(LIMIT)]
    mitigated: Annotated[str | None, Line(LIMIT)]
    impact_ended: Annotated[str | None, Line(LIMIT)]


class DeleteForm(Filled, frozen=True):
    """The dialog that deletes a run: of its own channel it asks whether that stays, of another what is said there."""

    keep: bool
    say: bool


def finish(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`finish`, asked once more by a dialog; `finish now` without, and what came of the run may stand behind it."""
    still_open = progress(ctx, run).open_before_end
    word, rest = first_word(words)
    at_once = bare(word).casefold() == "now"
    outcome = rest if at_once else words.strip()
    if bare(outcome).casefold() in MISTAKEN:
        yield from _finish(ctx, run, event.asker, "", was_mistaken=True)
        yield ctx.answer("finish", "answer", run=run)
    elif at_once or (not still_open and not event.trigger_id):
        yield from _finish(ctx, run, event.asker, outcome)
        yield ctx.answer("finish", "answer", run=run)
    elif event.trigger_id:
        yield from finish_asked(event, run, ctx, outcome)
    else:
        yield ctx.answer("finish", "confirm", open=len(still_open), outcome=outcome)


def finish_asked(event: ButtonPressed | CommandGiven, run: Run, ctx: Context, outcome: str = "") -> Effects:
    """*Finish* on the card: a dialog that says what is still open, and asks what came of the run."""
    still_open = progress(ctx, run).open_before_end
    examples = ", ".join(f"{one.number} {escape(one.task.title)}" for one in still_open[:3])
    more = ", …" if len(still_open) > 3 else ""
    kept = Safe(", ".join(targets(ctx, run, "finish").kept))
    said = ctx.say("finish", run=run, open=len(still_open), examples=Safe(examples + more), kept=kept)
    asked = entry(said, "outcome", "textarea", default=outcome, optional=True, max_length=OUTCOME_LIMIT)
    times = time_entries(ctx, [(name, None) for name in times_to_ask(ctx, run)])
    mistaken = entry(said, "mistaken", "bool", placeholder=said["mistaken_tick"], optional=True)
    yield FINISH_CONFIRM.ask(OfRun(run.id), said, asked, *times, mistaken)


def finished(event: Submission[OfRun, FinishForm] | Acted[FinishForm], run: Run, ctx: Context) -> Effects:
    """The finish dialog, confirmed; a time that is left empty stays as it is."""
    form = event.form
    written = {name: words for name in BY_PEOPLE if (words := getattr(form, field_of(name)))}
    times = filled_in(ctx, run, written, "")
    with at_field("outcome"):
        require_end(ctx, run, event.asker, form.outcome)
    for name, at in times:
        yield from set_milestone(ctx, run, name, at, event.asker)
    yield from _finish(ctx, run, event.asker, form.outcome, was_mistaken=form.mistaken)


def finished_on_page(event: Acted[FinishForm], run: Run, ctx: Context) -> Effects:
    """The form that ends a run on its page."""
    yield from finished(event, run, ctx)
    yield ctx.answer("finish", "answer", run=run)


def _finish(ctx: Context, run: Run, by: Person, outcome: str, *, was_mistaken: bool = False) -> Effects:
    done = yield from finish_run(ctx, run, by, outcome, was_mistaken=was_mistaken)
    yield from tell_kept(ctx, run, done.kept)


def restart(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`restart`, and `restart #12` from wherever it is said."""
    if run.is_active and not event.run_id:
        over = [one for one in ctx.store.runs_in(event.place.id) if not one.is_active]
        allowed = [one for one in over if permissions.may(ctx, "finish", event.asker, one)]
        run = allowed[0] if len(allowed) == 1 else run
    yield from restarted(event, run, ctx)


def restarted(event: ButtonPressed | CommandGiven | Acted[Filled], run: Run, ctx: Context) -> Effects:
    """*Restart* on the card of a finished run."""
    yield from restart_run(ctx, run, event.asker)
    yield ctx.answer("restart", "answer", run=run, link=ctx.run_link(run))


def delete(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`delete`, asked once more by a dialog; `delete now` without."""
    word = bare(words).casefold()
    if word not in ("", "now"):
        raise ctx.refused("delete", "only_now", "only_now", words=words)
    if word:
        yield from _delete(ctx, run, event.asker)
    elif event.trigger_id:
        yield from delete_asked(event, run, ctx)
    else:
        yield ctx.answer("delete", "confirm", run=run)


def delete_asked(event: ButtonPressed | CommandGiven, run: Run, ctx: Context) -> Effects:
    """*Delete…* in the card's menu."""
    said = ctx.say("delete", run=run)
    name = "keep" if run.own_channel else "say"
    asked = entry(said, name, "bool", placeholder=said[f"{name}_tick"])
    yield RUN_DELETE.ask(OfRun(run.id), said, asked)


def deleted(event: Submission[OfRun, DeleteForm], run: Run, ctx: Context) -> Effects:
    """The dialog, confirmed."""
    yield from _delete(ctx, run, event.asker, keeps_channel=event.form.keep, is_said=event.form.say)


def _delete(ctx: Context, run: Run, by: Person, *, keeps_channel: bool = False, is_said: bool = False) -> Effects:
    done = yield from delete_run(ctx, run, by, keeps_channel=keeps_channel, is_said=is_said)
    yield ctx.answer("delete", "answer_archived" if done.is_archived else "answer", run=run)


def archive_due(job: Job, ctx: Context) -> Effects:
    """The run has been over for long enough that everything is said: archive the channel that was opened for it."""
    run = ctx.store.run(job.run_id, removed=True)
    if run is None or run.is_active or run.channel_id is None or run.closed_place:
        return
    run.closed_place = "archived"
    yield ChangeChannel(run_id=run.id, place_id=run.channel_id, archived=True)
