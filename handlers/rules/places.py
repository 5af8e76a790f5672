"""What a run's channel is now, by what the server said of it last: who may see the run, and where its words may go."""

from collections.abc import Mapping
from typing import Any

from handlers.context import Context
from handlers.events import Place
from handlers.playbooks.playbook import playbook_of
from store import KnownPlace, Run, is_closed


def place_of(ctx: Context, run: Run) -> KnownPlace | None:
    """Return the channel that a run lives in; None as long as it has none."""
    return ctx.store.place(run.channel_id) if run.channel_id is not None else None


def is_public(ctx: Context, place_id: str) -> bool:
    """Return whether everybody of a team may read a channel; one of which that is not known counts as private."""
    return ctx.store.is_public(place_id)


def is_in_doubt(ctx: Context, run: Run) -> bool:
    """Return whether the bot does not know what a run's channel is now: it asks, or was taken out of it."""
    place = place_of(ctx, run)
    return place is not None and (place.left_by_hand or not place.kind)


def is_open(ctx: Context, run: Run) -> bool:
    """Return whether a run is everybody's to see, by its playbook and by its channel as it is or is planned."""
    said = run.definition
    if is_closed(said):
        return False
    if run.channel_id is None:
        return bool(said.get("channel", {}).get("visibility") == "public")
    return is_public(ctx, run.channel_id)


def sees_as_member(definition: Mapping[str, Any]) -> bool:
    """Return whether a playbook's members see its runs, whether they are in them or not."""
    return bool(definition.get("see_runs", "") != "participants")


def is_confidential(ctx: Context, run: Run) -> bool:
    """Return whether a run's words stay where it lives: not everybody may see it, or the message that it began with."""
    return began_in_private(ctx, run) or not is_open(ctx, run)


def began_in_private(ctx: Context, run: Run) -> bool:
    """Return whether the message that a run began with stands in another channel, which is private."""
    return run.origin_channel_id not in ("", run.channel_id) and not is_public(ctx, run.origin_channel_id)


def origin_text(ctx: Context, run: Run) -> str:
    """Return the message that a run began with, as far as all who may see the run may read it; else empty."""
    return "" if began_in_private(ctx, run) and is_open(ctx, run) else run.origin_text


def may_go_to(ctx: Context, run: Run, place: KnownPlace) -> bool:
    """Return whether a run's words may be said in a channel that its playbook names.

    Those of a confidential run go to public channels only where the playbook says so for private runs.
    """
    return place.kind == "P" or playbook_of(run.definition).updates.broadcast_private or not is_confidential(ctx, run)


def is_member(ctx: Context, place: Place) -> bool:
    """Return whether the bot is in a channel, or in a direct message that it was spoken to in."""
    known = ctx.store.place(place.id)
    return (known is not None and known.is_member) or is_with_bot(ctx, place)


def is_with_bot(ctx: Context, place: Place) -> bool:
    """Return whether a channel is a direct message to the bot."""
    return place.kind == "D" and ctx.here.bot.id in place.name.split("__")


def require_member(ctx: Context, place: Place) -> None:
    """Raise `Refused` where the bot is not in the channel in which somebody wants to begin something."""
    if not is_member(ctx, place):
        raise ctx.refused("bare" if place.kind in ("D", "G") else "start", "not_here")
