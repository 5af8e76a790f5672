"""A run's timeline: read, added to by words and by :pushpin:, and entries taken out of it and put back."""

from typing import Annotated

from handlers.context import Context
from handlers.controls import NOTE_SAVE
from handlers.effects import Answer, Content, Effects, Entry, Tell
from handlers.events import ButtonPressed, CommandGiven, Press, ReactionAdded, Submission
from handlers.forms import Filled, Line, at_field
from handlers.operations.enter_moment import (
    NOTE_LIMIT,
    Entered,
    note_moment,
    pin_message,
    remove_moment,
    restore_moment,
)
from handlers.payloads import OfRun, PageOfRun, TimelineEntry
from handlers.rules import permissions
from handlers.rules.admission import admitted
from handlers.text.arguments import first_word
from handlers.text.numbers import number
from handlers.text.plain_forms import plainly
from handlers.text.words import Safe, one_line
from handlers.views.timeline import changed_entry, numbered, page_count, timeline_page
from store import Moment, Run

PINS = frozenset({"pushpin", "round_pushpin"})


class NoteForm(Filled, frozen=True):
    """The dialog of a note."""

    note: Annotated[str, Line(NOTE_LIMIT)]


def by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`timeline`, `timeline 2` (the page before), `timeline remove 3`, `timeline restore 3`."""
    word, rest = first_word(plainly(words).casefold())
    if word in ("remove", "restore"):
        permissions.require(ctx, "change", event.asker, run)
        yield _change(ctx, run, _numbered(ctx, run, word, rest), word)
    elif word and (rest or not 0 < number(word) <= page_count(ctx, run)):
        raise ctx.refused("timeline", "which", pages=page_count(ctx, run))
    else:
        yield Answer(content=timeline_page(ctx, run, number(word) or 1, event.asker))


def turned(event: Press[PageOfRun], run: Run, ctx: Context) -> Effects:
    """*Earlier*: the page before."""
    yield Answer(content=timeline_page(ctx, run, event.payload.page, event.asker))


def shown(event: ButtonPressed, run: Run, ctx: Context) -> Effects:
    """*Timeline* in the card's menu."""
    yield Answer(content=timeline_page(ctx, run, 1, event.asker))


def noted(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`note some words`."""
    text = one_line(words)
    if not text and event.trigger_id:
        yield from note_asked(event, run, ctx)
    else:
        yield Answer(content=_said(ctx, run, note_moment(ctx, run, text, event.asker)))


def note_asked(event: ButtonPressed | CommandGiven, run: Run, ctx: Context) -> Effects:
    """*Add a note…* in the card's menu."""
    said = ctx.say("timeline", run=run)
    entry = Entry(name="note", label=said["note_label"], kind="textarea", max_length=NOTE_LIMIT)
    yield NOTE_SAVE.ask(OfRun(run.id), said, entry)


def noted_by_dialog(event: Submission[OfRun, NoteForm], run: Run, ctx: Context) -> Effects:
    """The dialog of a note, filled in."""
    with at_field("note"):
        entered = note_moment(ctx, run, event.form.note, event.asker)
    yield Answer(content=_said(ctx, run, entered))


def pinned(event: ReactionAdded, ctx: Context) -> Effects:
    """:pushpin: under any message of the run's channel enters it into the timeline, once."""
    for run in ctx.store.runs_in(event.place.id) if event.emoji in PINS else ():
        if not run.is_active or not permissions.may_work(ctx, event.asker, run):
            continue
        entered = pin_message(ctx, run, event.post_id, event.text, event.author_id, event.said_at, event.asker)
        if entered is not None:
            said = _said(ctx, run, entered)
            yield Tell(person_id=event.asker.id, place_id=event.place.id, content=said, only_whispered=True)


def changed_by_button(event: Press[TimelineEntry], ctx: Context) -> Effects:
    """*Remove an entry…*, and *Undo* behind it."""
    moment = ctx.store.moment(event.payload.moment_id or 0)
    if moment is None:
        raise permissions.gone(ctx)
    run = admitted(ctx, moment.run_id, event.asker, even_finished=True)
    yield _change(ctx, run, moment, event.payload.word)


def _numbered(ctx: Context, run: Run, word: str, written: str) -> Moment:
    moments = numbered(ctx, run)
    if number(written) not in moments:
        raise ctx.refused("timeline", "entry", last=len(moments), word=Safe(word))
    return moments[number(written)]


def _change(ctx: Context, run: Run, moment: Moment, word: str) -> Answer:
    change = remove_moment if word == "remove" else restore_moment
    return Answer(content=_said(ctx, run, change(ctx, run, moment)))


def _said(ctx: Context, run: Run, entered: Entered) -> Content:
    return changed_entry(ctx, run, entered.what, entered.number, entered.moment_id)
