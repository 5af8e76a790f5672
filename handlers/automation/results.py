"""What became of what a playbook does by itself, as far as the server and the addresses tell."""

from collections.abc import Mapping

from handlers.automation import offers
from handlers.context import Context
from handlers.effects import Effects
from handlers.events import (
    ChannelArranged,
    CommandRan,
    MessagePosted,
    PeopleInvited,
    Undeliverable,
    WebhookAnswered,
)
from handlers.messages.delivery_failures import TOLD_ELSEWHERE
from handlers.operations.automate import came_of
from handlers.rules.places import is_public
from handlers.text.words import mention
from store import ActionRow, ActionWhy, Reason, Run

MOST_NAMED = 20
"""How many of those who could not be added a row names."""

_WHY: Mapping[Reason, ActionWhy] = {
    "forbidden": "forbidden",
    "channel_gone": "no_place",
    "archived": "archived",
    "not_found": "no_place",
    "too_long": "too_long",
    "person_gone": "server",
    "refused": "server",
}


def invited(event: PeopleInvited, ctx: Context) -> Effects:
    """People were added, or could not be; these are named in the run's channel."""
    for run, row in _under_way(ctx, event.action_id):
        names = ", ".join(mention(name) for name in list(event.refused)[:MOST_NAMED])
        if event.no_group == "no_groups":
            yield from came_of(ctx, run, row, "skipped", event.no_group)
        elif event.no_group:
            yield from came_of(ctx, run, row, "failed", event.no_group)
        elif names:
            row.told_at = ctx.now
            yield from came_of(ctx, run, row, "done" if event.added else "failed", "not_added", names)
        else:
            yield from came_of(ctx, run, row, "done")


def arranged(event: ChannelArranged, ctx: Context) -> Effects:
    """The channel has its header or its category, or the server has no such thing."""
    for run, row in _under_way(ctx, event.action_id):
        yield from came_of(ctx, run, row, *(("done",) if event.is_done else ("skipped", "no_categories")))


def posted(event: MessagePosted, ctx: Context) -> Effects:
    """A message of an action stands; an offered command waits for somebody to run it."""
    message = ctx.store.message(event.message_id)
    row = ctx.store.action_of_message(event.message_id) if message is not None and message.kind == "note" else None
    if row is not None and row.kind != "command":
        for run, one in _under_way(ctx, row.id):
            yield from came_of(ctx, run, one, "done")


def command_ran(event: CommandRan, ctx: Context) -> Effects:
    """An offered command was run, or not."""
    for run, row in _known(ctx, event.action_id):
        yield from offers.ran(event, run, row, ctx)


def webhook_answered(event: WebhookAnswered, ctx: Context) -> Effects:
    """An address took what it was told, or takes nothing any more, which those who look after it are told."""
    row = ctx.store.action_of_delivery(event.delivery_id)
    delivery = ctx.store.webhook_delivery(event.delivery_id) if row is not None else None
    if row is None or delivery is None or delivery.done_at is None:
        return
    for run, one in _under_way(ctx, row.id):
        one.told_at = ctx.now
        yield from came_of(ctx, run, one, *(("done",) if not event.why else ("failed", "hook_failed")))


def undeliverable(event: Undeliverable, ctx: Context) -> Effects:
    """What an action wanted can never be delivered."""
    row = ctx.store.action_row(event.action_id)
    if row is None and event.effect == "Post" and event.message_id is not None:
        row = ctx.store.action_of_message(event.message_id)
    if event.effect == "Post" and row is None:
        _not_told(ctx, event)
    if event.effect == "OpenChannel" and event.run_id is not None:
        yield from _not_opened(ctx, event.run_id, _WHY.get(event.reason, "server"))
    for run, one in _under_way(ctx, row.id if row is not None else 0):
        yield from came_of(ctx, run, one, "failed", _WHY.get(event.reason, "server"))


def _not_told(ctx: Context, event: Undeliverable) -> None:
    """Note that a channel was not told of a run what was told last, as the run's own channel was told."""
    message = ctx.store.message(event.message_id) if event.message_id is not None else None
    if message is None or message.kind not in TOLD_ELSEWHERE or message.run_id is None:
        return
    told = [one for one in ctx.store.action_rows(message.run_id) if one.kind == "broadcast" and one.begun_at]
    place = ctx.store.place(message.place_id)
    last = max(told, key=lambda one: one.begun_at or ctx.now, default=None)
    if last is not None and place is not None and message.place_id != _channel_of(ctx, message.run_id):
        last.settle(
            "failed", ctx.now, _WHY.get(event.reason, "server"), f"~{place.name}" if is_public(ctx, place.id) else ""
        )


def _channel_of(ctx: Context, run_id: int) -> str | None:
    run = ctx.store.run(run_id)
    return run.channel_id if run is not None else None


def _not_opened(ctx: Context, run_id: int, why: ActionWhy) -> Effects:
    """Note that there is no channel, which was told to who wanted the run."""
    for one in ctx.store.action_rows(run_id):
        if one.is_under_way and one.kind in ("channel", "header"):
            one.settle("failed", ctx.now, why)
    yield from ()


def _known(ctx: Context, row_id: int) -> list[tuple[Run, ActionRow]]:
    """Return an action with its run, which is held; nothing where there is none."""
    row = ctx.store.action_row(row_id)
    run = ctx.store.run(row.run_id) if row is not None else None
    return [(run, row)] if row is not None and run is not None else []


def _under_way(ctx: Context, row_id: int) -> list[tuple[Run, ActionRow]]:
    """Return the same, of one of which it is not known yet what becomes of it."""
    return [(run, row) for run, row in _known(ctx, row_id) if row.is_under_way]
