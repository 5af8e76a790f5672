"""What runs tell together, as values for programs: whole numbers as they are kept, with n beside each."""

from typing import Any

from handlers.figures.findings import Finding
from handlers.figures.insights import Insights
from handlers.figures.measures import Measure
from handlers.figures.statistics import Share, Spread

VERSION = 1


def as_values(key: str, found: Insights, usernames: dict[str, str], findings: tuple[Finding, ...]) -> dict[str, Any]:
    """Return all figures as JSON values, told of in `docs/insights.md`; `key` is the playbook's, empty for all."""
    ups = found.follow_ups
    return {
        "version": VERSION,
        "playbook": key or None,
        "first": found.period.first.isoformat() if found.period.first is not None else None,
        "last": found.period.last.isoformat(),
        "is_cut": found.is_cut,
        "runs": {
            "started": found.started,
            "over": found.over,
            "active": found.active,
            "reopened": found.reopened,
            "unacknowledged": found.unacknowledged,
            "disordered": found.disordered,
            "left_out": {"mistaken": found.mistaken, "removed": found.removed},
        },
        "weeks": [{"monday": week.monday.isoformat(), "count": week.count} for week in found.weeks],
        "measures": [_measure(one) for one in found.measures],
        "split_by": found.variable or None,
        "splits": [
            {"value": one.value, "n": one.n, "measures": [_measure(each) for each in one.measures]}
            for one in found.splits
        ],
        "tasks": {
            "slowest": [{"title": one.title, **_spread(one.spread)} for one in found.slowest],
            **{
                what: [{"title": one.title, "count": one.count, "n": found.over} for one in getattr(found, what)]
                for what in ("skipped", "late", "added")
            },
        },
        "updates_in_time": _share(found.punctual),
        "follow_ups": {
            "open": ups.open, "overdue": ups.overdue, "age_days": ups.age, "oldest_days": ups.oldest,
            "done_within_30_days": _share(ups.soon),
        },
        "load": [
            {"person": usernames.get(one.person_id, ""), "runs": one.runs, "tasks": one.tasks,
             "hours_outside": one.outside}
            for one in found.load
        ],
        "keywords": [
            {"word": one.word, "n": one.n, "started": one.started, "declined": one.declined, "ignored": one.ignored,
             "waiting": one.waiting}
            for one in found.keywords
        ],
        "changes": [
            {"kind": one.kind, "subject": one.subject, "count": one.count, "n": one.n, "now": one.now or None,
             "proposed": one.proposed or None}
            for one in findings
        ],
    }  # fmt: skip


def _measure(one: Measure) -> dict[str, Any]:
    changed = one.change
    return {
        "key": one.key,
        "title": one.metric.title if one.metric is not None else None,
        "of": one.of or None,
        "kind": one.kind,
        "currency": one.currency or None,
        **_spread(one.spread),
        "target": one.target,
        "better": one.better,
        "met": _share(one.share) if one.share is not None else None,
        "before": {"median": changed.before, "n": changed.n_before} if changed is not None else None,
        "without": one.without,
        "negative": one.negative,
        "values": [
            {"run": value.run_id, "started_at": value.at.isoformat(), "amount": value.amount} for value in one.values
        ],
    }


def _spread(spread: Spread) -> dict[str, Any]:
    return {"n": spread.n, "median": spread.median, "ninetieth": spread.ninetieth}


def _share(share: Share) -> dict[str, Any]:
    return {"count": share.count, "n": share.n, "percent": share.percent}
