"""Follow-ups over all runs: open, overdue, how old they are, and how many were done within thirty days."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from handlers.figures.statistics import Share, median

SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One of them: when it was agreed on, when it is due, and when it was done.

    `is_inside` tells that it was agreed on in the time that is asked about.
    """

    added_at: datetime
    due_at: datetime | None = None
    done_at: datetime | None = None
    is_inside: bool = True


@dataclass(frozen=True, slots=True)
class FollowUps:
    """How many are open and `overdue` now, the median and greatest age of those in days, and how many were done `soon`.

    That is of those that were agreed on in the time asked about; of the ones that are younger than thirty days and open
    nobody knows yet whether they will be.
    """

    open: int = 0
    overdue: int = 0
    age: int | None = None
    oldest: int | None = None
    soon: Share = field(default_factory=Share)


def follow_ups_of(all_of_them: Iterable[FollowUp], now: datetime) -> FollowUps:
    """Return what there is to say of follow-ups; a skipped one is none."""
    known = list(all_of_them)
    left = [one for one in known if one.done_at is None]
    ages = [(now - one.added_at).days for one in left]
    inside = [one for one in known if one.is_inside]
    judged = [one for one in inside if one.done_at is not None or now - one.added_at > SOON]
    soon = sum(one.done_at is not None and one.done_at - one.added_at <= SOON for one in judged)
    return FollowUps(
        open=len(left),
        overdue=sum(one.due_at is not None and one.due_at <= now for one in left),
        age=median(ages) if ages else None,
        oldest=max(ages, default=None),
        soon=Share(soon, len(judged)),
    )
