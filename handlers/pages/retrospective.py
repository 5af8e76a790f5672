"""The pages of a retrospective: all of it, one section to be written, and what publishing it would do."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from handlers.context import Context
from handlers.pages.asked import Asked, NotThere
from handlers.pages.run import run_for
from handlers.rules import permissions
from handlers.rules.retrospective import COMMENT_LIMIT, LEAD_LIMIT, REASON_LIMIT, SECTION_LIMIT
from handlers.views.retro_changes import Changed
from handlers.views.retro_facts import TOLD, moments_of
from handlers.views.retro_outlook import Outlook, outlook
from handlers.views.retro_reading import Retrospect, SectionShown, retrospect
from handlers.views.timeline import numbered
from store import Run

EVENTS = 100
HISTORY = 50
"""How many changes the page tells, the latest ones."""


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A change of a section, by user name, empty for the bot; `is_later` is one after publishing."""

    title: str
    who: str
    at: datetime
    added: tuple[str, ...]
    removed: tuple[str, ...]
    is_later: bool


@dataclass(frozen=True, slots=True)
class EventLine:
    """Something that happened, which can be shown at another time or in other words; `at` is when it is shown."""

    id: int
    number: int
    at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class RetroPage:
    """A run's retrospective; `is_asked` tells that who looks was asked to read it and has not answered yet.

    `names` are the user names of those who could be asked to read it, `place` leads to the run's channel.
    """

    number: int
    name: str
    is_active: bool
    place: str
    retro: Retrospect
    is_asked: bool
    names: tuple[str, ...]
    changes: tuple[ChangeLine, ...]
    events: tuple[EventLine, ...]
    comment_limit: int = COMMENT_LIMIT


@dataclass(frozen=True, slots=True)
class SectionPage:
    """One section to be written."""

    number: int
    name: str
    retro: Retrospect
    section: SectionShown
    limit: int = SECTION_LIMIT
    comment_limit: int = COMMENT_LIMIT


@dataclass(frozen=True, slots=True)
class PublishPage:
    """What publishing would do."""

    number: int
    name: str
    is_active: bool
    retro: Retrospect
    there: Outlook
    lead_limit: int = LEAD_LIMIT
    reason_limit: int = REASON_LIMIT


def retro_page(ctx: Context, asked: Asked) -> RetroPage:
    """Return all of a run's retrospective."""
    run, found = _seen(ctx, asked)
    mine = asked.asker.username
    inside = {ctx.username(one.person_id) for one in ctx.store.participants(run.id) if one.is_in}
    return RetroPage(
        number=run.id,
        name=run.name,
        is_active=run.is_active,
        place=ctx.run_link(run),
        retro=found,
        is_asked=any(one.username == mine and one.answered_at is None for one in found.readers),
        names=tuple(sorted(inside - {mine})),
        changes=tuple(_change(ctx, one) for one in found.changes[:HISTORY]),
        events=tuple(_events(ctx, run)) if found.may_write else (),
    )


def _change(ctx: Context, one: Changed) -> ChangeLine:
    who = ctx.username(one.by_id) if one.by_id else ""
    return ChangeLine(one.title, who, one.at, one.added, one.removed, one.is_later)


def _events(ctx: Context, run: Run) -> Iterator[EventLine]:
    numbers = {one.id: at for at, one in numbered(ctx, run).items()}
    for one in [one for one in moments_of(ctx, run) if one.kind in TOLD][-EVENTS:]:
        yield EventLine(one.id, numbers[one.id], one.seen_at, one.shown_words or one.subject)


def section_page(ctx: Context, asked: Asked) -> SectionPage:
    """Return one section, for who may write it."""
    run, found = _seen(ctx, asked)
    number = asked.number("section")
    section = next((one for one in found.sections if one.number == number), None)
    if section is None or not permissions.may_work(ctx, asked.asker, run):
        raise NotThere
    return SectionPage(run.id, run.name, found, section)


def publish_page(ctx: Context, asked: Asked) -> PublishPage:
    """Return what publishing would do, for who may."""
    run, found = _seen(ctx, asked)
    if not permissions.may(ctx, "finish", asked.asker, run) or not found.sections:
        raise NotThere
    return PublishPage(run.id, run.name, run.is_active, found, outlook(ctx, run))


def _seen(ctx: Context, asked: Asked) -> tuple[Run, Retrospect]:
    run = run_for(ctx, asked.asker, asked.number("run"))
    return run, retrospect(ctx, run, asked.asker)
