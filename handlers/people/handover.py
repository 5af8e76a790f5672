"""Who owns a run: shown, changed at once, or asked to take it, and what they answer."""

from typing import Annotated

from handlers.context import Context
from handlers.controls import HANDOVER_GIVE
from handlers.effects import Correct, Effects, Entry, Refused
from handlers.events import ButtonPressed, CommandGiven, Person, Press, Submission
from handlers.forms import Filled, Text
from handlers.messages.as_direct_message import told
from handlers.operations.change_owner import change_owner
from handlers.operations.hand_over import WORDS_LIMIT, Reply, answer_handover, hand_over, not_asked
from handlers.payloads import OfHandover, OfRun
from handlers.rules import people_named, permissions
from handlers.text.words import Safe
from handlers.views.handover import of_handover
from store import Run
from store.queries.finding import handovers_to

SHOWN = 20
"""How many questions one answer names."""


class HandoverForm(Filled, frozen=True):
    """The dialog that asks whom to ask, or to give the run to `now`."""

    to: str
    now: bool
    words: Annotated[str, Text(WORDS_LIMIT)]


def owner(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`owner` shows, `owner @bob` changes."""
    person = people_named.alone(event, words, ctx, "owner")
    block, before = "owner", ""
    if person is not None:
        done = yield from change_owner(ctx, run, person, event.asker)
        block, before = "owner_changed" if done.is_new else "owner_before", ctx.username(done.before_id)
    name = ctx.username(run.owner_id)
    is_you = run.owner_id == event.asker.id
    yield ctx.answer("members", block, run=run, link=ctx.run_link(run), owner=name, before=before, is_you=is_you)


def by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`handover @bob [words]`."""
    person, rest = people_named.leading(event, words, ctx)
    if person is not None:
        yield from _hand_over(ctx, run, person, event.asker, rest)
    elif event.trigger_id:
        yield from asked(event, run, ctx)
    else:
        raise ctx.refused("members", "who", word=Safe("handover"))


def asked(event: ButtonPressed | CommandGiven, run: Run, ctx: Context) -> Effects:
    """*Hand over* on the card: a dialog with the person and some words."""
    said = of_handover(ctx, run)
    to = Entry(name="to", label=said["to"], kind="users")
    now = Entry(name="now", label=said["now"], kind="bool", placeholder=said["now_help"], optional=True)
    words = Entry(name="words", label=said["words"], kind="textarea", optional=True, max_length=WORDS_LIMIT)
    yield HANDOVER_GIVE.ask(OfRun(run.id), said, to, now, words)


def by_dialog(event: Submission[OfRun, HandoverForm], run: Run, ctx: Context) -> Effects:
    """The dialog, filled in."""
    person = people_named.chosen(ctx, event.form.to)
    if person is None or person.id == run.owner_id:
        yield Correct(errors={"to": of_handover(ctx, run)["to_missing"]})
    else:
        found = _hand_over(ctx, run, person, event.asker, event.form.words, at_once=event.form.now)
        yield from told(event, found, "to")


def _hand_over(ctx: Context, run: Run, to: Person, by: Person, words: str, *, at_once: bool = False) -> Effects:
    done = yield from hand_over(ctx, run, to, by, words, at_once=at_once)
    about = {"run": run, "owner": to.username, "before": ctx.username(done.before_id), "is_you": to.id == by.id}
    if done.what == "given":
        yield ctx.answer("members", "owner_changed", **about)
    else:
        yield ctx.answer("handover", "asking" if done.what == "asked" else "asking_before", **about)


def answered(event: Press[OfHandover], ctx: Context, reply: Reply) -> Effects:
    """*Take over* or *Not now*, by the one who was asked."""
    handover = ctx.store.handover(event.payload.handover_id)
    run = ctx.store.run(handover.run_id) if handover is not None else None
    if handover is None or run is None:
        raise permissions.gone(ctx)
    yield from answer_handover(ctx, run, handover, event.asker, reply)


def answered_by_command(event: CommandGiven, _: str, ctx: Context, reply: Reply) -> Effects:
    """`accept` and `decline`, anywhere: about the run that is named, this channel's, or the only one."""
    asked = [one for one in handovers_to(ctx.store, event.asker.id) if event.run_id in (0, one[0].id)]
    waiting = [one for one in asked if not permissions.is_outside(ctx, event.asker, one[0])]
    meant = [one for one in waiting if event.place.id and one[0].channel_id == event.place.id] or waiting
    if not meant:
        raise permissions.not_of_team(ctx) if asked else _nothing_asked(event, ctx)
    if len(meant) > 1:
        runs = [{"number": run.called, "name": run.name} for run, _ in meant[:SHOWN]]
        word = Safe("accept" if reply == "accepted" else "decline")
        yield ctx.answer("handover", "which", runs=runs, word=word)
        return
    run, handover = meant[0]
    done = yield from answer_handover(ctx, run, handover, event.asker, reply)
    who = ctx.username(done.from_id)
    yield ctx.answer("handover", f"closed_{done.reply}", run=run, link=ctx.run_link(run), who=who)


def _nothing_asked(event: CommandGiven, ctx: Context) -> Refused:
    """Say that nobody waits for this answer, or whose it is where the asker may know that."""
    named = [ctx.store.run(event.run_id)] if event.run_id else ctx.store.runs_in(event.place.id)
    for run in named:
        waiting = ctx.store.open_handover(run.id) if run is not None and run.is_active else None
        if run is not None and waiting is not None and permissions.may_see(ctx, event.asker, run):
            return not_asked(ctx, waiting)
    return ctx.refused("handover", "nothing_asked")
