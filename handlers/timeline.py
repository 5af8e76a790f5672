"""A run's timeline: read, added to by words and by :pushpin:, and entries taken out of it and put back."""

from collections.abc import Iterator, Sequence

from handlers import permissions
from handlers.admission import admitted
from handlers.context import Context
from handlers.effects import (
    Answer,
    Ask,
    Button,
    Card,
    Content,
    Correct,
    Dialog,
    Effect,
    Entry,
    Menu,
    Option,
    Refuse,
    Tell,
)
from handlers.events import ButtonPressed, CommandGiven, DialogSubmitted, Person, ReactionAdded
from handlers.views.moments import moment_line
from handlers.words import Safe, one_line, shorten, span, zone
from store import Moment, Run

PAGE = 15
"""How many entries one answer shows: about two screens of a phone."""

NOTE_LIMIT = 1000
PINS = frozenset({"pushpin", "round_pushpin"})


def by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    """`timeline`, `timeline 2` (the page before), `timeline remove 3`, `timeline restore 3`."""
    word, _, rest = words.casefold().partition(" ")
    if word in ("remove", "restore"):
        yield from _by_number(ctx, run, word, rest, event.asker)
    elif not word or (word.isdecimal() and 0 < int(word) <= _pages(ctx, run)):
        yield Answer(content=_page(ctx, run, int(word or 1), event.asker))
    else:
        said = ctx.say("timeline", pages=_pages(ctx, run))
        yield Refuse(title=said["which_title"], text=said["which"])


def turned(event: ButtonPressed, run: Run, ctx: Context) -> Iterator[Effect]:
    """*Earlier*: the page before."""
    yield Answer(content=_page(ctx, run, int(event.arg.split(":")[1]), event.asker))


def shown(event: ButtonPressed, run: Run, ctx: Context) -> Iterator[Effect]:
    """*Timeline* in the card's menu."""
    yield Answer(content=_page(ctx, run, 1, event.asker))


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


def noted_by_dialog(event: DialogSubmitted, run: Run, ctx: Context) -> Iterator[Effect]:
    """The dialog of a note, filled in."""
    text = one_line(str(event.values.get("note") or ""))
    if not text or len(text) > NOTE_LIMIT:
        yield Correct(errors={"note": ctx.say("timeline", limit=NOTE_LIMIT)["note_wrong"]})
    elif ctx.store.once(f"dialog:{event.once}", ctx.now):
        yield _note(ctx, run, text, event.asker)


def pinned(event: ReactionAdded, ctx: Context) -> Iterator[Effect]:
    """:pushpin: under any message of the run's channel enters it into the timeline, once."""
    for run in ctx.store.runs_in(event.place.id) if event.emoji in PINS else ():
        if not run.is_active or not permissions.may_work(ctx, event.asker, run) or _holds(ctx, run, event.post_id):
            continue
        moment = Moment(
            run_id=run.id or 0,
            at=min(event.said_at or ctx.now, ctx.now),
            kind="pinned",
            person_id=event.author_id or event.asker.id,
            subject=shorten(event.text, NOTE_LIMIT),
            post_id=event.post_id,
            details={"by": event.asker.id},
        )
        content = _changed(ctx, run, ctx.store.add(moment), "pinned")
        yield Tell(person_id=event.asker.id, place_id=event.place.id, content=content)


def changed_by_button(event: ButtonPressed, ctx: Context) -> Iterator[Effect]:
    """*Remove an entry…*, and *Undo* behind it."""
    word, _, chosen = event.arg.partition(":")
    moment = ctx.store.moment(int(event.choice or chosen)) if (event.choice or chosen).isdecimal() else None
    run = admitted(ctx, str(moment.run_id), event.asker, even_finished=True) if moment else permissions.gone(ctx)
    if isinstance(run, Refuse) or moment is None:
        yield run if isinstance(run, Refuse) else permissions.gone(ctx)
    else:
        yield from _change(ctx, run, moment, word)


def _note(ctx: Context, run: Run, text: str, by: Person) -> Answer:
    moment = ctx.store.add(Moment(run_id=run.id or 0, at=ctx.now, kind="note", person_id=by.id, subject=text))
    return Answer(content=_changed(ctx, run, moment, "noted"))


def _note_dialog(ctx: Context, run: Run) -> Dialog:
    said = ctx.say("timeline", run=run)
    entry = Entry(name="note", label=said["note_label"], kind="textarea", max_length=NOTE_LIMIT)
    title, submit = said["note_dialog"], said["note_submit"]
    return Dialog(
        action="note.save", arg=str(run.id), title=title, intro=said["note_intro"], entries=(entry,), submit=submit
    )


def _by_number(ctx: Context, run: Run, word: str, number: str, asker: Person) -> Iterator[Effect]:
    if (refusal := permissions.refusal(ctx, "change", asker, run)) is not None:
        yield refusal
        return
    moments = _numbered(ctx, run)
    at = int(number) if number.strip().isascii() and number.strip().isdecimal() else 0
    if at not in moments:
        said = ctx.say("timeline", last=len(moments), word=Safe(word))
        yield Refuse(title=said["entry_title"], text=said["entry"])
    else:
        yield from _change(ctx, run, moments[at], word)


def _change(ctx: Context, run: Run, moment: Moment, word: str) -> Iterator[Effect]:
    if (moment.removed_at is None) == (word == "remove"):
        moment.removed_at = ctx.now if word == "remove" else None
    yield Answer(content=_changed(ctx, run, moment, "removed" if word == "remove" else "restored"))


def _changed(ctx: Context, run: Run, moment: Moment, block: str) -> Content:
    number = next(number for number, one in _numbered(ctx, run).items() if one.id == moment.id)
    said = ctx.say("timeline", number=number, run=run)
    word = "restore" if block == "removed" else "remove"
    undo = Button(said["undo"], "timeline.change", f"{word}:{moment.id}")
    return Content(said[block], (Card(controls=(undo,)),))


def _page(ctx: Context, run: Run, page: int, asker: Person) -> Content:
    """Entries of a page in the order of time, the newest last; pages are counted from the newest."""
    kept = [(number, one) for number, one in _numbered(ctx, run).items() if one.removed_at is None]
    kept.sort(key=lambda pair: (pair[1].at, pair[0]))
    end = len(kept) - (page - 1) * PAGE
    here = kept[max(0, end - PAGE) : max(0, end)]
    lines = [_line(ctx, run, number, one, asker) for number, one in here]
    said = ctx.say("timeline", run=run, lines=lines, page=page, pages=_pages(ctx, run), zone=zone(asker.timezone))
    controls: list[Button | Menu] = []
    if page < _pages(ctx, run):
        controls.append(Button(said["earlier"], "timeline.page", f"{run.id}:{page + 1}"))
    if here and permissions.may_work(ctx, asker, run):
        controls.append(Menu(said["remove"], "timeline.change", "remove", _options(ctx, here)))
    return Content("", (Card(colour="blue", title=said["title"], text=said["text"], controls=tuple(controls)),))


def _line(ctx: Context, run: Run, number: int, moment: Moment, asker: Person) -> dict[str, object]:
    since = max(0.0, (moment.at - run.created_at).total_seconds())
    return {
        "number": number,
        "said": moment_line(ctx, moment, zone(asker.timezone)),
        "since": span(since) if since >= 60 else "",
        "link": ctx.post_link(run.team_id, moment.post_id),
    }


def _options(ctx: Context, here: Sequence[tuple[int, Moment]]) -> tuple[Option, ...]:
    return tuple(
        Option(f"{number} · {shorten(one.subject or one.kind.replace('_', ' '), 60)}", str(one.id))
        for number, one in here
    )


def _pages(ctx: Context, run: Run) -> int:
    count = sum(one.removed_at is None for one in _numbered(ctx, run).values())
    return max(1, -(-count // PAGE))


def _numbered(ctx: Context, run: Run) -> dict[int, Moment]:
    """Return all entries by their numbers, which stay the same whatever is taken out or comes in between."""
    assert run.id is not None
    return dict(enumerate(sorted(ctx.store.moments(run.id), key=lambda one: one.id or 0), 1))


def _holds(ctx: Context, run: Run, post_id: str) -> bool:
    assert run.id is not None
    kept = (one for one in ctx.store.moments(run.id) if one.removed_at is None)
    return any(one.kind == "pinned" and one.post_id == post_id for one in kept)
