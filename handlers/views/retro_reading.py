"""A retrospective as values, for whoever shows it: its sections with their versions, comments, readers and writers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.context import Context
from handlers.events import Person
from handlers.rules import permissions
from handlers.rules.retrospective import is_answered, is_wanted
from handlers.views.retro_changes import Changed, changes
from handlers.views.retro_text import known_by, texts_of
from store import RetroComment, RetroSection, RetroState, RetroWriter, Run, SectionKind

STILL_WRITING = timedelta(seconds=90)
"""How long after it was noticed somebody counts as writing."""


@dataclass(frozen=True, slots=True)
class Commented:
    """A comment, by user names; `settled_by` is empty as long as it is open."""

    id: int
    by: str
    text: str
    at: datetime
    settled_by: str


@dataclass(frozen=True, slots=True)
class SectionShown:
    """A section as it is now; `text` is Markdown, `known` is what goes back with what is written over it.

    `is_generated` is what only the bot has said. `writers` are the user names of others who are writing it now.
    """

    id: int
    number: int
    kind: SectionKind
    title: str
    hint: str
    text: str
    known: str
    version: int
    is_generated: bool
    is_answered: bool
    is_published: bool
    written_by: str
    written_at: datetime | None
    writers: tuple[str, ...]
    comments: tuple[Commented, ...]


@dataclass(frozen=True, slots=True)
class ReaderAsked:
    """Who was asked by whom to read a draft, by user names, and when they said that they have."""

    username: str
    asked_by: str
    asked_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Retrospect:
    """All of a retrospective; without sections as long as there is no draft.

    `is_open` tells that there is something to publish or to skip; people are named by their user names. What the asker
    may do is asked anew when they do it.
    """

    run_id: int
    is_wanted: bool
    state: RetroState
    is_open: bool
    has_more: bool
    published_at: datetime | None
    published_by: str
    lead: str
    skipped_at: datetime | None
    skipped_by: str
    reason: str
    sections: tuple[SectionShown, ...]
    comments: tuple[Commented, ...]
    readers: tuple[ReaderAsked, ...]
    changes: tuple[Changed, ...]
    may_write: bool
    may_publish: bool


def retrospect(ctx: Context, run: Run, asker: Person) -> Retrospect:
    """Return a run's retrospective as it is now; whether the asker may see the run is asked before."""
    row = ctx.store.retrospective(run.id)
    sections, comments = ctx.store.retro_sections(run.id), ctx.store.retro_comments(run.id)
    texts = texts_of(ctx, run, sections)
    return Retrospect(
        run_id=run.id,
        is_wanted=is_wanted(ctx, run),
        state=row.state if row else "draft",
        is_open=bool(row and row.is_open),
        has_more=bool(row and row.has_more),
        published_at=row.published_at if row else None,
        published_by=_name(ctx, row.published_by if row else ""),
        lead=row.lead if row else "",
        skipped_at=row.skipped_at if row else None,
        skipped_by=_name(ctx, row.skipped_by if row else ""),
        reason=row.reason if row else "",
        sections=tuple(_section(ctx, run, one, texts[one.id], asker, comments) for one in sections),
        comments=_comments(ctx, comments, None),
        readers=tuple(
            ReaderAsked(ctx.username(one.person_id), ctx.username(one.asked_by), one.asked_at, one.answered_at)
            for one in ctx.store.retro_readers(run.id)
        ),
        changes=tuple(changes(ctx, run)),
        may_write=permissions.is_offered(ctx, "change", asker, run),
        may_publish=permissions.is_offered(ctx, "finish", asker, run),
    )


def writing(ctx: Context, run: Run, section_id: int, but: str) -> tuple[str, ...]:
    """Return the user names of those who are writing a section now, besides one."""
    return tuple(ctx.username(row.person_id) for row in _writers(ctx, run, section_id) if row.person_id != but)


def _writers(ctx: Context, run: Run, section_id: int) -> list[RetroWriter]:
    found = ctx.store.retro_writers(run.id)
    return [row for row in found if row.section_id == section_id and ctx.now - row.at < STILL_WRITING]


def _section(
    ctx: Context, run: Run, section: RetroSection, text: str, asker: Person, comments: Sequence[RetroComment]
) -> SectionShown:
    return SectionShown(
        id=section.id,
        number=section.position,
        kind=section.kind,
        title=section.title,
        hint=section.hint,
        text=text,
        known=known_by(section, text),
        version=section.version,
        is_generated=section.is_generated,
        is_answered=is_answered(section),
        is_published=section.published_at is not None,
        written_by=_name(ctx, section.written_by),
        written_at=section.written_at,
        writers=writing(ctx, run, section.id, asker.id),
        comments=_comments(ctx, comments, section.id),
    )


def _comments(ctx: Context, found: Sequence[RetroComment], section_id: int | None) -> tuple[Commented, ...]:
    return tuple(
        Commented(one.id, ctx.username(one.by), one.text, one.at, _name(ctx, one.settled_by))
        for one in found
        if one.section_id == section_id
    )


def _name(ctx: Context, person_id: str) -> str:
    return ctx.username(person_id) if person_id else ""
