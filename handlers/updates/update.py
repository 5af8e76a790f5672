"""Status updates: posted, asked for at their time, or put off; and who follows a run, to be told of them."""

from typing import Annotated

from handlers.context import Context
from handlers.controls import UPDATE_POST
from handlers.effects import Answer, Ask, Correct, Doing, Effects, Entry, Option, Tell
from handlers.events import Acted, ButtonPressed, CommandGiven, Person, Press, Submission
from handlers.forms import Filled, Text, at_field
from handlers.messages.as_direct_message import told
from handlers.operations.follow_run import Following, follow_run, unfollow_run
from handlers.operations.post_update import TEXT_LIMIT, Posted, ask_for_update, post_update, put_off, require_planned
from handlers.payloads import OfRun, RunLater
from handlers.playbooks.playbook import playbook_of
from handlers.rules import next_update
from handlers.rules.next_update import Next
from handlers.rules.planned_actions import broadcast_on
from handlers.rules.run_values import update_template
from handlers.rules.time_named import time_named
from handlers.text.durations import LONGEST, Span
from handlers.text.escaping import as_kept, as_typed
from handlers.text.numbers import number
from handlers.text.words import Safe
from handlers.views.announcement import targets, tell_kept
from handlers.views.reminder import SNOOZES
from store import Job, Run

_CHOICES = (15 * 60, 30 * 60, 3600, 4 * 3600, 86400, 7 * 86400)


class UpdateForm(Filled, frozen=True):
    """The dialog of a status update; `next` is in how many seconds the next one is due, 0 for none."""

    text: Annotated[str, Text(TEXT_LIMIT)]
    next: str


def asked(event: ButtonPressed, run: Run, ctx: Context) -> Effects:
    """*Post update* on the card, on a reminder, or in what somebody has to do."""
    yield _dialog(ctx, run, run.update_every)


def by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`update [next=2h] [text]`: posted as it is, or with a dialog where one can be opened."""
    coming, words = next_update.leading(event, run, words, ctx)
    if words:
        posted = yield from _post(ctx, run, words, event.asker, coming)
        yield _answer(ctx, run, posted)
    elif event.trigger_id:
        yield _dialog(ctx, run, coming.seconds(ctx.now))
    else:
        yield ctx.answer("update", "how", run=run)


def by_dialog(event: Submission[OfRun, UpdateForm], run: Run, ctx: Context) -> Effects:
    """The update dialog, filled in."""
    choice = event.form.next
    if choice != "0" and not 0 < number(choice) <= LONGEST:
        yield Correct(errors={"next": ctx.say("update")["next_missing"]})
        return
    with at_field("text"):
        posted = yield from _post(
            ctx, run, _kept(ctx, run, event.form.text), event.asker, next_update.after(ctx, number(choice))
        )
    if posted.reach != "here":
        yield Tell(person_id=event.asker.id, content=_answer(ctx, run, posted).content)


def by_page(event: Acted[UpdateForm], run: Run, ctx: Context) -> Effects:
    """The form of an update on a page."""
    seconds = number(event.form.next)
    with at_field("text"):
        posted = yield from _post(
            ctx, run, _kept(ctx, run, event.form.text), event.asker, next_update.after(ctx, min(seconds, LONGEST))
        )
    yield _answer(ctx, run, posted)


def update_due(job: Job, ctx: Context) -> Effects:
    """An update is due: ask for it, as long as the run expects one."""
    run = ctx.store.run(job.run_id)
    if run is not None and run.is_active and run.update_due_at is not None:
        yield from ask_for_update(ctx, run, job)


def snoozed(event: Press[RunLater], run: Run, ctx: Context) -> Effects:
    """*Snooze…*: the update is due later."""
    if event.payload.seconds not in SNOOZES:
        raise ctx.refused("reminder", "choose")
    yield from put_off(ctx, run, Span.of(event.payload.seconds).after(ctx.now, ctx.reader.zone), event.asker)


def snoozed_by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`snooze 2h`, or until a time: the update is due later."""
    require_planned(ctx, run)
    if not words:
        raise ctx.refused("reminder", "how_long", "choose")
    until = time_named(ctx, words, ctx.reader)
    yield from put_off(ctx, run, until, event.asker)
    yield ctx.answer("reminder", "put_off", until=until)


def follow(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`follow`."""
    yield _following(ctx, run, follow_run(ctx, run, event.asker))


def unfollow(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`unfollow`."""
    yield _following(ctx, run, unfollow_run(ctx, run, event.asker))


def turned_on_page(event: Acted[Filled], run: Run, ctx: Context, *, follows: bool) -> Effects:
    """*Follow* and *Unfollow* on a page."""
    turn = follow_run if follows else unfollow_run
    yield _following(ctx, run, turn(ctx, run, event.asker))


def follow_turned(event: ButtonPressed, run: Run, ctx: Context) -> Effects:
    """*Follow or unfollow* in the menu."""
    turn = follow_run if ctx.store.follower(run.id, event.asker.id) is None else unfollow_run
    yield from told(event, (_following(ctx, run, turn(ctx, run, event.asker)),))


def _following(ctx: Context, run: Run, now: Following) -> Answer:
    if now.follows:
        block = "following_before" if now.before else "following"
    else:
        block = "unfollowed" if now.before else "unfollowed_before"
    return ctx.answer("members", block, run=run, link=ctx.run_link(run))


def _post(ctx: Context, run: Run, text: str, by: Person, coming: Next) -> Doing[Posted]:
    posted = yield from post_update(ctx, run, text, by, coming)
    yield from tell_kept(ctx, run, posted.kept)
    return posted


def _kept(ctx: Context, run: Run, typed: str) -> str:
    """Return what somebody typed over a template, in whose other lines the values of the run are still words."""
    return as_kept(typed, update_template(ctx, run))


def _answer(ctx: Context, run: Run, posted: Posted) -> Answer:
    block = "answer" if posted.reach == "here" else f"answer_{posted.reach}"
    return ctx.answer("update", block, run=run, why=Safe(ctx.say("people")[run.closed_place or "archived"]))


def _dialog(ctx: Context, run: Run, next_in: int) -> Ask:
    book = playbook_of(run.definition)
    there = targets(ctx, run, "update")
    reached = [name for name in book.updates.broadcast if "update" in broadcast_on(book) and name not in there.kept]
    said = ctx.say("update", run=run, broadcast=Safe(", ".join(reached)), kept=Safe(", ".join(there.kept)))
    every = sorted({*_CHOICES, run.update_every, next_in} - {0})
    options = [Option(ctx.say("update", seconds=one)["next_in"], str(one)) for one in every]
    never = Option(said["next_never"], "0")
    text = Entry(
        name="text",
        label=said["text"],
        kind="textarea",
        default=(run.last_update_text or as_typed(update_template(ctx, run)))[:TEXT_LIMIT],
        help=said["text_help"],
        max_length=TEXT_LIMIT,
    )
    coming = Entry(name="next", label=said["next"], kind="select", default=str(next_in), options=(*options, never))
    return UPDATE_POST.ask(OfRun(run.id), said, text, coming)
