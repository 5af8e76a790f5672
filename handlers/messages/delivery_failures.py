"""What was decided and cannot be delivered, and what was closed or deleted behind the bot's back."""

from collections.abc import Mapping

from handlers.context import Context
from handlers.controls import FINISH_ASK
from handlers.effects import Card, Content, Effects, Redraw, Tell
from handlers.events import MessageOvertaken, PlaceClosed, PlaceReopened, PostDeleted, Undeliverable
from handlers.messages.current import current
from handlers.payloads import OfRun
from handlers.rules.follow_ups import is_workable
from handlers.rules.places import is_public
from handlers.rules.teams import outside
from handlers.text.words import Safe
from handlers.views.announcement import unsay_finish
from handlers.views.card import card, refresh_card
from handlers.views.checklist import refresh_checklists
from handlers.views.keep import in_words, note, note_if_open, post, tell_about
from handlers.views.prompt import refresh_prompt
from store import Message, MessageKind, Run, WhyClosed

MISSED: tuple[MessageKind, ...] = ("card", "checklist", "update", "reminder", "finish", "retro", "retro_draft")
TOLD_ELSEWHERE: tuple[MessageKind, ...] = ("broadcast", "finish", "news")
_CLOSED: Mapping[str, WhyClosed] = {"archived": "archived", "channel_gone": "removed", "forbidden": "removed"}


def undeliverable(event: Undeliverable, ctx: Context) -> Effects:
    """Tell the person who can act, once; a message that cannot stand is not waited for any more."""
    message = ctx.store.message(event.message_id) if event.message_id is not None else None
    run_id = event.run_id if event.run_id is not None else message.run_id if message else None
    run = ctx.store.run(run_id) if run_id is not None else None
    if message is not None and message.post_id is None:
        message.gone_at = ctx.now
    elif message is not None and event.effect == "Edit":
        message.digest = ""
    if event.effect == "PostInsights" and event.person_id:
        yield _not_told(ctx, event)
    if run is None:
        return
    if message is not None and message.kind == "news":
        _give_up_thread(ctx, run, message)
    if event.effect == "OpenChannel":
        yield from _opening_failed(run, event, ctx)
    elif event.effect == "ChangeChannel":
        yield from _channel_unchanged(ctx, run)
    elif message is not None and message.kind in TOLD_ELSEWHERE and message.place_id != run.channel_id:
        yield from _broadcast_failed(ctx, run, message, event.reason)
    elif event.place_id not in ("", run.channel_id):
        # What was said elsewhere for an action tells nothing of the run's channel.
        return
    elif event.effect in ("Post", "Edit", "Invite") and event.reason in _CLOSED:
        yield from _close(ctx, run, _CLOSED[event.reason])
    elif event.effect == "Pin" and event.reason == "archived":
        # Archived a moment after it was opened; the right to pin alone may be missing elsewhere.
        yield from _close(ctx, run, "archived")
    elif event.effect == "Post" and message is not None and message.kind in MISSED:
        yield from _not_posted(ctx, run, message.kind, event.reason)


def place_closed(event: PlaceClosed, ctx: Context) -> Effects:
    """A run's channel cannot be used: tell the owner, who can restore it or finish the run."""
    for run in ctx.store.runs_in(event.place_id):
        yield from _close(ctx, run, event.why)


def place_reopened(event: PlaceReopened, ctx: Context) -> Effects:
    """The channel can be used again: show how its run stands."""
    for run in ctx.store.runs_in(event.place_id):
        if run.closed_place:
            run.closed_place = ""
            if run.is_active:
                yield from unsay_finish(ctx, run)
            yield from refresh_card(ctx, run, again=True)
            yield from refresh_checklists(ctx, run, again={row.id for row in ctx.store.checklists(run.id)})
            if run.is_active and not ctx.store.messages("card", run_id=run.id):
                again = Message(kind="card", run_id=run.id, place_id=event.place_id)
                yield from post(ctx, again, card(ctx, run))


def post_deleted(event: PostDeleted, ctx: Context) -> Effects:
    """Somebody deleted one of the bot's messages: a card or a checklist of an active run is posted again."""
    found = ctx.store.message_at(event.post_id)
    # Every process hears of it; who holds the message sees what the others have made of that.
    message = ctx.store.message_held(found.id) if found is not None else None
    if message is None or message.gone_at is not None:
        return
    message.gone_at = ctx.now
    run = ctx.store.run(message.run_id) if message.run_id is not None else None
    if run is None or run.closed_place or message.kind not in ("card", "checklist"):
        return
    if not is_workable(ctx, run, message.checklist_id or 0):
        return
    again = Message(
        kind=message.kind,
        run_id=run.id,
        checklist_id=message.checklist_id,
        part=message.part,
        place_id=message.place_id,
    )
    if (content := current(ctx, again)) is not None:
        yield from post(ctx, again, content)


def overtaken(event: MessageOvertaken, ctx: Context) -> Effects:
    """A message fell back behind what it showed before: draw it as things stand now."""
    message = ctx.store.message_at(event.post_id)
    if message is not None:
        yield Redraw(message_id=message.id, again=True)


def _not_told(ctx: Context, event: Undeliverable) -> Tell:
    """Tell who asked that what runs tell cannot be posted where they asked."""
    said = ctx.say("insights", ctx.reader_of(event.person_id))
    why = said[f"undelivered_{event.reason}" if event.reason in ("forbidden", "archived") else "undelivered_other"]
    text = ctx.say("insights", ctx.reader_of(event.person_id), why=Safe(why))["undelivered"]
    return Tell(person_id=event.person_id, content=Content(text))


def _close(ctx: Context, run: Run, why: WhyClosed) -> Effects:
    if run.closed_place or not run.is_active:
        return
    run.closed_place = why
    ctx.note(run, "channel_closed", subject=why)
    ctx = ctx.to(ctx.reader_of(run.owner_id))
    said = ctx.say("people")
    text = ctx.say("people", run=run, why=Safe(said[why]), remedy=Safe(said[f"remedy_{why}"]))["closed"]
    finish = FINISH_ASK.button(said["finish"], OfRun(run.id))
    if outside(ctx, run, [run.owner_id]):
        return
    message = ctx.store.add(Message(kind="trouble", run_id=run.id))
    yield Tell(
        person_id=run.owner_id,
        content=Content(text, (Card(colour="amber", controls=(finish,)),)),
        message_id=message.id,
    )


def _channel_unchanged(ctx: Context, run: Run) -> Effects:
    """The server lets somebody else rename, archive or restore the channel, but not the bot: say who can."""
    said = ctx.say("restart", run=run, link=ctx.run_link(run), owner=ctx.username(run.owner_id))
    if run.closed_place == "archived" and run.is_active:
        yield from tell_about(ctx, run, run.owner_id, said, "not_restored")
    elif run.closed_place == "archived":
        run.closed_place = ""
        yield from note(ctx, run, said, "not_archived")
    elif not run.closed_place:
        yield from note(ctx, run, said, "not_renamed")


def _not_posted(ctx: Context, run: Run, kind: MessageKind, reason: str) -> Effects:
    ctx = ctx.to(ctx.readers_of(run))
    said = ctx.say("trouble")
    why = said["post_too_long" if reason == "too_long" else "post"]
    yield from note(ctx, run, ctx.say("trouble", what=Safe(said[f"what_{kind}"]), why=Safe(why)), "not_posted")


def _broadcast_failed(ctx: Context, run: Run, message: Message, reason: str) -> Effects:
    ctx = ctx.to(ctx.readers_of(run))
    place = ctx.store.place(message.place_id)
    channel = f"~{place.name}" if place and is_public(ctx, place.id) else ctx.say("moment")["private_place"]
    why = ctx.say("trouble")[f"post_{reason}" if reason in ("forbidden", "archived") else "post"]
    said = ctx.say("update", channel=Safe(channel), reason=Safe(why), invites=reason == "forbidden")
    yield from note_if_open(ctx, run, said, "broadcast_failed")


def _give_up_thread(ctx: Context, run: Run, first: Message) -> None:
    """Wait no more for what was to stand under a first post that never will; the server is not asked to show it."""
    for one in ctx.store.messages_of(run.id):
        is_under = one.kind in TOLD_ELSEWHERE and one.place_id == first.place_id and one.place_id != run.channel_id
        if is_under and first.post_id is None and one.post_id is None:
            one.gone_at = ctx.now


def _opening_failed(run: Run, event: Undeliverable, ctx: Context) -> Effects:
    """The channel cannot be opened: end the run, open the prompt again, and tell who wanted it."""
    run.finish("", ctx.now)
    ctx.note(run, "opening_failed", subject=event.reason)
    ctx.store.cancel_all_jobs(ctx.now, run.id)
    ctx = ctx.to(ctx.reader_of(run.creator_id))
    team = ctx.store.team(run.team_id)
    said = ctx.say("trouble", team=team.title or team.name if team else run.team_id)
    reason = Safe(said["open_forbidden" if event.reason == "forbidden" else "open"])
    yield in_words(ctx, run.creator_id, ctx.say("start", name=run.name, reason=reason), "opening_failed")
    for prompt in ctx.store.prompts_of(run.id):
        prompt.state, prompt.run_id, prompt.answered_by = "open", None, ""
        yield from refresh_prompt(ctx, prompt)
