"""Publishing a retrospective, or skipping it with a reason; whoever asks for it."""

from dataclasses import dataclass

from handlers.context import Context
from handlers.effects import Content, Doing, Effects, Pin
from handlers.events import Person
from handlers.operations.add_follow_ups import Added, add_follow_ups
from handlers.operations.draft_retrospective import plan_archive
from handlers.operations.happenings import happened
from handlers.playbooks.playbook import playbook_of
from handlers.rules.planned_actions import broadcast_on
from handlers.rules.retrospective import LEAD_LIMIT, REASON_LIMIT, all_unanswered, opened
from handlers.text.sentences import Said
from handlers.views.announcement import show_news, tell_followers
from handlers.views.card import refresh_card
from handlers.views.keep import post
from handlers.views.news import news_in
from handlers.views.retro_shown import close_draft, published_parts, refresh_retrospective
from handlers.views.retro_text import texts_of
from store import Message, Retrospective, RetroVersion, Run


@dataclass(frozen=True, slots=True)
class Published:
    """A retrospective that everybody of the run can read: whether in its channel, where else it was told, and tasks.

    `kept` are channels of the playbook that were not told, as everybody reads there.
    """

    run_id: int
    is_here: bool
    channels: tuple[str, ...]
    kept: tuple[str, ...]
    added: Added
    is_addendum: bool


@dataclass(frozen=True, slots=True)
class Skipped:
    """A retrospective that nobody is asked for any more."""

    run_id: int
    reason: str


def publish_retrospective(
    ctx: Context, run: Run, by: Person, *, lead: str = "", to_channels: bool = False, anyway: bool = False
) -> Doing[Published]:
    """Post a retrospective in its run's channel, pin it, tell followers, and make tasks of its follow-ups.

    `lead` is a sentence for those who are told of it. Channels of the playbook are told with `to_channels`, or where
    the playbook says so. Raises `Refused` where there is nothing to publish, the run goes on, or (but for `anyway`) no
    question is answered.
    """
    row = opened(ctx, run)
    if run.is_active:
        raise ctx.refused("retro", "goes_on", "not_yet", run=run)
    if len(lead) > LEAD_LIMIT:
        raise ctx.refused("retro", "too_long", limit=LEAD_LIMIT, count=len(lead))
    if not anyway and all_unanswered(ctx.store.retro_sections(run.id)):
        raise ctx.refused("retro", "all_unanswered", "all_unanswered", run=run)
    is_addendum = row.has_more
    fresh = [one for one in ctx.store.retro_sections(run.id) if one.published_at is None]
    added = yield from add_follow_ups(ctx, run, fresh, by)
    _freeze(ctx, run, row, by, lead)
    ctx.store.cancel_jobs(ctx.now, "retro", run)
    ctx.note(run, "retro_published", by.id, subject=lead)
    yield from close_draft(ctx, run, "closed_published", who=by.username, is_addendum=is_addendum)
    said = _said(ctx, run, by, lead, is_addendum=is_addendum)
    yield from _post(ctx, run, said)
    to_channels = to_channels or "retrospective" in broadcast_on(playbook_of(run.definition))
    there = yield from _tell(ctx, run, by, said, to_channels=to_channels)
    yield from refresh_card(ctx, run)
    plan_archive(ctx, run)
    yield from happened(ctx, run, "retrospective.published", by.id)
    return Published(run.id, not run.closed_place, *there, added, is_addendum)


def skip_retrospective(ctx: Context, run: Run, reason: str, by: Person) -> Doing[Skipped]:
    """Ask for a retrospective no more. Raises `Refused` where there is none to be skipped, and without a reason."""
    row = opened(ctx, run)
    if not 0 < len(reason) <= REASON_LIMIT:
        raise ctx.refused("retro", "why_skip", "skip", limit=REASON_LIMIT)
    is_addendum = row.has_more
    if is_addendum:
        row.has_more = False
    else:
        row.state = "skipped"
    row.skipped_at, row.skipped_by, row.reason = ctx.now, by.id, reason
    ctx.store.cancel_jobs(ctx.now, "retro", run)
    ctx.note(run, "retro_skipped", by.id, subject=reason)
    yield from close_draft(ctx, run, "closed_skipped", who=by.username, reason=reason, is_addendum=is_addendum)
    yield from refresh_card(ctx, run)
    plan_archive(ctx, run)
    return Skipped(run.id, reason)


def _freeze(ctx: Context, run: Run, row: Retrospective, by: Person, lead: str) -> None:
    """Keep what each section says now: what is recorded later does not change what was published."""
    fresh = [one for one in ctx.store.retro_sections(run.id) if one.published_at is None]
    texts = texts_of(ctx, run, fresh)
    for section in fresh:
        if section.is_generated:
            section.text = texts[section.id]
            section.version += 1
            version = RetroVersion(
                run_id=run.id, section_id=section.id, version=section.version, text=section.text, at=ctx.now
            )
            ctx.store.add(version)
        section.published_at = ctx.now
    if row.state == "published":
        # What an addendum is told with stands beside what was said before it.
        row.lead = "\n\n".join(words for words in (row.lead, lead) if words)
    else:
        row.published_at, row.published_by, row.lead = ctx.now, by.id, lead
    row.state, row.has_more = "published", False


def _said(ctx: Context, run: Run, by: Person, lead: str, *, is_addendum: bool) -> Said:
    link, to = ctx.run_link(run), ctx.readers_of(run)
    return ctx.say("retro", to, run=run, link=link, who=by.username, lead=lead, is_addendum=is_addendum)


def _post(ctx: Context, run: Run, said: Said) -> Effects:
    """Let what was published stand in the channel, pinned; an addendum comes into the same messages, and is said."""
    if run.channel_id is None or run.closed_place:
        return
    standing = ctx.store.messages("retro", run_id=run.id)
    if standing:
        yield from refresh_retrospective(ctx, run)
        message = Message(kind="note", run_id=run.id, place_id=run.channel_id)
        yield from post(ctx, message, Content(said["told"]), under=standing[0])
        return
    first: Message | None = None
    for at, content in enumerate(published_parts(ctx, run), 1):
        message = Message(kind="retro", run_id=run.id, part=at, place_id=run.channel_id)
        yield from post(ctx, message, content, under=first)
        if first is None:
            first = message
            yield Pin(message_id=message.id)


def _tell(
    ctx: Context, run: Run, by: Person, said: Said, *, to_channels: bool
) -> Doing[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Tell followers, and the playbook's channels where wanted; return which were told, and which may not be."""
    yield from tell_followers(ctx, run, lambda to: Content(said.to(to)["told"]), but=by.id)
    if not to_channels:
        return (), ()
    there = yield from show_news(ctx, run)
    for place in there.places:
        message = Message(kind="broadcast", run_id=run.id, place_id=place.id)
        yield from post(ctx, message, Content(said["told"]), under=news_in(ctx, run, place.id))
    return tuple(f"~{place.name}" for place in there.places), there.kept
