"""What many runs tell together, of one playbook or of all: counted, measured, and with all that was left out."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, tzinfo

from handlers.figures.follow_ups import FollowUps
from handlers.figures.keywords_led_to import LedTo
from handlers.figures.measures import Measure, measures_of, measures_of_others
from handlers.figures.statistics import Share, Spread, spread
from handlers.playbooks.metrics import Metric
from handlers.text.periods import DAY, Period, week_of, weeks
from store import RunFigures

MOST_TASKS = 5
"""How many tasks are named of each kind."""
MOST_VALUES = 8
"""How many values of a variable the runs are split by."""
MOST_WEEKS = 106
"""How many weeks without a run are told before the first one; a longer time begins with that."""

ZoneOf = Callable[[RunFigures], tzinfo]
"""By which clocks a run belongs to a day: those of its playbook."""


@dataclass(frozen=True, slots=True)
class TaskCount:
    """A task by its title, and in how many runs something is so of it."""

    title: str
    count: int


@dataclass(frozen=True, slots=True)
class SlowTask:
    """A task by its title, and how long it took from when somebody began it."""

    title: str
    spread: Spread


@dataclass(frozen=True, slots=True)
class Week:
    """How many runs started in a week, by the Monday that it begins with."""

    monday: date
    count: int


@dataclass(frozen=True, slots=True)
class Split:
    """The runs in which a variable has a value, empty where it has none, and their measures."""

    value: str
    n: int
    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class PersonLoad:
    """What runs asked of somebody: how many of them, how many tasks, and hours outside the working time.

    `outside` is None where no playbook names a working time.
    """

    person_id: str
    runs: int
    tasks: int
    outside: int | None


@dataclass(frozen=True, slots=True)
class Insights:
    """All of it; `over` runs of the `started` ones are measured, the others of them are in progress.

    `active` are all that are in progress now, whenever they started. `mistaken` and `removed` ones count in nothing
    else. With `is_cut` the period began earlier, and only its newest runs are looked at.
    """

    period: Period
    is_cut: bool
    started: int
    over: int
    active: int
    mistaken: int
    removed: int
    unacknowledged: int
    reopened: int
    disordered: int
    weeks: tuple[Week, ...]
    measures: tuple[Measure, ...]
    before: int
    variable: str
    splits: tuple[Split, ...]
    slowest: tuple[SlowTask, ...]
    skipped: tuple[TaskCount, ...]
    late: tuple[TaskCount, ...]
    added: tuple[TaskCount, ...]
    punctual: Share
    load: tuple[PersonLoad, ...]
    follow_ups: FollowUps
    keywords: tuple[LedTo, ...]
    values: Mapping[str, int] = field(default_factory=dict)
    """The names of variables that the runs have, and in how many of them."""


def insights_of(
    rows: Sequence[RunFigures],
    period: Period,
    zone_of: ZoneOf,
    *,
    active: int,
    removed: int = 0,
    is_cut: bool = False,
    metrics: Iterable[Metric] = (),
    others: Mapping[int, tuple[str, Sequence[Metric]]] | None = None,
    variable: str = "",
    follow_ups: FollowUps | None = None,
    keywords: tuple[LedTo, ...] = (),
) -> Insights:
    """Return what runs tell, the newest first, of which some may lie outside the period, or in the one before it.

    Of one playbook `metrics` are told; of all of them those of `others`, which are titles and metrics by their ids.
    """
    metrics = tuple(metrics)
    inside = [row for row in rows if period.holds(row.created_at, zone_of(row))]
    counted = [row for row in inside if not row.left_out]
    over, earlier = _over(counted), _earlier(rows, period, zone_of)
    variable = _as_called(variable, over)
    return Insights(
        period=period,
        is_cut=is_cut,
        started=len(counted),
        over=len(over),
        active=active,
        mistaken=sum(row.left_out == "mistaken" for row in inside),
        removed=removed,
        unacknowledged=sum("unacknowledged" in row.flags for row in over),
        reopened=sum(row.reopened > 0 for row in over),
        disordered=sum(any(one.startswith("order:") for one in row.flags) for row in over),
        weeks=_weeks(counted, period, zone_of),
        measures=(*measures_of(over, earlier, metrics), *measures_of_others(over, earlier, others or {})),
        before=len(earlier),
        variable=variable,
        splits=_splits(over, metrics, variable) if variable else (),
        slowest=_slowest(over),
        skipped=_most(over, "skipped"),
        late=_most(over, "late"),
        added=_most(over, "added"),
        punctual=Share(sum(row.promises_kept for row in over), sum(row.promises_made for row in over)),
        load=_load(counted),
        follow_ups=follow_ups or FollowUps(),
        keywords=keywords,
        values=Counter(name for row in over for name in row.variables),
    )


def _as_called(variable: str, rows: Iterable[RunFigures]) -> str:
    """Return the name of a variable as the runs have it, whatever its capitals."""
    names = (name for row in rows for name in row.variables)
    return next((name for name in names if name.casefold() == variable.casefold()), variable)


def _over(rows: Iterable[RunFigures]) -> list[RunFigures]:
    return [row for row in rows if row.state == "finished"]


def _earlier(rows: Iterable[RunFigures], period: Period, zone_of: ZoneOf) -> list[RunFigures]:
    before = period.before
    if before is None:
        return []
    return _over(row for row in rows if not row.left_out and before.holds(row.created_at, zone_of(row)))


def _weeks(rows: Sequence[RunFigures], period: Period, zone_of: ZoneOf) -> tuple[Week, ...]:
    counts = Counter(week_of(row.created_at, zone_of(row)) for row in rows)
    first = period.first
    if first is None or period.last - first > 7 * MOST_WEEKS * DAY:
        first = min(counts, default=period.last)
    return tuple(Week(monday, counts[monday]) for monday in weeks(first, period.last))


def _splits(rows: Sequence[RunFigures], metrics: tuple[Metric, ...], variable: str) -> tuple[Split, ...]:
    groups: defaultdict[str, list[RunFigures]] = defaultdict(list)
    for row in rows:
        groups[row.variables.get(variable, "")].append(row)
    most = sorted(groups, key=lambda value: (not value, -len(groups[value]), value))[:MOST_VALUES]
    return tuple(Split(value, len(groups[value]), measures_of(groups[value], (), metrics)) for value in most)


def _slowest(rows: Iterable[RunFigures]) -> tuple[SlowTask, ...]:
    took: defaultdict[str, list[int]] = defaultdict(list)
    for row in rows:
        for title, seconds in row.tasks.get("took", {}).items():
            took[title].append(seconds)
    found = [SlowTask(title, spread(values)) for title, values in took.items()]
    return tuple(sorted(found, key=lambda one: (-(one.spread.median or 0), one.title))[:MOST_TASKS])


def _most(rows: Iterable[RunFigures], what: str) -> tuple[TaskCount, ...]:
    # A task counts once in each run, however many of its title there are.
    counts = Counter(title for row in rows for title in set(row.tasks.get(what, ())))
    return tuple(TaskCount(title, count) for title, count in sorted(counts.items(), key=_often)[:MOST_TASKS])


def _often(one: tuple[str, int]) -> tuple[int, str]:
    return -one[1], one[0]


def _load(rows: Iterable[RunFigures]) -> tuple[PersonLoad, ...]:
    runs, tasks = Counter[str](), Counter[str]()
    hours: defaultdict[str, set[int]] = defaultdict(set)
    counted: set[str] = set()
    for row in rows:
        for person_id, load in row.load.items():
            runs[person_id] += 1
            tasks[person_id] += load["tasks"]
            if load["outside"] is not None:
                counted.add(person_id)
                hours[person_id].update(load["outside"])
    return tuple(PersonLoad(id, runs[id], tasks[id], len(hours[id]) if id in counted else None) for id in sorted(runs))
