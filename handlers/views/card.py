"""The run card: one pinned message that says how the run stands."""

from collections.abc import Iterator

from handlers.context import Context
from handlers.effects import Button, Card, Colour, Content, Field, Redraw
from handlers.views.progress import Progress, progress
from handlers.views.zones import run_zone
from handlers.words import Said
from store import Run


def card(ctx: Context, run: Run, standing: Progress | None = None) -> Content:
    """Return the card's content; only an active run's card has buttons."""
    said = _said(ctx, run, standing or progress(ctx, run))
    colour, state = _state(ctx, run, said)
    return Content(
        cards=(
            Card(
                colour=colour,
                title=said["title"],
                text=said["text"],
                fields=(
                    Field(said["owner"], f"@{ctx.username(run.owner_id)}"),
                    Field(said["state"], state),
                    Field(said["tasks"], said["tasks_value"]),
                    Field(said["next_update"], _next_update(ctx, run, said)),
                    *_last_update(run, said),
                ),
                footer=said["footer"],
                controls=_controls(run, said),
            ),
        )
    )


def refresh_card(ctx: Context, run: Run, *, again: bool = False) -> Iterator[Redraw]:
    """Show how the run stands now, with `again` even where the card is known to show it."""
    for message in ctx.store.messages("card", run_id=run.id):
        yield Redraw(message_id=message.id or 0, again=again)


def _said(ctx: Context, run: Run, standing: Progress) -> Said:
    return ctx.say(
        "card",
        run=run,
        playbook=run.definition["title"],
        done=standing.done,
        total=standing.total,
        zone=run_zone(ctx, run),
        creator=ctx.username(run.creator_id),
        origin_link=ctx.post_link(run.team_id, run.origin_post_id),
    )


def _state(ctx: Context, run: Run, said: Said) -> tuple[Colour, str]:
    if not run.is_active:
        return "green", said["state_finished"]
    if run.is_update_late(ctx.now):
        return "red", said["state_late"]
    return "blue", said["state_active"]


def _next_update(ctx: Context, run: Run, said: Said) -> str:
    if run.update_due_at is None:
        return said["next_none"]
    return said["next_late" if run.is_update_late(ctx.now) else "next_due"]


def _last_update(run: Run, said: Said) -> tuple[Field, ...]:
    if run.last_update_at is None:
        return ()
    return (Field(said["last_update"], said["last_update_value"], short=False),)


def _controls(run: Run, said: Said) -> tuple[Button, ...]:
    if not run.is_active:
        return ()
    return (
        Button(said["post_update"], "update.ask", str(run.id), "primary"),
        Button(said["finish"], "finish.ask", str(run.id)),
    )
