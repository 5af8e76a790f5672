"""The message that asks somebody to take a run over, the line that stays of it, and what others are told."""

from collections.abc import Iterator
from typing import Any

from handlers.context import Context
from handlers.controls import HANDOVER_DECLINE, HANDOVER_TAKE, RUN_BRIEF
from handlers.effects import Card, Content, Edit
from handlers.payloads import OfHandover, OfRun
from handlers.rules import permissions
from handlers.text.sentences import Said
from handlers.views.keep import show
from store import Handover, HandoverAnswer, Run


def handover_asked(ctx: Context, run: Run, handover: Handover) -> Content:
    """Return the question whether to take a run over, with what its owner wrote to it."""
    said = ctx.say(
        "handover",
        ctx.reader_of(handover.to_id),
        run=run,
        link=ctx.run_link(run),
        who=ctx.username(handover.from_id),
        words=handover.words,
    )
    controls = (
        HANDOVER_TAKE.button(said["take"], OfHandover(handover.id), "primary"),
        HANDOVER_DECLINE.button(said["not_now"], OfHandover(handover.id)),
        RUN_BRIEF.button(said["brief"], OfRun(run.id)),
    )
    return Content(said["asked"], (Card(colour="amber", text=said["asked_text"], controls=controls),))


def close_handovers(ctx: Context, run: Run, answer: HandoverAnswer, **values: Any) -> Iterator[Edit]:
    """Answer what is asked of a run's next owner.

    Whoever left meanwhile learns that it is settled, and nothing of the run.
    """
    while (handover := ctx.store.open_handover(run.id)) is not None:
        handover.answer, handover.answered_at = answer, ctx.now
        values |= {"run": run, "link": ctx.run_link(run), "who": ctx.username(handover.from_id)}
        said = ctx.say("handover", ctx.reader_of(handover.to_id), **values)
        is_over = answer == "withdrawn" and permissions.is_over_for(ctx, run, handover.to_id)
        for message in ctx.store.messages("handover", run_id=run.id):
            yield from show(message, Content(said["closed_untold" if is_over else f"closed_{answer}"]))
            message.kind = "handover_closed"


def of_handover(ctx: Context, run: Run, owner: str = "", by: str = "", reader_id: str = "") -> Said:
    """Return the sentences about a run that changes hands; its owner, unless another one is named, is who has it.

    `reader_id` is who reads them alone.
    """
    return ctx.say(
        "handover",
        run=run,
        link=ctx.run_link(run),
        owner=owner or ctx.username(run.owner_id),
        before=ctx.username(run.owner_id),
        who=by,
        is_you=reader_id == run.owner_id,
    )
