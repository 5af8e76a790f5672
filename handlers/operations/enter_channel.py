"""A run comes into its channel: its people, its card, its checklists, and the answer in the prompt."""

from collections.abc import Iterator
from typing import Literal

from handlers.context import Context
from handlers.effects import Effects, Invite, Post
from handlers.events import Place
from handlers.operations.channel_head import make_head
from handlers.operations.happenings import happened
from handlers.operations.perform_action import guests, posting, row_named
from handlers.operations.settle_action import settle
from handlers.playbooks.playbook import Playbook, playbook_of
from handlers.rules import planned_people
from handlers.rules.assignees import people_of
from handlers.rules.groups import named_in_words
from handlers.rules.progress import progress
from handlers.views.announcement import show_news
from handlers.views.assignment import tell_planned
from handlers.views.attributes import ask_for_missing
from handlers.views.card import card
from handlers.views.checklist import refresh_checklists
from handlers.views.handover import of_handover
from handlers.views.keep import note, post, tell_about
from handlers.views.prompt import refresh_prompt, refresh_questions
from handlers.views.welcome import welcome_all
from store import KnownPlace, Message, Run


def arrive(ctx: Context, run: Run, place: Place) -> Effects:
    """Invite people, post the card and the checklists, and say in the prompt where the run is."""
    ctx.meet_place(place)
    run.channel_id, run.state = place.id, "active"
    book = playbook_of(run.definition)
    yield from _opened(ctx, run)
    if book.welcome:
        yield from _for_row(ctx, run, "welcome", welcome_all(ctx, run))
    if book.updates.broadcast_start:
        yield from show_news(ctx, run)
    yield from _name_gone(ctx, run, book)
    yield from show_all(ctx, run)
    yield from ask_for_missing(ctx, run)
    if place.kind in ("O", "P"):
        # Who comes now is told of nothing that stood there before.
        posted = [one.id for one in ctx.store.messages_of(run.id) if one.place_id == place.id]
        holders = [one.person_id for one in ctx.store.role_holders(run.id) if one.person_id]
        planned = [person_id for one in progress(ctx, run).tasks for person_id in people_of(ctx, run, one.task)]
        invited = guests(ctx, run, book.invite)
        yield Invite(
            run_id=run.id,
            place_id=place.id,
            person_ids=tuple(dict.fromkeys((run.creator_id, run.owner_id, *holders, *planned, *invited.ids))),
            usernames=invited.usernames,
            meet=run.own_channel,
            after=max(posted, default=None),
            action_id=_begun(ctx, run, "invite"),
        )
        yield from make_head(ctx, run, run.owner_id)
    # The server tells all whom it adds to a channel of the run's own, where the card says who owns the run.
    if not run.own_channel:
        if run.owner_id != run.creator_id:
            said = of_handover(ctx, run, by=ctx.username(run.creator_id))
            yield from tell_about(ctx, run, run.owner_id, said, "yours_from_start")
        yield from tell_planned(ctx, run, but={run.creator_id, run.owner_id})
    for prompt in ctx.store.prompts_of(run.id):
        yield from refresh_prompt(ctx, prompt)
    yield from refresh_questions(ctx, run)
    yield from happened(ctx, run, "run.started", run.creator_id)


def _opened(ctx: Context, run: Run) -> Effects:
    """Note that the run has its channel, and whether that got the header; one that was there before keeps its own."""
    for row in ctx.store.action_rows(run.id):
        if row.kind == "channel" and row.is_under_way:
            yield from settle(ctx, run, row, "done")
        elif row.kind == "header" and row.is_under_way:
            yield from settle(ctx, run, row, *(("done",) if run.own_channel else ("skipped", "there_before")))


def _begun(ctx: Context, run: Run, key: str) -> int:
    """Note that an action is under way, and return its id; 0 where the run has none of that key."""
    row = row_named(ctx, run, key)
    if row is None:
        return 0
    row.cause(ctx.now, run.creator_id, None)
    row.begun_at = ctx.now
    return row.id


def _for_row(ctx: Context, run: Run, key: str, effects: Effects) -> Effects:
    """Give on what is done for an action, with the message that it posts noted."""
    row = ctx.store.action_row(_begun(ctx, run, key))
    yield from posting(row, effects) if row is not None else effects


def show_all(ctx: Context, run: Run) -> Effects:
    """Post a run's checklists and its card in the channel where it is now.

    A channel opens at its end: there stands the card, from where a run is begun. A bare checklist begins in its list.
    """
    shown = post(ctx, Message(kind="card", run_id=run.id, place_id=run.channel_id or ""), card(ctx, run))
    if run.playbook_id is None:
        yield from shown
    yield from refresh_checklists(ctx, run)
    yield from shown


def found_place(known: KnownPlace) -> Place:
    """Return a channel of a team as a place to work in."""
    kind: Literal["O", "P"] = "O" if known.kind == "O" else "P"
    return Place(id=known.id, team_id=known.team_id, kind=kind, name=known.name, title=known.title)


def _name_gone(ctx: Context, run: Run, book: Playbook) -> Iterator[Post]:
    """Name once those who are not there for what the playbook gives them, or cannot have it, and who can mend that."""
    missing = {"gone": planned_people.gone(ctx, run, book), "unfit": planned_people.unfit(ctx, run, book)}
    for block, names in missing.items():
        said = ctx.say(
            "people",
            people=planned_people.mentioned(names),
            count=len(names),
            who=ctx.username(run.owner_id) if book.owner in names else "",
            admins=named_in_words(book.admins),
        )
        if names:
            yield from note(ctx, run, said, f"planned_{block}")
