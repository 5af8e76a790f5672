"""When the milestones of a run were: by what happened in it, by its tasks, and by what people say."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from handlers.figures.evidence import Evidence, of_book
from handlers.figures.run_facts import Reached, Said, Source, Spell
from handlers.playbooks.milestones import (
    AT_THE_BEGINNING,
    BY_PEOPLE,
    IN_ORDER,
    MAY_BE_SAID,
    NAMES,
    TASK,
    is_task,
)


class _Time(NamedTuple):
    """When something was, and whose act it was."""

    at: datetime
    by: str


def milestones_of(evidence: Evidence, spells: Iterable[Spell]) -> dict[str, Reached]:
    """Return all milestones by name, those without a time, too, and those of tasks that the metrics speak of."""
    recorded, by_task = _recorded(evidence), _by_tasks(evidence)
    said: dict[str, list[Said]] = {}
    for row in evidence.said:
        said.setdefault(row.name, []).append(Said(row.at, row.by, row.noted_at, row.reason))
    restarts = [one.begin for one in spells][1:]
    found = {}
    for name in (*NAMES, *_tasks_of_metrics(evidence), *said):
        source: Source = "task" if name in by_task else "run"
        found[name] = _reached(name, by_task.get(name) or recorded.get(name), source, said.get(name, []), restarts)
    return found


def out_of_order(milestones: Mapping[str, Reached]) -> tuple[tuple[str, str], ...]:
    """Return the pairs of milestones of which the first one was later than the second, though it comes before it."""
    found = ((first, second, milestones[first].at, milestones[second].at) for first, second in IN_ORDER)
    return tuple((first, second) for first, second, begin, end in found if begin and end and end < begin)


def is_again(one: Reached, spells: Iterable[Spell]) -> bool:
    """Return whether a run was taken up again since its milestone was reached, so that it may be reached once more."""
    noted = [said.noted_at for said in one.said[-1:]] if one.source == "person" else [one.at]
    restarts = [spell.begin for spell in spells][1:]
    return one.name not in AT_THE_BEGINNING and any(
        at is not None and at < restart for at in noted for restart in restarts
    )


def _reached(
    name: str, recorded: _Time | None, source: Source, said: list[Said], restarts: Iterable[datetime]
) -> Reached:
    last, recorded_at = (said[-1] if said else None), recorded.at if recorded is not None else None
    if recorded is None and name not in MAY_BE_SAID:
        # It was, and is undone: what people said of its time is about nothing.
        return Reached(name, said=tuple(said))
    if last is not None and last.at is not None and not _is_newer(name, recorded_at, last.noted_at, restarts):
        return Reached(name, last.at, "person", last.by, recorded_at, tuple(said))
    if recorded is None:
        return Reached(name, said=tuple(said))
    return Reached(name, recorded.at, source, recorded.by, recorded.at, tuple(said))


def _is_newer(name: str, recorded_at: datetime | None, noted_at: datetime, restarts: Iterable[datetime]) -> bool:
    """Return whether what happened came after what people said, and is not what they had spoken of."""
    if recorded_at is None or name in AT_THE_BEGINNING or recorded_at <= noted_at:
        return False
    return name not in BY_PEOPLE or any(noted_at < one <= recorded_at for one in restarts)


def _recorded(evidence: Evidence) -> dict[str, _Time]:
    run = evidence.run
    updates = [_Time(one.at, one.person_id) for one in evidence.of("update") if one.removed_at is None]
    done = [
        _Time(one.changed_at, one.changed_by) for one, _ in evidence.tasks if one.state == "done" and one.changed_at
    ]
    found: dict[str, _Time | None] = {
        "keyword": _Time(evidence.keyword_at, evidence.keyword_by) if evidence.keyword_at else None,
        "started": _Time(run.created_at, run.creator_id),
        "acknowledged": _acknowledged(evidence),
        "first-task": min(done, default=None),
        "first-update": min(updates, default=None),
        "last-update": max(updates, default=None),
        "finished": _Time(run.finished_at, run.finished_by) if run.finished_at is not None else None,
        "published": _Time(evidence.published_at, evidence.published_by) if evidence.published_at else None,
    }
    return {name: time for name, time in found.items() if time is not None}


def _acknowledged(evidence: Evidence) -> _Time | None:
    """Return the first act of somebody who owned the run then; whoever takes it owns it with that."""
    owners = evidence.owners
    until = [*(one.since for one in owners[1:]), None]
    for at, person_id in evidence.acts:
        for owner, end in zip(owners, until, strict=True):
            if person_id == owner.person_id and owner.since <= at and (end is None or at <= end):
                return _Time(at, person_id)
    return None


def _by_tasks(evidence: Evidence) -> dict[str, _Time]:
    """Return the milestones that tasks set, and that the metrics' tasks are done: the last time that they became so."""
    planned = [task for checklist in evidence.book.checklists for task in checklist.tasks]
    done: dict[str, list[_Time]] = {}
    for task, _ in evidence.tasks:
        if task.state != "done" or task.changed_at is None or not 0 < task.planned <= len(planned):
            continue
        time, plan = _Time(task.changed_at, task.changed_by), planned[task.planned - 1]
        done.setdefault(f"{TASK}{plan.title}", []).append(time)
        if plan.sets is not None:
            done.setdefault(plan.sets, []).append(time)
    found = {name: min(times) if name in AT_THE_BEGINNING else max(times) for name, times in done.items()}
    meant = _tasks_of_metrics(evidence)
    return {name: time for name, time in found.items() if not is_task(name) or name in meant}


def _tasks_of_metrics(evidence: Evidence) -> list[str]:
    names = (name for one in evidence.book.retrospective.metrics for name in (one.start, one.end))
    return list(dict.fromkeys(of_book(evidence.book, name) for name in names if name and is_task(name)))
