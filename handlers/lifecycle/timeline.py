"""A run's timeline: read, added to by words and by :pushpin:, and entries taken out of it and put back."""

from collections.abc import Iterator
from typing import Annotated

from handlers.context import Context
from handlers.controls import NOTE_SAVE
from handlers.effects import (
    Answer,
    Ask,
    Correct,
    Dialog,
    Effect,
    Entry,
    Refuse,
    Tell,
)
from handlers.events import ButtonPressed, CommandGiven, Person, Press, ReactionAdded, Submission
from handlers.forms import Filled, Line
from handlers.payloads import OfRun, PageOfRun, TimelineEntry
from handlers.rules import permissions
from handlers.rules.admission import admitted
from handlers.text.arguments import first_word
from handlers.text.numbers import number
from handlers.text.words import Safe, one_line, shorten
from handlers.views.timeline import changed_entry, numbered, page_count, timeline_page
from store import Moment, Run

NOTE_LIMIT = 1000
PINS = frozenset({"pushpin", "round_pushpin"})


class NoteForm(Filled, frozen=True):
    """The dialog of a note."""

    note: Annotated[str, Line(NOTE_LIMIT)]


def by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    """`timeline`, `timeline 2` (the page before), `timeline remove 3`, `timeline restore 3`."""
    word, rest = first_word(words.casefold())
    if word in ("remove", "restore"):
        yield from _by_number(ctx, run, word, rest, event.asker)
    elif not word or (0 < number(word) <= page_count(ctx, run)):
        yield Answer(content=timeline_page(ctx, run, number(word) or 1, event.asker))
    else:
        said = ctx.say("timeline", pages=page_count(ctx, run))
        yield Refuse(title=said["which_title"], text=said["which"])


def turned(event: Press[PageOfRun], run: Run, ctx: Context) -> Iterator[Effect]:
    """*Earlier*: the page before."""
    yield Answer(content=timeline_page(ctx, run, event.payload.page, event.asker))


def shown(event: ButtonPressed, run: Run, ctx: Context) -> Iterator[Effect]:
    """*Timeline* in the card's menu."""
    yield Answer(content=timeline_page(ctx, run, 1, event.asker))


def noted(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    """`note some words`."""
    text = one_line(words)
    said = ctx.say("timeline", limit=NOTE_LIMIT)
    if not text and event.trigger_id:
        yield Ask(dialog=_note_dialog(ctx, run))
    elif not text or len(text) > NOTE_LIMIT:
        yield Refuse(title=said["note_title"], text=said["note_wrong"])
    else:
        yield _note(ctx, run, text, event.asker)


def note_asked(event: ButtonPressed, run: Run, ctx: Context) -> Iterator[Effect]:
    """*Add a note…* in the card's menu."""
    yield Ask(dialog=_note_dialog(ctx, run))


def noted_by_dialog(event: Submission[OfRun, NoteForm], run: Run, ctx: Context) -> Iterator[Effect]:
    """The dialog of a note, filled in."""
    if not event.form.note:
        yield Correct(errors={"note": ctx.say("timeline", limit=NOTE_LIMIT)["note_wrong"]})
    else:
        yield _note(ctx, run, event.form.note, event.asker)


def pinned(event: ReactionAdded, ctx: Context) -> Iterator[Effect]:
    """:pushpin: under any message of the run's channel enters it into the timeline, once."""
    for run in ctx.store.runs_in(event.place.id) if event.emoji in PINS else ():
        if not run.is_active or not permissions.may_work(ctx, event.asker, run) or _holds(ctx, run, event.post_id):
            continue
        moment = Moment(
            run_id=run.id,
            at=min(event.said_at or ctx.now, ctx.now),
            kind="pinned",
            person_id=event.author_id or event.asker.id,
            subject=shorten(event.text, NOTE_LIMIT),
            post_id=event.post_id,
            details={"by": event.asker.id},
        )
        content = changed_entry(ctx, run, ctx.store.add(moment), "pinned")
        yield Tell(person_id=event.asker.id, place_id=event.place.id, content=content)


def changed_by_button(event: Press[TimelineEntry], ctx: Context) -> Iterator[Effect]:
    """*Remove an entry…*, and *Undo* behind it."""
    moment = ctx.store.moment(event.payload.moment_id or 0)
    run = admitted(ctx, moment.run_id, event.asker, even_finished=True) if moment else permissions.gone(ctx)
    if isinstance(run, Refuse) or moment is None:
        yield run if isinstance(run, Refuse) else permissions.gone(ctx)
    else:
        yield from _change(ctx, run, moment, event.payload.word)


def _note(ctx: Context, run: Run, text: str, by: Person) -> Answer:
    moment = ctx.store.add(Moment(run_id=run.id, at=ctx.now, kind="note", person_id=by.id, subject=text))
    return Answer(content=changed_entry(ctx, run, moment, "noted"))


def _note_dialog(ctx: Context, run: Run) -> Dialog:
    said = ctx.say("timeline", run=run)
    entry = Entry(name="note", label=said["note_label"], kind="textarea", max_length=NOTE_LIMIT)
    title, submit = said["note_dialog"], said["note_submit"]
    return NOTE_SAVE.dialog(OfRun(run.id), title, intro=said["note_intro"], entries=(entry,), submit=submit)


def _by_number(ctx: Context, run: Run, word: str, written: str, asker: Person) -> Iterator[Effect]:
    if (refusal := permissions.refusal(ctx, "change", asker, run)) is not None:
        yield refusal
        return
    moments = numbered(ctx, run)
    at = number(written)
    if at not in moments:
        said = ctx.say("timeline", last=len(moments), word=Safe(word))
        yield Refuse(title=said["entry_title"], text=said["entry"])
    else:
        yield from _change(ctx, run, moments[at], word)


def _change(ctx: Context, run: Run, moment: Moment, word: str) -> Iterator[Effect]:
    if (moment.removed_at is None) == (word == "remove"):
        moment.removed_at = ctx.now if word == "remove" else None
    yield Answer(content=changed_entry(ctx, run, moment, "removed" if word == "remove" else "restored"))


def _holds(ctx: Context, run: Run, post_id: str) -> bool:
    kept = (one for one in ctx.store.moments(run.id) if one.removed_at is None)
    return any(one.kind == "pinned" and one.post_id == post_id for one in kept)
