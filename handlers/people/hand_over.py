"""Handing a run over: somebody is asked to take it, or has it at once."""

from collections.abc import Iterator
from typing import Annotated

from handlers.context import Context
from handlers.controls import HANDOVER_GIVE
from handlers.effects import Answer, Ask, Content, Correct, Dialog, Effect, Entry, Refuse
from handlers.events import ButtonPressed, CommandGiven, Person, Submission
from handlers.forms import Filled, Text
from handlers.operations.as_direct_message import told
from handlers.operations.change_owner import change_owner
from handlers.payloads import OfRun
from handlers.rules import people_named, teams
from handlers.text.words import Safe
from handlers.views.handover import close_handovers, handover_asked, in_channel, of_handover
from handlers.views.keep import tell
from store import Handover, Message, Run

WORDS_LIMIT = 1000


class HandoverForm(Filled, frozen=True):
    """The dialog that asks whom to ask, or to give the run to `now`."""

    to: str
    now: bool
    words: Annotated[str, Text(WORDS_LIMIT)]


def by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    """`handover @bob [words]`."""
    person, rest = people_named.leading(event, words, ctx)
    if isinstance(person, Refuse):
        yield person
    elif person is not None:
        yield from _ask(ctx, run, person, event.asker, rest)
    elif event.trigger_id:
        yield Ask(dialog=_dialog(ctx, run))
    else:
        said = ctx.say("members", word=Safe("handover"))
        yield Refuse(title=said["who_title"], text=said["who"])


def asked(event: ButtonPressed, run: Run, ctx: Context) -> Iterator[Effect]:
    """*Hand over* on the card: a dialog with the person and some words."""
    yield Ask(dialog=_dialog(ctx, run))


def by_dialog(event: Submission[OfRun, HandoverForm], run: Run, ctx: Context) -> Iterator[Effect]:
    """The dialog, filled in."""
    person = people_named.chosen(ctx, event.form.to)
    if person is None or person.id == run.owner_id:
        yield Correct(errors={"to": of_handover(ctx, run)["to_missing"]})
    else:
        found = _ask(ctx, run, person, event.asker, event.form.words, at_once=event.form.now)
        yield from told(event, found, "to")


def _ask(ctx: Context, run: Run, person: Person, by: Person, words: str, *, at_once: bool = False) -> Iterator[Effect]:
    waiting = ctx.store.open_handover(run.id)
    if (refusal := _not_for(ctx, run, person)) is not None:
        yield refusal
    elif at_once or person.id == by.id:
        before = ctx.username(run.owner_id)
        yield from change_owner(ctx, run, person, by)
        said = ctx.say("members", run=run, owner=person.username, before=before)
        yield Answer(content=Content(said["owner_changed"]))
    elif waiting is not None and waiting.to_id == person.id:
        yield Answer(content=Content(of_handover(ctx, run, owner=person.username)["asking_before"]))
    else:
        yield from _propose(ctx, run, person, by, words[:WORDS_LIMIT])


def _propose(ctx: Context, run: Run, person: Person, by: Person, words: str) -> Iterator[Effect]:
    yield from close_handovers(ctx, run, "withdrawn", owner="")
    handover = ctx.store.add(Handover(run_id=run.id, from_id=by.id, to_id=person.id, words=words, asked_at=ctx.now))
    ctx.note(run, "handover_asked", by.id, subject=f"@{person.username}")
    message = Message(kind="handover", run_id=run.id, person_id=person.id)
    yield from tell(ctx, message, handover_asked(ctx, run, handover))
    said = of_handover(ctx, run, owner=person.username, by=by.username)
    yield from in_channel(ctx, run, said["asking_here"])
    yield Answer(content=Content(said["asking"]))


def _not_for(ctx: Context, run: Run, person: Person) -> Refuse | None:
    said = ctx.say("members", run=run, owner=person.username)
    if person.id == run.owner_id:
        return Refuse(title=said["not_for_title"], text=said["owner_before"])
    if person.is_bot or person.is_guest:
        return Refuse(title=said["not_for_title"], text=said["not_for_bot" if person.is_bot else "not_for_guest"])
    return teams.not_in_team(ctx, run, [person.id])


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
