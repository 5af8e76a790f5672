"""What follows from each kind of event, and what jobs lead to."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import assert_never

from handlers import events as on
from handlers.automation import follow_ups, results
from handlers.context import Context
from handlers.editing import check_up, orphans, trying
from handlers.effects import Decided, Effects, Redraw, Refused
from handlers.figures.keep import keep_changed
from handlers.insights import weekly
from handlers.lifecycle import end, timeline
from handlers.messages import channel_changed, delivery_failures, without_buttons
from handlers.messages.current import redraw
from handlers.people import channel_members, roles
from handlers.personal import digests
from handlers.retro import asking
from handlers.routes import finding
from handlers.routes.buttons import pressed
from handlers.routes.commands import WORDS, given
from handlers.routes.dialogs import submitted
from handlers.routes.pages import acted
from handlers.routes.rows import InRun
from handlers.rules.places import is_with_bot
from handlers.start import channel_events, prompts
from handlers.tasks import done_when, due, slash_commands
from handlers.updates import update
from handlers.webhooks.answered import answered
from store import Job, JobKind

JOBS: Mapping[JobKind, Callable[[Job, Context], Effects]] = {
    "admins": orphans.due,
    "archive": end.archive_due,
    "check_up": check_up.due,
    "digest": digests.due,
    "fold": prompts.folded,
    "follow_up": follow_ups.due,
    "insights": weekly.summary_due,
    "retro": asking.asked_again,
    "task_due": due.reminded,
    "task_soon": due.reminded,
    "turn": roles.turned,
    "update": update.update_due,
}
"""What each kind of job leads to, once; what it keeps is read with `jobs.read`."""


Learnt = (
    on.ChannelArranged
    | on.ChannelOpened
    | on.CommandRan
    | on.MessagePosted
    | on.PeopleInvited
    | on.Undeliverable
    | on.WebhookAnswered
)
"""What comes back of effects and webhooks that were delivered, or cannot be."""


def look_ahead(events: Iterable[on.AnyEvent], ctx: Context) -> None:
    """Ask at once for the runs that the decisions about some events ask for first."""
    messages, places, bare_in, people = set(), set(), set(), set()
    for event in events:
        match event:
            case on.ButtonPressed():
                messages.add(event.message_id)
                bare_in.add(event.place.id)
                people.add(event.asker.id)
            case on.CommandGiven() if isinstance(WORDS.get(finding.split(event.text)[0]), InRun):
                places.add(event.place.id)
                people.add(event.asker.id)
    ctx.store.look_ahead(messages=messages, places=places, bare_in=bare_in, people=people)


def handle(event: on.AnyEvent, ctx: Context) -> Iterator[Decided]:
    """Decide what follows from an event, and what its messages show then."""
    stale: dict[int, bool] = {}
    for effect in decide(event, ctx):
        if isinstance(effect, Redraw):
            stale[effect.message_id] = effect.again or stale.get(effect.message_id, False)
        else:
            yield effect
    yield from redraw(ctx, stale)


def decide(event: on.AnyEvent, ctx: Context) -> Effects:
    """Decide what follows from an event; what messages show then is left open, as `Redraw`."""
    asker = on.asker_of(event)
    if asker is not None and not isinstance(event, on.MessageHeard):
        ctx.meet(asker)
    found = _decide(event, ctx.to(ctx.reader_of(asker)))
    yield from found if ctx.here.buttons else without_buttons.without_buttons(found, ctx)
    keep_changed(ctx)


def _decide(event: on.AnyEvent, ctx: Context) -> Effects:
    match event:
        case on.MessageHeard():
            yield from _heard(event, ctx)
        case on.CommandGiven():
            yield from given(event, ctx)
        case on.ButtonPressed():
            yield from pressed(event, ctx)
        case on.DialogSubmitted():
            yield from submitted(event, ctx)
        case on.PageActed():
            yield from acted(event, ctx)
        case on.JobDue():
            yield from _due(event, ctx)
        case on.ReactionAdded():
            yield from _reacted(event, ctx)
        case on.ButtonsSwitched():
            yield from without_buttons.switched(event, ctx)
        case on.PersonJoined():
            ctx.meet(event.person)
            yield from channel_members.joined(event, ctx)
        case on.PersonLeft():
            yield from channel_members.left(event, ctx)
        case on.TeamLeft():
            yield from channel_members.left_team(event, ctx)
            orphans.left_team(event, ctx)
        case on.MessageOvertaken():
            yield from delivery_failures.overtaken(event, ctx)
        case on.PlaceChanged() | on.PlaceUnknown():
            yield from channel_changed.changed(event, ctx)
        case on.PlaceClosed():
            yield from delivery_failures.place_closed(event, ctx)
        case on.PlaceReopened():
            yield from delivery_failures.place_reopened(event, ctx)
        case on.PostDeleted():
            yield from delivery_failures.post_deleted(event, ctx)
        case _:
            yield from _learnt(event, ctx)


def _learnt(event: Learnt, ctx: Context) -> Effects:
    """Decide what follows from what a delivery has taught."""
    match event:
        case on.CommandRan():
            yield from slash_commands.ran(event, ctx)
            yield from results.command_ran(event, ctx)
        case on.ChannelOpened():
            yield from channel_events.channel_opened(event, ctx)
            yield from trying.opened(event, ctx)
        case on.PeopleInvited():
            yield from channel_members.invited(event, ctx)
            yield from channel_events.invited(event, ctx)
            yield from results.invited(event, ctx)
        case on.ChannelArranged():
            yield from results.arranged(event, ctx)
        case on.MessagePosted():
            yield from channel_events.posted(event, ctx)
            yield from results.posted(event, ctx)
            yield from without_buttons.posted(event, ctx)
        case on.WebhookAnswered():
            yield from answered(event, ctx)
            yield from results.webhook_answered(event, ctx)
        case on.Undeliverable():
            yield from delivery_failures.undeliverable(event, ctx)
            yield from results.undeliverable(event, ctx)
        case _:
            assert_never(event)


def _heard(event: on.MessageHeard, ctx: Context) -> Effects:
    if not ctx.store.once(f"post:{event.post_id}", ctx.now, event.place.id):
        return
    ctx.meet(event.author)
    word = finding.split(finding.without_call(event.command or "", ctx))[0]
    if event.command is not None and (not word or word in WORDS or not event.hits):
        yield from given(finding.from_message(event), ctx)
    else:
        yield from done_when.heard(event, ctx)
        yield from _asked_about(event, ctx)


def _asked_about(event: on.MessageHeard, ctx: Context) -> Effects:
    """Ask about the keywords in a message; who writes to the bot alone is always answered."""
    is_direct = event.command is not None and is_with_bot(ctx, event.place)
    try:
        found = list(prompts.heard(event, ctx))
    except Refused as refused:
        found = [refused.refusal]
    yield from given(finding.from_message(event), ctx) if is_direct and not found else found


def _reacted(event: on.ReactionAdded, ctx: Context) -> Effects:
    """A reaction counts once; what stands for a press is decided by what the button would do."""
    if event.once and not ctx.store.once(event.once, ctx.now, event.place.id):
        return
    press = without_buttons.press_of(event, ctx)
    if press is not None:
        yield from without_buttons.told(event, pressed(press, ctx))
    yield from timeline.pinned(event, ctx)


def _due(event: on.JobDue, ctx: Context) -> Effects:
    """Decide what follows from a job; nobody could go where it leads while its run's channel is still to stand."""
    job = ctx.store.job(event.job_id)
    if job is None or job.done_at is not None or job.due_at > ctx.now:
        return
    run = ctx.store.run(job.run_id) if job.run_id is not None else None
    if run is None or run.state != "opening":
        follows = JOBS[job.kind]
        job.done_at = ctx.now
        yield from follows(job, ctx)
