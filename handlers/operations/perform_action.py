"""Doing an action of a run's playbook, each kind in its way, and noting what is known of it at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, assert_never

from handlers.context import Context
from handlers.effects import ArrangeChannel, Content, Effect, Effects, Invite, Post
from handlers.operations.call_webhooks import call_webhook
from handlers.operations.create_run import header_of
from handlers.operations.settle_action import settle
from handlers.playbooks.playbook import playbook_of
from handlers.rules import jobs
from handlers.rules.action_blocks import in_the_way
from handlers.rules.action_rows import action_of, guests_of, rows_of
from handlers.rules.assignees import holder
from handlers.rules.places import may_go_to
from handlers.rules.planned_actions import EVENTS, GROUP
from handlers.text.words import calls_in
from handlers.views.action_offer import offer
from handlers.views.announcement import targets
from handlers.views.keep import post
from handlers.views.welcome import welcome_all
from store import ActionRow, ActionWhy, Message, Run


@dataclass(frozen=True, slots=True)
class Guests:
    """Whom an action invites now: people by their ids, and by their user names."""

    ids: tuple[str, ...]
    usernames: tuple[str, ...]


def begin(ctx: Context, run: Run, row: ActionRow) -> Effects:
    """Do an action, unless something is in the way of it."""
    row.begun_at = ctx.now
    block = in_the_way(ctx, run, row)
    if block is not None:
        yield from settle(ctx, run, row, *block)
        return
    match row.kind:
        case "channel":
            # The channel was opened, or found, before anything else could be done.
            yield from settle(ctx, run, row, "done")
        case "broadcast":
            yield from _note_broadcast(ctx, run, row)
        case "header" | "category":
            yield from _arrange(ctx, run, row)
        case "invite":
            yield from _invite(ctx, run, row)
        case "welcome":
            yield from posting(row, welcome_all(ctx, run))
        case "post":
            yield from _post(ctx, run, row)
        case "command":
            message = Message(kind="note", run_id=run.id, place_id=run.channel_id or "")
            yield from posting(row, post(ctx, message, offer(ctx, run, row)))
        case "run":
            jobs.plan(ctx, "follow_up", run, ctx.now, jobs.FollowUp(action_id=row.id))
        case "webhook":
            yield from _call(ctx, run, row)
        case _:
            assert_never(row.kind)


def guests(ctx: Context, run: Run, names: tuple[str, ...]) -> Guests:
    """Return whom names mean now: people, and whoever has a role; groups are asked for when they are invited."""
    roles = [one for one in names if not one.startswith(("@", GROUP))]
    ids = dict.fromkeys(holder(ctx, run, role) for role in roles)
    return Guests(
        ids=tuple(one for one in ids if one), usernames=tuple(one[1:] for one in names if one.startswith("@"))
    )


def posting(row: ActionRow, effects: Iterator[Effect]) -> Effects:
    """Give on effects, and take note of the message that they post for an action."""
    for effect in effects:
        if isinstance(effect, Post):
            row.message_id = effect.message_id
        yield effect


def _invite(ctx: Context, run: Run, row: ActionRow) -> Effects:
    found = guests(ctx, run, guests_of(row))
    if not (found.ids or found.usernames or row.part):
        yield from settle(ctx, run, row, "skipped", "nobody")
        return
    yield Invite(
        run_id=run.id,
        place_id=run.channel_id or "",
        person_ids=found.ids,
        usernames=found.usernames,
        group=row.part,
        action_id=row.id,
    )


def _arrange(ctx: Context, run: Run, row: ActionRow) -> Effects:
    book = playbook_of(run.definition)
    header = header_of(ctx, run, book) if row.kind == "header" else None
    category = book.channel.category if row.kind == "category" else None
    yield ArrangeChannel(
        run_id=run.id, place_id=run.channel_id or "", action_id=row.id, header=header, category=category
    )


def _post(ctx: Context, run: Run, row: ActionRow) -> Effects:
    action = action_of(row)
    assert action is not None
    why: ActionWhy | Literal[""] = ""
    place_id = run.channel_id or ""
    if action.channel is not None:
        known = ctx.store.place_named(run.team_id, action.channel.removeprefix("~"))
        place_id = known.id if known is not None else ""
        why = "no_place" if known is None or not known.is_member else "" if may_go_to(ctx, run, known) else "kept"
    if why:
        yield from settle(ctx, run, row, "skipped" if why == "kept" else "failed", why)
        return
    content = Content(ctx.say("why", text=action.post)["posted"])
    message = Message(kind="note", run_id=run.id, place_id=place_id)
    yield from posting(row, post(ctx, message, content, calls=calls_in(action.post)))


def _call(ctx: Context, run: Run, row: ActionRow) -> Effects:
    task = ctx.store.task(row.task_id)
    delivery = call_webhook(ctx, run, row.part, EVENTS[row.occasion], row.by_id, task)
    if delivery is None:
        yield from settle(ctx, run, row, "skipped", "hook_off")
    else:
        row.delivery_id = delivery.id


def _note_broadcast(ctx: Context, run: Run, row: ActionRow) -> Effects:
    """Note where a run was told; that a channel is not there was said where it was to be told."""
    there = targets(ctx, run)
    row.told_at = row.told_at or ctx.now
    if there.lost:
        yield from settle(ctx, run, row, "failed", "no_place", ", ".join(there.lost))
    elif there.kept and not there.places:
        yield from settle(ctx, run, row, "skipped", "kept", ", ".join(there.kept))
    else:
        yield from settle(ctx, run, row, "done")


def row_named(ctx: Context, run: Run, key: str) -> ActionRow | None:
    """Return the action of a run that has a key."""
    return next((one for one in rows_of(ctx, run) if one.key == key), None)
