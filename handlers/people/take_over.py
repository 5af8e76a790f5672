"""Answering whether to take a run over: by button, reaction or command."""

from collections.abc import Iterator

from handlers.context import Context
from handlers.effects import Effect, Refused
from handlers.events import CommandGiven, Press
from handlers.operations.hand_over import Reply, answer_handover, not_asked
from handlers.payloads import OfHandover
from handlers.rules import permissions
from handlers.text.words import Safe
from store.queries.finding import handovers_to

SHOWN = 20
"""How many questions one answer names."""


def by_button(event: Press[OfHandover], ctx: Context, reply: Reply) -> Iterator[Effect]:
    """*Take over* or *Not now*, by the one who was asked."""
    handover = ctx.store.handover(event.payload.handover_id)
    run = ctx.store.run(handover.run_id) if handover is not None else None
    if handover is None or run is None:
        raise Refused(permissions.gone(ctx))
    yield from answer_handover(ctx, run, handover, event.asker, reply)


def by_command(event: CommandGiven, _: str, ctx: Context, reply: Reply) -> Iterator[Effect]:
    """`accept` and `decline`, anywhere: about the run that is named, this channel's, or the only one."""
    asked = [one for one in handovers_to(ctx.store, event.asker.id) if event.run_id in (0, one[0].id)]
    waiting = [one for one in asked if not permissions.is_outside(ctx, event.asker, one[0])]
    meant = [one for one in waiting if event.place.id and one[0].channel_id == event.place.id] or waiting
    if not meant:
        raise permissions.not_of_team(ctx) if asked else _nothing_asked(event, ctx)
    if len(meant) > 1:
        runs = [{"number": run.id, "name": run.name} for run, _ in meant[:SHOWN]]
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
