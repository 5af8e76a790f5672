"""The first post about a run in a channel of its playbook: how the run stands, kept true, with its news in a thread.

Clients fold threads, so it says all that who reads there needs.
"""

from collections.abc import Iterator

from handlers.context import Context
from handlers.effects import Card, Content, Redraw
from handlers.rules.places import may_go_to
from handlers.rules.progress import Progress
from handlers.views.amounts import lengths_of
from handlers.views.keep import reader_of
from handlers.views.timeline import outcome_of
from store import Message, Run


def news(ctx: Context, run: Run, message: Message, standing: Progress) -> Content | None:
    """Return what the first post about a run shows now; None where the run's words go there no more."""
    place = ctx.store.place(message.place_id)
    if place is None or not may_go_to(ctx, run, place):
        return None
    said = ctx.say(
        "news",
        reader_of(ctx, message),
        run=run,
        link=ctx.run_link(run),
        outcome=outcome_of(ctx, run),
        owner=ctx.username(run.owner_id),
        done=standing.done,
        total=standing.total,
        **lengths_of(ctx, run),
    )
    return Content(said["text"], (Card(colour="blue" if run.is_active else "green", text=said["line"]),))


def news_in(ctx: Context, run: Run, place_id: str) -> Message | None:
    """Return the first post about a run in a channel; None where there is none, or it was deleted."""
    return next((one for one in ctx.store.messages("news", run_id=run.id) if one.place_id == place_id), None)


def refresh_news(ctx: Context, run: Run) -> Iterator[Redraw]:
    """Show in the first posts about a run how it stands now."""
    for message in ctx.store.messages("news", run_id=run.id):
        yield Redraw(message_id=message.id)
