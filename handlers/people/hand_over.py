"""Handing a run over: who is asked to take it, in a command or a dialog."""

from typing import Annotated

from handlers.context import Context
from handlers.controls import HANDOVER_GIVE
from handlers.effects import Ask, Correct, Dialog, Effects, Entry
from handlers.events import ButtonPressed, CommandGiven, Person, Submission
from handlers.forms import Filled, Text
from handlers.operations.as_direct_message import told
from handlers.operations.hand_over import WORDS_LIMIT, hand_over
from handlers.payloads import OfRun
from handlers.rules import people_named
from handlers.text.words import Safe
from handlers.views.handover import of_handover
from store import Run


class HandoverForm(Filled, frozen=True):
    """The dialog that asks whom to ask, or to give the run to `now`."""

    to: str
    now: bool
    words: Annotated[str, Text(WORDS_LIMIT)]


def by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`handover @bob [words]`."""
    person, rest = people_named.leading(event, words, ctx)
    if person is not None:
        yield from _hand_over(ctx, run, person, event.asker, rest)
    elif event.trigger_id:
        yield Ask(dialog=_dialog(ctx, run))
    else:
        raise ctx.refused("members", "who", word=Safe("handover"))


def asked(event: ButtonPressed, run: Run, ctx: Context) -> Effects:
    """*Hand over* on the card: a dialog with the person and some words."""
    yield Ask(dialog=_dialog(ctx, run))


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
    about = {"run": run, "owner": to.username, "before": ctx.username(done.before_id)}
    if done.what == "given":
        yield ctx.answer("members", "owner_changed", **about)
    else:
        yield ctx.answer("handover", "asking" if done.what == "asked" else "asking_before", **about)


def _dialog(ctx: Context, run: Run) -> Dialog:
    said = of_handover(ctx, run)
    return HANDOVER_GIVE.dialog(
        OfRun(run.id),
        said["dialog_title"],
        intro=said["intro"],
        entries=(
            Entry(name="to", label=said["to"], kind="users"),
            Entry(name="now", label=said["now"], kind="bool", placeholder=said["now_help"], optional=True),
            Entry(name="words", label=said["words"], kind="textarea", optional=True, max_length=WORDS_LIMIT),
        ),
        submit=said["submit"],
    )
