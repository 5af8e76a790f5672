"""Showing what happened in a run at another time or in other words, by dialog and by command."""

from datetime import datetime, timedelta
from typing import Annotated

from handlers.context import Context
from handlers.controls import RETRO_EVENT, RETRO_REWORD, entry
from handlers.effects import Answer, Ask, Card, Content, Effects, Option
from handlers.events import Acted, ButtonPressed, CommandGiven, Person, Press, Submission
from handlers.forms import Filled, Line, at_field
from handlers.messages.as_direct_message import told
from handlers.operations.enter_moment import NOTE_LIMIT
from handlers.operations.reword_moment import reword_moment
from handlers.payloads import MomentOfRun
from handlers.rules import permissions
from handlers.rules.time_named import refusing
from handlers.text import times
from handlers.text.numbers import leading_number, number
from handlers.text.plain_forms import bare
from handlers.text.time_leading import leading
from handlers.text.words import Safe, plain, shorten
from handlers.views.retro_facts import TOLD, moments_of
from handlers.views.timeline import moment_line, moment_name, numbered
from store import Moment, Run

NEAR = timedelta(hours=12)
"""An hour alone is the one that is nearest to when something was recorded."""

MOST = 100
OPTION_LIMIT = 60


class EventForm(Filled, frozen=True):
    """The dialog of an entry of the timeline; what is left empty is shown as it was recorded."""

    when: Annotated[str, Line(100)]
    words_shown: Annotated[str, Line(NOTE_LIMIT)]


class PageEventForm(EventForm, frozen=True):
    """The same on a page, where the entry is chosen, too."""

    moment: Annotated[str, Line(20)] = ""


def by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`retro event 7 13:40 Payments failed`; `retro event 7 recorded`; without words by dialog."""
    permissions.require(ctx, "change", event.asker, run)
    at, rest = leading_number(words)
    moment = numbered(ctx, run).get(at)
    if moment is None:
        raise ctx.refused("timeline", "entry", last=len(numbered(ctx, run)), word=Safe("event"))
    if not rest and event.trigger_id:
        yield _dialog(ctx, run, moment)
    elif not rest:
        raise ctx.refused("retro", "event_how", "event", number=at)
    elif bare(rest).casefold() == "recorded":
        yield from _reword(ctx, run, moment, event.asker, None, None)
    else:
        shown_at, text = _read(ctx, moment, rest)
        yield from _reword(ctx, run, moment, event.asker, shown_at, text)


def asked(event: ButtonPressed, run: Run, ctx: Context) -> Effects:
    """*Correct an event…*: a menu of what the draft tells."""
    names = {one.id: number for number, one in numbered(ctx, run).items()}
    found = [one for one in moments_of(ctx, run) if one.kind in TOLD][-MOST:]
    said = ctx.say("retro", run=run)
    if not found:
        raise ctx.refused("retro", "no_event", "event", run=run)
    options = [
        Option(
            f"{names[one.id]} · {plain(shorten(one.shown_words or moment_name(ctx, one), OPTION_LIMIT))}", str(one.id)
        )
        for one in found
    ]
    menu = RETRO_EVENT.menu(said["event_menu"], options, MomentOfRun(run.id))
    yield from told(event, [Answer(content=Content(said["event_which"], (Card(controls=(menu,)),)), to_read=True)])


def chosen(event: Press[MomentOfRun], run: Run, ctx: Context) -> Effects:
    """An event of that menu: its time and words in a dialog."""
    yield _dialog(ctx, run, _of_run(ctx, run, event.payload.moment_id))


def reworded(event: Submission[MomentOfRun, EventForm], run: Run, ctx: Context) -> Effects:
    """The dialog, filled in."""
    moment = _of_run(ctx, run, event.payload.moment_id)
    yield from told(event, _filled(ctx, run, moment, event))


def reworded_on_page(event: Acted[PageEventForm], run: Run, ctx: Context) -> Effects:
    """The same on the page of the retrospective."""
    yield from _filled(ctx, run, _of_run(ctx, run, number(event.form.moment)), event)


def _filled(
    ctx: Context, run: Run, moment: Moment, event: Submission[MomentOfRun, EventForm] | Acted[PageEventForm]
) -> Effects:
    with at_field("when"):
        at = _time(ctx, moment, event.form.when) if event.form.when else None
        # The field shows whole minutes.
        at = moment.shown_at if at is not None and _minute(at) == _minute(moment.seen_at) else at
        yield from _reword(ctx, run, moment, event.asker, at, event.form.words_shown or None)


def _reword(ctx: Context, run: Run, moment: Moment, by: Person, at: datetime | None, words: str | None) -> Effects:
    done = yield from reword_moment(ctx, run, moment, by, at=at, words=words)
    yield ctx.answer("retro", "event_shown" if moment.is_reworded else "event_recorded", done=done)


def _dialog(ctx: Context, run: Run, moment: Moment) -> Ask:
    said = ctx.say("retro", run=run, at=moment.at, words=moment_line(ctx, moment, as_recorded=True))
    shown = moment.subject if moment.shown_words is None else moment.shown_words
    local = moment.seen_at.astimezone(ctx.reader.zone)
    when = entry(said, "when", default=f"{local:%Y-%m-%d %H:%M}", optional=True, max_length=100)
    words = entry(said, "words_shown", "textarea", default=shown[:NOTE_LIMIT], optional=True, max_length=NOTE_LIMIT)
    payload = MomentOfRun(run.id, moment.id)
    return RETRO_REWORD.ask(
        payload, said, when, words, title="event_dialog", submit="event_submit", intro=said["event_intro"]
    )


def _of_run(ctx: Context, run: Run, moment_id: int | None) -> Moment:
    moment = ctx.store.moment(moment_id or 0)
    if moment is None or moment.run_id != run.id:
        raise permissions.gone(ctx)
    return moment


def _read(ctx: Context, moment: Moment, words: str) -> tuple[datetime | None, str | None]:
    """Return the time that words begin with, and the text behind; what they do not name stays as it is shown."""
    near = moment.at - NEAR
    with refusing(ctx, words, ctx.reader):
        try:
            found = leading(words, ctx.reader.zone, near, ctx.reader.language)
        except times.Unreadable as unread:
            if type(unread) is not times.Unreadable:
                raise
            return moment.shown_at, words
    return found.at, found.rest or moment.shown_words


def _time(ctx: Context, moment: Moment, words: str) -> datetime:
    with refusing(ctx, words, ctx.reader):
        return times.parse(words, ctx.reader.zone, moment.at - NEAR, ctx.reader.language)


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
