"""A run's timeline as it is read: a page of it, its entries' numbers, and what became of one entry."""

from handlers.context import Context
from handlers.controls import TIMELINE_CHANGE, TIMELINE_PAGE
from handlers.effects import Button, Card, Content, Menu, Option
from handlers.events import Person
from handlers.payloads import PageOfRun, TimelineEntry
from handlers.rules import permissions
from handlers.text.words import plain, shorten
from handlers.views.moments import moment_line, moment_name
from store import Moment, Run

PAGE = 15
"""How many entries one answer shows: about two screens of a phone."""


def timeline_page(ctx: Context, run: Run, page: int, asker: Person) -> Content:
    """Entries of a page in the order of time, the newest last; pages are counted from the newest."""
    kept = [(number, one) for number, one in numbered(ctx, run).items() if one.removed_at is None]
    kept.sort(key=lambda pair: (pair[1].at, pair[0]))
    end = len(kept) - (page - 1) * PAGE
    here = kept[max(0, end - PAGE) : max(0, end)]
    lines = [_line(ctx, run, number, one) for number, one in here]
    said = ctx.say("timeline", run=run, lines=lines, page=page, pages=page_count(ctx, run))
    controls: list[Button | Menu] = []
    if page < page_count(ctx, run):
        controls.append(TIMELINE_PAGE.button(said["earlier"], PageOfRun(run.id, page + 1)))
    if here and permissions.may_work(ctx, asker, run):
        names = ((number, plain(shorten(moment_name(ctx, one), 60)), one.id) for number, one in here)
        options = [Option(f"{number} · {name}", str(moment_id)) for number, name, moment_id in names]
        controls.append(TIMELINE_CHANGE.menu(said["remove"], options, TimelineEntry("remove")))
    return Content("", (Card(colour="blue", title=said["title"], text=said["text"], controls=tuple(controls)),))


def changed_entry(ctx: Context, run: Run, what: str, number: int, moment_id: int) -> Content:
    """Say what became of an entry, with the button that takes it back."""
    said = ctx.say("timeline", number=number, run=run)
    undo = TIMELINE_CHANGE.button(said["undo"], TimelineEntry("restore" if what == "removed" else "remove", moment_id))
    return Content(said[what], (Card(controls=(undo,)),))


def page_count(ctx: Context, run: Run) -> int:
    """Return how many pages the timeline has."""
    count = sum(one.removed_at is None for one in numbered(ctx, run).values())
    return max(1, -(-count // PAGE))


def numbered(ctx: Context, run: Run) -> dict[int, Moment]:
    """Return all entries by their numbers, which stay the same whatever is taken out or comes in between."""
    return dict(enumerate(sorted(ctx.store.moments(run.id), key=lambda one: one.id), 1))


def number_of(ctx: Context, run: Run, moment: Moment) -> int:
    """Return the number of an entry."""
    return next(number for number, one in numbered(ctx, run).items() if one.id == moment.id)


def _line(ctx: Context, run: Run, number: int, moment: Moment) -> dict[str, object]:
    since = max(0.0, (moment.at - run.created_at).total_seconds())
    return {
        "number": number,
        "said": moment_line(ctx, moment),
        "since": since if since >= 60 else 0,
        "link": ctx.post_link(run.team_id, moment.post_id),
    }
