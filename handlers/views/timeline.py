"""A run's timeline as it is read: the words for its entries, their numbers, and pages of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import get_args

from handlers.context import Context
from handlers.controls import TIMELINE_CHANGE, TIMELINE_PAGE
from handlers.effects import Button, Card, Content, Menu, Option, unfolded
from handlers.events import Person
from handlers.payloads import PageOfRun, TimelineEntry
from handlers.rules import permissions
from handlers.rules.places import is_public
from handlers.text.sentences import Said
from handlers.text.words import Safe, plain, shorten
from handlers.views.amounts import milestone_in_words
from store import Moment, MomentKind, Run

PAGE = 15
"""How many entries one answer shows: about two screens of a phone."""

_KNOWN = frozenset(get_args(MomentKind))
"""The kinds that this program can word; all others were noted by a newer one."""

SUBJECT_LIMIT = 80


def timeline_page(ctx: Context, run: Run, page: int, asker: Person) -> Content:
    """Entries of a page, the newest first."""
    kept = [(number, one) for number, one in numbered(ctx, run).items() if one.removed_at is None]
    kept.sort(key=lambda pair: (pair[1].seen_at, pair[0]), reverse=True)
    here = kept[(page - 1) * PAGE : page * PAGE]
    lines = [_line(ctx, run, number, one) for number, one in here]
    said = ctx.say("timeline", run=run, lines=lines, page=page, pages=page_count(ctx, run))
    controls: list[Button | Menu] = []
    if page < page_count(ctx, run):
        controls.append(TIMELINE_PAGE.button(said["earlier"], PageOfRun(run.id, page + 1)))
    if here and permissions.may_work(ctx, asker, run):
        names = ((number, plain(shorten(moment_name(ctx, one), 60)), one.id) for number, one in here)
        options = [Option(f"{number} · {name}", str(moment_id)) for number, name, moment_id in names]
        controls.append(TIMELINE_CHANGE.menu(said["remove"], options, TimelineEntry("remove")))
    card = Card(colour="blue", title=said["title"], fields=unfolded(said["text"]), controls=tuple(controls))
    return Content("", (card,))


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
    since = max(0.0, (moment.seen_at - run.created_at).total_seconds())
    return {
        "number": number,
        "said": moment_line(ctx, moment),
        "since": since if since >= 60 else 0,
        "link": ctx.post_of_run_link(run, moment.post_id),
    }


def moment_line(ctx: Context, moment: Moment, *, as_recorded: bool = False) -> Safe:
    """Return when something happened, who did it and what it was, as one line; as people let it be shown, or not."""
    said = _of_moment(ctx, moment, as_recorded=as_recorded)
    return Safe(f"{said['time']} {_in_words(said, moment, as_recorded=as_recorded)}")


def moment_words(ctx: Context, moment: Moment, limit: int = SUBJECT_LIMIT) -> Safe:
    """Return who did something and what it was, as one line; as people let it be shown.

    Of what they wrote there are `limit` characters at most.
    """
    return Safe(_in_words(_of_moment(ctx, moment, limit=limit), moment))


def _in_words(said: Said, moment: Moment, *, as_recorded: bool = False) -> str:
    what = said[f"kind_{moment.kind}" if moment.kind in _KNOWN else "kind_other"]
    if as_recorded or not moment.is_reworded:
        return what
    return f"{what if moment.shown_words is None else said['reworded']} {said['recorded']}"


def _of_moment(ctx: Context, moment: Moment, *, as_recorded: bool = False, limit: int = SUBJECT_LIMIT) -> Said:
    who = ctx.username(moment.person_id) if moment.person_id else ""
    role, _, whom = f": {moment.subject}".rpartition(": @")
    is_reworded = moment.is_reworded and not as_recorded
    return ctx.say(
        "moment",
        at=moment.seen_at if is_reworded else moment.at,
        recorded_at=moment.at if moment.shown_at is not None else None,
        words=moment.shown_words or "",
        who=who,
        role=role.removeprefix(": "),
        whom=f"@{whom}",
        is_self=bool(who) and whom == who,
        subject=shorten(moment_subject(ctx, moment), limit),
        what=moment.kind.replace("_", " "),
        **_of_milestone(ctx, moment),
    )


def _of_milestone(ctx: Context, moment: Moment) -> dict[str, object]:
    """Return what else an entry says of a milestone: which, its time, the one before, and why."""
    said = moment.details if moment.kind == "milestone" else {}
    times = {name: datetime.fromisoformat(said[name]) if said.get(name) else None for name in ("at", "before")}
    called = milestone_in_words(ctx, said["name"]) if said else ""
    return {"called": called, "set_to": times["at"], "set_from": times["before"], "reason": said.get("reason", "")}


def moment_subject(ctx: Context, moment: Moment) -> str:
    """Return what something was about; of channels that a run came to, private ones are not named."""
    if moment.kind != "moved":
        return moment.subject
    run = ctx.store.run(moment.run_id)
    if run is None:
        return ""
    place = ctx.store.place(moment.subject) or ctx.store.place_named(run.team_id, moment.subject.removeprefix("~"))
    shown = place is not None and (place.id == run.channel_id or is_public(ctx, place.id))
    return f"~{place.name}" if place is not None and shown else ctx.say("moment")["private_place"]


def moment_name(ctx: Context, moment: Moment) -> str:
    """Return what a menu calls something that happened: what it was about, or what it was."""
    said = ctx.say("moment", subject=Safe(moment.subject))
    name = f"name_{moment.kind}"
    return said[name] if name in said else moment_subject(ctx, moment) or moment.kind.replace("_", " ")


def last_moments(ctx: Context, run: Run, count: int) -> Sequence[Moment]:
    """Return what happened last in a run, oldest first, leaving out who came and went."""
    found = [one for one in ctx.store.moments(run.id) if one.removed_at is None and one.kind not in ("joined", "left")]
    return found[-count:]


def outcome_of(ctx: Context, run: Run) -> str:
    """Return what was said of a finished run's end, empty where nothing was."""
    ends = [one.subject for one in ctx.store.moments(run.id) if one.kind == "finished"]
    return ends[-1] if ends and not run.is_active else ""
