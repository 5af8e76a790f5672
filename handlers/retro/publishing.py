"""Publishing a retrospective, once it is shown to whom it goes and what is missing; or skipping it with a reason."""

from typing import Annotated

from handlers.context import Context
from handlers.controls import RETRO_SEND, RETRO_SKIP, entry
from handlers.effects import Answer, Content, Effects, Entry
from handlers.events import ButtonPressed, CommandGiven, Submission
from handlers.forms import Filled, Text, at_field
from handlers.messages.as_direct_message import told
from handlers.operations.publish_retrospective import Published, publish_retrospective, skip_retrospective
from handlers.payloads import OfRun
from handlers.rules import permissions
from handlers.rules.retrospective import LEAD_LIMIT, REASON_LIMIT, opened
from handlers.text.arguments import first_word
from handlers.text.plain_forms import bare
from handlers.text.sentences import Said
from handlers.text.words import Safe, mention
from handlers.views.announcement import tell_kept
from handlers.views.retro_outlook import Outlook, outlook
from store import Run


class PublishForm(Filled, frozen=True):
    """The dialog that publishes: a sentence for those who are told, whether channels are, and whether empty, too."""

    lead: Annotated[str, Text(LEAD_LIMIT)]
    channels: bool
    anyway: bool


class SkipForm(Filled, frozen=True):
    """The dialog that skips a retrospective."""

    reason: Annotated[str, Text(REASON_LIMIT)]


def asked(event: ButtonPressed, run: Run, ctx: Context) -> Effects:
    """*Publish…*: a dialog that first says to whom it goes and what is missing."""
    yield from _dialog(run, ctx)


def by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`retro publish`, asked once more; `publish now Some words`, and `publish anyway` where nobody answered.

    With `channels` behind that those of the playbook are told, too.
    """
    permissions.require(ctx, "finish", event.asker, run)
    word, lead = first_word(words)
    how = bare(word).casefold()
    if how in ("now", "anyway"):
        also, rest = first_word(lead)
        to_channels = bare(also).casefold() == "channels"
        done = yield from publish_retrospective(
            ctx, run, event.asker, lead=rest if to_channels else lead, to_channels=to_channels, anyway=how == "anyway"
        )
        yield from tell_kept(ctx, run, done.kept)
        yield published_answer(ctx, run, done)
    elif event.trigger_id:
        yield from _dialog(run, ctx, lead=words)
    else:
        said, there = _said(ctx, run)
        yield Answer(
            content=Content(f"{said['outlook']}\n\n{said['how_anyway' if there.all_unanswered else 'how_now']}")
        )


def published(event: Submission[OfRun, PublishForm], run: Run, ctx: Context) -> Effects:
    """The dialog, confirmed."""
    form = event.form
    with at_field("lead"):
        done = yield from publish_retrospective(
            ctx, run, event.asker, lead=form.lead, to_channels=form.channels, anyway=form.anyway
        )
    yield from tell_kept(ctx, run, done.kept)
    yield from told(event, [published_answer(ctx, run, done)])


def skip_asked(event: ButtonPressed | CommandGiven, run: Run, ctx: Context) -> Effects:
    """*Skip…*: a dialog that asks why."""
    opened(ctx, run)
    said = ctx.say("retro", run=run)
    field = entry(said, "reason", "textarea", max_length=REASON_LIMIT)
    yield RETRO_SKIP.ask(
        OfRun(run.id), said, field, title="skip_dialog", submit="skip_submit", intro=said["skip_intro"]
    )


def skip_by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`retro skip Nothing to learn`; without a reason by dialog, where one can be opened."""
    permissions.require(ctx, "finish", event.asker, run)
    if not words and event.trigger_id:
        yield from skip_asked(event, run, ctx)
        return
    done = yield from skip_retrospective(ctx, run, words, event.asker)
    yield ctx.answer("retro", "skipped", run=run, reason=done.reason)


def skipped(event: Submission[OfRun, SkipForm], run: Run, ctx: Context) -> Effects:
    """The dialog, with a reason."""
    with at_field("reason"):
        done = yield from skip_retrospective(ctx, run, event.form.reason, event.asker)
    yield from told(event, [ctx.answer("retro", "skipped", run=run, reason=done.reason)])


def _dialog(run: Run, ctx: Context, lead: str = "") -> Effects:
    opened(ctx, run)
    if run.is_active:
        raise ctx.refused("retro", "goes_on", "not_yet", run=run)
    said, there = _said(ctx, run)
    fields: list[Entry] = [entry(said, "lead", "textarea", default=lead, optional=True, max_length=LEAD_LIMIT)]
    if there.channels and not there.tells_channels:
        fields.append(entry(said, "channels", "bool", placeholder=said["channels_tick"], optional=True))
    if there.all_unanswered:
        fields.append(entry(said, "anyway", "bool", placeholder=said["anyway_tick"], optional=True))
    yield RETRO_SEND.ask(
        OfRun(run.id), said, *fields, title="publish_dialog", submit="publish_submit", intro=said["outlook"]
    )


def _said(ctx: Context, run: Run) -> tuple[Said, Outlook]:
    there = outlook(ctx, run)
    said = ctx.say(
        "retro",
        run=run,
        there=there,
        followers=Safe(", ".join(mention(name) for name in there.followers[:10])),
        awaited=Safe(", ".join(mention(name) for name in there.awaited)),
        channels=Safe(", ".join(there.channels)),
        kept=Safe(", ".join(there.kept)),
    )
    return said, there


def published_answer(ctx: Context, run: Run, done: Published) -> Answer:
    """Say where a retrospective was published, and what it brought."""
    said = ctx.say("retro", run=run, done=done, channels=Safe(", ".join(done.channels)))
    return Answer(content=Content(said["published_answer"]))
