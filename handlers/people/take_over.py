"""Answering whether to take a run over: by button, reaction or command, and everybody concerned is told."""

from collections.abc import Iterator
from typing import Literal

from handlers.context import Context
from handlers.effects import Answer, Content, Effect, Refuse
from handlers.events import CommandGiven, Person, Press
from handlers.operations.change_owner import change_owner
from handlers.payloads import OfHandover
from handlers.rules import permissions
from handlers.text.words import Safe
from handlers.views.handover import close_handovers, in_channel, of_handover
from handlers.views.keep import tell_about
from store import Handover, Run
from store.queries.finding import handovers_to

Reply = Literal["accepted", "declined"]

SHOWN = 20
"""How many questions one answer names."""


def by_button(event: Press[OfHandover], ctx: Context, answer: Reply) -> Iterator[Effect]:
    """*Take over* or *Not now*, by the one who was asked."""
    handover = ctx.store.handover(event.payload.handover_id)
    run = ctx.store.run(handover.run_id) if handover is not None else None
    if handover is None or run is None:
        yield permissions.gone(ctx)
        return
    yield from _answered(ctx, run, handover, event.asker, answer)


def accepted(event: CommandGiven, words: str, ctx: Context) -> Iterator[Effect]:
    """`accept`."""
    yield from _by_command(event, ctx, "accepted")


def declined(event: CommandGiven, words: str, ctx: Context) -> Iterator[Effect]:
    """`decline`."""
    yield from _by_command(event, ctx, "declined")


def _by_command(event: CommandGiven, ctx: Context, answer: Reply) -> Iterator[Effect]:
    """Answer anywhere: about the run that is named, this channel's, or the only one."""
    asked = [one for one in handovers_to(ctx.store, event.asker.id) if event.run_id in (0, one[0].id)]
    waiting = [one for one in asked if not permissions.is_outside(ctx, event.asker, one[0])]
    meant = [one for one in waiting if event.place.id and one[0].channel_id == event.place.id] or waiting
    if not meant:
        yield permissions.not_of_team(ctx) if asked else _nothing_asked(event, ctx)
    elif len(meant) > 1:
        runs = [{"number": run.id, "name": run.name} for run, _ in meant[:SHOWN]]
        said = ctx.say("handover", runs=runs, word=Safe("accept" if answer == "accepted" else "decline"))
        yield Answer(content=Content(said["which"]))
    else:
        run, handover = meant[0]
        said = ctx.say("handover", run=run, link=ctx.run_link(run), who=ctx.username(handover.from_id))
        done = list(_answered(ctx, run, handover, event.asker, answer))
        yield from done
        if not any(isinstance(one, Refuse) for one in done):
            yield Answer(content=Content(said[f"closed_{answer}"]))


def _answered(ctx: Context, run: Run, handover: Handover, person: Person, answer: Reply) -> Iterator[Effect]:
    # Somebody else may have settled it until the run is held.
    ctx.store.run(run.id)
    said = of_handover(ctx, run)
    if permissions.is_outside(ctx, person, run):
        yield permissions.not_of_team(ctx)
    elif person.id != handover.to_id:
        other = of_handover(ctx, run, owner=ctx.username(handover.to_id))
        yield Refuse(title=other["not_asked_title"], text=other["not_asked"])
    elif not run.is_active:
        yield permissions.finished(ctx, run, person)
    elif handover.answer:
        yield Refuse(title=said["over_title"], text=said["over"])
    elif answer == "accepted":
        yield from _accept(ctx, run, handover, person)
    else:
        yield from _decline(ctx, run, handover, person)


def _nothing_asked(event: CommandGiven, ctx: Context) -> Refuse:
    """Say that nobody waits for this answer, or whose it is where the asker may know that."""
    named = [ctx.store.run(event.run_id)] if event.run_id else ctx.store.runs_in(event.place.id)
    for run in named:
        waiting = ctx.store.open_handover(run.id) if run is not None and run.is_active else None
        if run is not None and waiting is not None and permissions.may_see(ctx, event.asker, run):
            other = of_handover(ctx, run, owner=ctx.username(waiting.to_id))
            return Refuse(title=other["not_asked_title"], text=other["not_asked"])
    said = ctx.say("handover")
    return Refuse(title=said["nothing_asked_title"], text=said["nothing_asked"])


def _accept(ctx: Context, run: Run, handover: Handover, person: Person) -> Iterator[Effect]:
    before = run.owner_id
    yield from close_handovers(ctx, run, "accepted")
    yield from change_owner(ctx, run, person, person)
    said = of_handover(ctx, run)
    for one in dict.fromkeys((handover.from_id, before)):
        if one != person.id:
            yield from tell_about(ctx, run, one, Content(said["accepted"]))


def _decline(ctx: Context, run: Run, handover: Handover, person: Person) -> Iterator[Effect]:
    ctx.note(run, "handover_declined", person.id)
    yield from close_handovers(ctx, run, "declined")
    said = of_handover(ctx, run, owner=person.username)
    yield from in_channel(ctx, run, said["declined_here"])
    for one in dict.fromkeys((handover.from_id, run.owner_id)):
        yield from tell_about(ctx, run, one, Content(said["declined"]))
