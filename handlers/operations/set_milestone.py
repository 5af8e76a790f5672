"""Saying when a milestone of a run was, and correcting what was said or recorded; whoever asks for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from handlers.context import Context
from handlers.effects import Doing
from handlers.events import Person
from handlers.figures.facts import facts_of
from handlers.figures.milestones import is_again
from handlers.figures.run_facts import Reached, RunFacts
from handlers.forms import at_field
from handlers.operations.correct_facts import correct_facts
from handlers.operations.enter_moment import enter
from handlers.playbooks.milestones import MAY_BE_SAID, ByPeople, is_task, task_title
from handlers.playbooks.playbook import playbook_of
from handlers.rules.past_named import past_named
from handlers.rules.time_fields import asked_at_the_end, field_of, in_field
from handlers.text.arguments import is_none
from handlers.views.amounts import milestone_in_words
from handlers.views.card import refresh_card
from handlers.views.news import refresh_news
from store import Milestone, Run

REASON_LIMIT = 300
"""The longest reason, in characters."""


@dataclass(frozen=True, slots=True)
class MilestoneSet:
    """When a milestone was taken to be before, and when it is now; `moment_id` is 0 where nothing changed.

    `is_correction` tells that its time was another one, `is_taken_back` that what people said of it counts no more.
    `hints` are the pairs of milestones that are out of order.
    """

    name: str
    before: datetime | None
    at: datetime | None
    hints: tuple[tuple[str, str], ...]
    moment_id: int = 0
    is_correction: bool = False
    is_taken_back: bool = False


def set_milestone(
    ctx: Context, run: Run, name: str, at: datetime | None, by: Person, reason: str = ""
) -> Doing[MilestoneSet]:
    """Say when (UTC) a milestone was, None to take back what people said of it. Raises `Refused` as `require_time`."""
    found = facts_of(ctx, run)
    before = require_time(ctx, found, name, at, reason)
    if at == before.at or (at is None and before.source != "person"):
        return MilestoneSet(name, before.at, before.at, found.out_of_order)
    is_correction = _is_correction(found, before, at)
    ctx.store.add(Milestone(run_id=run.id, name=name, at=at, by=by.id, noted_at=ctx.now, reason=reason))
    now = facts_of(ctx, run)
    times = {"at": _written(at), "before": _written(before.at if is_correction else None)}
    moment = enter(ctx, run, "milestone", by.id, name, name=name, reason=reason, **times)
    yield from refresh_card(ctx, run)
    yield from refresh_news(ctx, run)
    yield from correct_facts(ctx, run, "course", "metrics")
    return MilestoneSet(
        name, before.at, now.at(name), now.out_of_order, moment.id, is_correction, is_taken_back=at is None
    )


def require_time(ctx: Context, found: RunFacts, name: str, at: datetime | None, reason: str) -> Reached:
    """Return the milestone of a name as it is.

    Raises `Refused` where there is none, where it has not come by itself yet, for a time to come, and where another
    time is to be corrected without a reason; a milestone that is reached again after the run was taken up needs none.
    """
    milestone = found.milestones.get(name)
    if milestone is None:
        raise ctx.refused("time", "unknown", name=task_title(name))
    if len(reason) > REASON_LIMIT:
        raise ctx.refused("time", "reason_long", limit=REASON_LIMIT)
    if milestone.recorded_at is None and name not in MAY_BE_SAID:
        raise ctx.refused("time", "not_yet", "wrong", called=milestone_in_words(ctx, name))
    if at is not None and at > ctx.now:
        raise ctx.refused("time", "to_come", "wrong", name=name, at=at)
    if at != milestone.at and not reason and _is_correction(found, milestone, at):
        raise ctx.refused("time", "reason", "wrong", name=_typed(name), before=milestone.at, at=at)
    return milestone


def _is_correction(found: RunFacts, milestone: Reached, at: datetime | None) -> bool:
    """Return whether a time that is there becomes another one, which the milestone did not reach once more."""
    if at is None:
        return milestone.source == "person"
    return milestone.at is not None and not is_again(milestone, found.spells)


def _typed(name: str) -> str:
    return f'"{task_title(name)}"' if is_task(name) else name


def _written(at: datetime | None) -> str:
    return at.isoformat() if at is not None else ""


def filled_in(
    ctx: Context, run: Run, written: Mapping[ByPeople, str | None], reason: str
) -> list[tuple[ByPeople, datetime | None]]:
    """Return the milestones that the fields of a dialog give another time, as each of them can be set.

    A field that was left as it was shown changes nothing. Raises `Refused` at the field.
    """
    found, times = facts_of(ctx, run), []
    for name, words in written.items():
        # Clients from 11 on leave out an optional field that is empty.
        if (words or "").strip() == in_field(found.at(name), ctx.reader):
            continue
        with at_field(field_of(name)):
            at = past_named(ctx, words) if words and not is_none(words) else None
            require_time(ctx, found, name, at, reason)
        times.append((name, at))
    return times


def times_to_ask(ctx: Context, run: Run) -> list[ByPeople]:
    """Return which milestones are offered when a run ends: those that have no time yet, or may be reached once more."""
    if run.playbook_id is None:
        return []
    found = facts_of(ctx, run)
    offered = asked_at_the_end(playbook_of(run.definition))
    return [name for name in offered if found.at(name) is None or is_again(found.milestones[name], found.spells)]
