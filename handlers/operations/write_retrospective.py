"""Writing a retrospective, whoever asks: a section over the version that somebody has seen, and who is writing it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.context import Context
from handlers.effects import Doing, Effects
from handlers.events import Person
from handlers.operations.add_follow_ups import NONE, Added, add_follow_ups
from handlers.rules.retrospective import SECTION_LIMIT, section_of
from handlers.views.retro_shown import refresh_retrospective
from handlers.views.retro_text import known_by, text_of
from store import RetroSection, RetroVersion, RetroWriter, Run

ONE_SITTING = timedelta(minutes=10)
"""How long what one person writes on end is one version, before it is published."""
NOTICED_EVERY = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Written:
    """A section that says what somebody wrote; `known` is what it is written over by next.

    `added` is what became of its follow-ups.
    """

    section_id: int
    version: int
    known: str
    is_changed: bool
    added: Added = NONE


@dataclass(frozen=True, slots=True)
class Overtaken:
    """A section that somebody else has written meanwhile, so that nothing was written: both texts.

    `known` is what `theirs` is written over by.
    """

    section_id: int
    theirs: str
    yours: str
    by_id: str
    at: datetime | None
    known: str


def write_section(
    ctx: Context, run: Run, section_id: int, text: str, by: Person, known: str
) -> Doing[Written | Overtaken]:
    """Let a section say something else, over the words that are `known` to who writes it (`known_of`).

    Raises `Refused` where there is no such section, and where the text is too long.
    """
    section = section_of(ctx, run, section_id)
    text = "\n".join(line.rstrip() for line in text.strip().splitlines())
    if len(text) > SECTION_LIMIT:
        raise ctx.refused("retro", "too_long", limit=SECTION_LIMIT, count=len(text))
    before = text_of(ctx, run, section)
    now_known = known_by(section, before)
    if text == before:
        _forget_writer(ctx, section, by)
        return Written(section.id, section.version, now_known, is_changed=False)
    if known != now_known:
        return Overtaken(section.id, before, text, section.written_by, section.written_at, now_known)
    _write(ctx, section, before, text, by)
    _forget_writer(ctx, section, by)
    is_told = section.published_at is not None
    added = (yield from add_follow_ups(ctx, run, [section], by, before)) if is_told else NONE
    yield from refresh_retrospective(ctx, run)
    return Written(section.id, section.version, known_by(section, text), is_changed=True, added=added)


def add_to_section(ctx: Context, run: Run, section_id: int, text: str, by: Person) -> Doing[Written]:
    """Add words to the end of a section. Raises `Refused` as `write_section`."""
    section = section_of(ctx, run, section_id)
    before = text_of(ctx, run, section)
    whole = "\n".join(part for part in (before, text.strip()) if part)
    done = yield from write_section(ctx, run, section_id, whole, by, known_by(section, before))
    assert isinstance(done, Written)
    return done


def note_writing(ctx: Context, run: Run, section_id: int, by: Person) -> Effects:
    """Take note that somebody is writing a section, for the others to see; it is forgotten after a while."""
    section = section_of(ctx, run, section_id)
    row = _writer(ctx, section, by)
    if row is None:
        ctx.store.add(RetroWriter(run_id=run.id, section_id=section.id, person_id=by.id, at=ctx.now))
    elif ctx.now - row.at > NOTICED_EVERY:
        row.at = ctx.now
    yield from ()


def _write(ctx: Context, section: RetroSection, before: str, text: str, by: Person) -> None:
    if section.version == 0 and before:
        _keep(ctx, section, before, "")
    section.version += 1
    last = ctx.store.last_retro_version(section.id)
    is_same_sitting = last is not None and last.by == by.id and ctx.now - last.at < ONE_SITTING
    if last is not None and is_same_sitting and section.published_at is None:
        last.version, last.text, last.at = section.version, text, ctx.now
    else:
        _keep(ctx, section, text, by.id)
    section.text, section.by_hand = text, True
    section.written_by, section.written_at = by.id, ctx.now


def _keep(ctx: Context, section: RetroSection, text: str, by_id: str) -> None:
    ctx.store.add(
        RetroVersion(
            run_id=section.run_id, section_id=section.id, version=section.version, text=text, by=by_id, at=ctx.now
        )
    )


def _writer(ctx: Context, section: RetroSection, by: Person) -> RetroWriter | None:
    found = ctx.store.retro_writers(section.run_id)
    return next((row for row in found if (row.section_id, row.person_id) == (section.id, by.id)), None)


def _forget_writer(ctx: Context, section: RetroSection, by: Person) -> None:
    if (row := _writer(ctx, section, by)) is not None:
        ctx.store.drop(row)
