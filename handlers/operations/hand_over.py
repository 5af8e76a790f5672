"""Handing a run over: somebody is asked to take it, or has it at once; and what they answer."""

from dataclasses import dataclass
from typing import Literal

from handlers.context import Context
from handlers.effects import Doing, Effects, Refused
from handlers.events import Person
from handlers.operations.change_owner import make_owner, require_fit
from handlers.rules import permissions
from handlers.views.handover import close_handovers, handover_asked, of_handover
from handlers.views.keep import note_if_open, tell, tell_about
from store import Handover, Message, Run

Reply = Literal["accepted", "declined"]

WORDS_LIMIT = 1000
"""How much is said to who is asked, in characters."""


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What was done to hand a run over to somebody; `before_id` is who owned it until now."""

    to: Person
    before_id: str
    what: Literal["given", "asked", "asked_before"]


@dataclass(frozen=True, slots=True)
class HandoverAnswered:
    """What somebody answered to who asked them to take a run over."""

    run_id: int
    from_id: str
    reply: Reply


def hand_over(
    ctx: Context, run: Run, to: Person, by: Person, words: str = "", *, at_once: bool = False
) -> Doing[HandedOver]:
    """Ask somebody to take a run over, or give it `at_once`. Raises `Refused` where `to` owns it already, or cannot."""
    waiting, before_id = ctx.store.open_handover(run.id), run.owner_id
    if to.id == before_id:
        is_you = to.id == by.id
        raise ctx.refused("members", "owner_before", "not_for", run=run, owner=to.username, is_you=is_you)
    require_fit(ctx, run, to)
    if at_once or to.id == by.id:
        yield from make_owner(ctx, run, to, by)
        return HandedOver(to, before_id, "given")
    if waiting is not None and waiting.to_id == to.id:
        return HandedOver(to, before_id, "asked_before")
    yield from _ask(ctx, run, to, by, words[:WORDS_LIMIT])
    return HandedOver(to, before_id, "asked")


def answer_handover(ctx: Context, run: Run, handover: Handover, by: Person, reply: Reply) -> Doing[HandoverAnswered]:
    """Take a run over, or not. Raises `Refused` where somebody else was asked, or nobody waits for it any more."""
    # Somebody else may have settled it until the run is held.
    ctx.store.run(run.id)
    if permissions.is_outside(ctx, by, run):
        raise permissions.not_of_team(ctx)
    if by.id != handover.to_id:
        raise not_asked(ctx, handover)
    if not run.is_active:
        raise permissions.finished(ctx, run, by)
    if handover.answer:
        raise ctx.refused("handover", "over", run=run, owner=ctx.username(run.owner_id))
    yield from _settle(ctx, run, handover, by, reply)
    return HandoverAnswered(run.id, handover.from_id, reply)


def not_asked(ctx: Context, handover: Handover) -> Refused:
    """Say who was asked to take a run over."""
    return ctx.refused("handover", "not_asked", owner=ctx.username(handover.to_id))


def _ask(ctx: Context, run: Run, to: Person, by: Person, words: str) -> Effects:
    yield from close_handovers(ctx, run, "withdrawn", owner="")
    handover = ctx.store.add(Handover(run_id=run.id, from_id=by.id, to_id=to.id, words=words, asked_at=ctx.now))
    ctx.note(run, "handover_asked", by.id, subject=f"@{to.username}")
    message = Message(kind="handover", run_id=run.id, person_id=to.id)
    yield from tell(ctx, message, handover_asked(ctx, run, handover))
    yield from note_if_open(ctx, run, of_handover(ctx, run, owner=to.username, by=by.username), "asking_here")


def _settle(ctx: Context, run: Run, handover: Handover, by: Person, reply: Reply) -> Effects:
    before_id = run.owner_id
    if reply == "declined":
        ctx.note(run, "handover_declined", by.id)
    yield from close_handovers(ctx, run, reply)
    if reply == "accepted":
        yield from make_owner(ctx, run, by, by)
    else:
        yield from note_if_open(ctx, run, of_handover(ctx, run, owner=by.username), "declined_here")
    # Who owned a run that changes hands is told of that, however it came.
    concerned = {handover.from_id: reply, before_id: reply} if reply == "declined" else {handover.from_id: reply}
    for one in concerned:
        if one != by.id and (reply == "declined" or one != before_id):
            said = of_handover(ctx, run, owner=by.username, reader_id=one)
            yield from tell_about(ctx, run, one, said, reply)
