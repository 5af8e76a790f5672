"""What to change in a playbook: what its latest runs did in another way than it says, again and again."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Literal

from handlers.context import Context
from handlers.figures.keywords_led_to import Asked, led_to
from handlers.figures.many_runs import MOST_ASKED, Seen
from handlers.figures.statistics import ranked
from handlers.playbooks.changes import AddTask, PlaybookChange, RemoveKeyword, RemoveTask, SetDue, SetEvery
from handlers.playbooks.playbook import Playbook, playbook_of
from handlers.rules.run_request import stored
from handlers.text.words import folded
from store import PlaybookRow, RunFigures, Task

FEWEST = 5
"""How many runs it takes for anything to be said, and how many of them have to have the task or the promise."""
MOST = 40
"""How many runs are looked at, the latest ones: what was long ago may have been changed since."""
ALWAYS, SELDOM = 90, 25
"""Percent: what is so in nearly all runs is told as such; what holds in so few is as good as never."""
AGAIN, SHARE = 3, 20
"""In how many runs, and in what percent of them, people add the same task by hand."""
NEAR = 0.85
"""How alike two words are of which one is a slip of the other."""
MOST_TITLES = 100
KEEPS = 75
"""What percent of the runs would have kept a time that is proposed."""
_NEVER = 10**12
"""Seconds after which a task was done that was left open; more than any run takes."""

FindingKind = Literal["skipped", "late", "left_open", "added", "interval", "silent", "keyword"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that was so in `count` of `n` cases: runs, promises of updates, or questions about a keyword.

    `proposed` is the number of seconds that a time would become, `now` what it is.
    """

    kind: FindingKind
    subject: str
    count: int
    n: int
    change: PlaybookChange
    now: int = 0
    proposed: int = 0


@dataclass(frozen=True, slots=True)
class Did:
    """What became of a task in a run: `begin` and `end` are those of the run.

    `plan` is the checklist and the title that it has in the run's own playbook, None where it was added by hand.
    """

    task: Task
    list_title: str
    plan: tuple[str, str] | None
    begin: datetime
    end: datetime


def findings_of(ctx: Context, row: PlaybookRow, seen: Seen) -> tuple[Finding, ...]:
    """Return what to change in a playbook, by its latest runs that are over, as far as these readers may see them."""
    found = ctx.store.run_figures(*seen.where, playbook_id=row.id, limit=3 * MOST)
    runs = [one for one in found if one.state == "finished" and not one.left_out][:MOST]
    if len(runs) < FEWEST:
        return ()
    book, ids = stored(ctx, row), [one.run_id for one in runs]
    did = _did(ctx, {one.run_id: one for one in runs})
    asked = ctx.store.keywords_asked(row.id, None, ctx.now, *seen.where, team_ids=seen.team_ids, limit=MOST_ASKED)
    keywords = [Asked(tuple(words.split("\n")), state, started == row.id) for words, state, started, *_ in asked]
    return (
        *_of_planned(book, did),
        *_of_added(book, did, len(runs)),
        *_of_updates(book, runs, ctx.store.updates_of_runs(ids)),
        *_of_keywords(book, keywords),
    )


def _did(ctx: Context, runs: Mapping[int, RunFigures]) -> list[Did]:
    """Return what became of the tasks of runs; follow-ups are of one run, and not of its playbook."""
    plans: dict[int, dict[int, tuple[str, str]]] = {}
    found: list[Did] = []
    for task, each in ctx.store.tasks_of_runs(list(runs)):
        if each.kind == "follow_ups":
            continue
        run = runs[task.run_id]
        if run.playbook_version not in plans:
            plans[run.playbook_version] = _plans(ctx, task.run_id)
        plan = plans[run.playbook_version].get(task.planned)
        found.append(Did(task, each.title, plan, run.created_at, run.finished_at or ctx.now))
    return found


def _plans(ctx: Context, run_id: int) -> dict[int, tuple[str, str]]:
    """Return where each task stands in the playbook that a run was started with, by its number in the run."""
    run = ctx.store.run(run_id)
    lists = playbook_of(run.definition).checklists if run is not None else ()
    known = [(folded(one.title), folded(task.title)) for one in lists for task in one.tasks]
    return dict(enumerate(known, 1))


def _of_planned(book: Playbook, did: Sequence[Did]) -> Iterator[Finding]:
    by_plan: defaultdict[tuple[str, str], dict[int, Did]] = defaultdict(dict)
    # The first one of a run speaks for its copies.
    for one in sorted(did, key=lambda one: (one.task.planned, one.task.id)):
        if one.plan is not None:
            by_plan[one.plan].setdefault(one.task.run_id, one)
    for checklist in book.checklists:
        for task in checklist.tasks:
            there = list(by_plan[folded(checklist.title), folded(task.title)].values())
            if len(there) < FEWEST:
                continue
            skipped = sum(one.task.state == "skipped" for one in there)
            if _is_always(skipped, len(there)):
                change = RemoveTask(checklist.title, task.title)
                yield Finding("skipped", task.title, skipped, len(there), change)
            elif task.due is not None:
                yield from _late(checklist.title, task.title, task.due, [one for one in there if _has_time(one)])


def _late(list_title: str, title: str, due: int, there: Sequence[Did]) -> Iterator[Finding]:
    late = sum(_is_late(one) for one in there)
    if len(there) < FEWEST or not _is_always(late, len(there)):
        return
    took = [_took(one) for one in there]
    kept = ranked(took, KEEPS)
    if kept >= _NEVER:
        # No time would be kept, so it had better have none.
        yield Finding("left_open", title, took.count(_NEVER), len(there), SetDue(list_title, title, 0), due)
    elif (proposed := _round(kept)) > due:
        yield Finding("late", title, late, len(there), SetDue(list_title, title, proposed), due, proposed)


def _took(one: Did) -> int:
    """Return after how many seconds of the run a task was done."""
    done_at = one.task.changed_at if _done(one) else None
    return int((done_at - one.begin).total_seconds()) if done_at is not None else _NEVER


def _done(one: Did) -> bool:
    return one.task.state == "done"


def _has_time(one: Did) -> bool:
    return one.task.due_at is not None and one.task.state != "skipped"


def _is_late(one: Did) -> bool:
    """Return whether a task was done after its time, or was open when the run ended; as `handlers/figures/tasks.py`."""
    until = one.task.changed_at if _done(one) and one.task.changed_at is not None else one.end
    return one.task.due_at is not None and one.task.due_at < until


def _of_added(book: Playbook, did: Sequence[Did], n: int) -> Iterator[Finding]:
    lists = [one.title for one in book.checklists]
    known = [_plain(task.title) for one in book.checklists for task in one.tasks]
    if not lists:
        return
    for group in _alike([one for one in did if not one.task.planned]):
        count = len({one.task.run_id for one in group})
        title = Counter(one.task.title for one in group).most_common(1)[0][0]
        if count < AGAIN or count * 100 < SHARE * n or any(_is_near(_plain(title), one) for one in known):
            continue
        there = Counter(one.list_title for one in group if one.list_title in lists)
        where = there.most_common(1)[0][0] if there else lists[-1]
        yield Finding("added", title, count, n, AddTask(where, title))


def _alike(added: Iterable[Did]) -> Iterator[list[Did]]:
    """Yield groups of tasks whose titles mean the same, the most frequent ones first."""
    groups: defaultdict[str, list[Did]] = defaultdict(list)
    for one in added:
        groups[_plain(one.task.title)].append(one)
    left = sorted(groups, key=lambda title: (-len(groups[title]), title))[:MOST_TITLES]
    while left:
        first, *left = left
        same = [title for title in left if _is_near(first, title)]
        left = [title for title in left if title not in same]
        if first:
            yield [one for title in (first, *same) for one in groups[title]]


def _plain(title: str) -> str:
    """Return a title without what differs from run to run: capitals, digits and signs."""
    return " ".join("".join(letter if letter.isalpha() else " " for letter in title.casefold()).split())


def _is_near(one: str, other: str) -> bool:
    """Return whether two titles mean the same, word by word: what has another word may be the opposite."""
    words, others = one.split(), other.split()
    return len(words) == len(others) and all(map(_is_word, words, others))


def _is_word(one: str, other: str) -> bool:
    # An opposite often has another beginning: unmount, deactivate.
    return one == other or (one[0] == other[0] and SequenceMatcher(None, one, other, autojunk=False).ratio() >= NEAR)


def _of_updates(
    book: Playbook, runs: Sequence[RunFigures], updates: Sequence[tuple[int, datetime]]
) -> Iterator[Finding]:
    every = book.updates.every
    made, kept = sum(one.promises_made for one in runs), sum(one.promises_kept for one in runs)
    promised = sum(one.promises_made > 0 for one in runs)
    if not every or promised < FEWEST or kept * 100 > SELDOM * made:
        return
    gaps = list(_gaps(runs, updates))
    proposed = _round(ranked(gaps, KEEPS)) if gaps else 0
    if proposed > every:
        yield Finding("interval", "", kept, made, SetEvery(proposed), every, proposed)
    else:
        # What was posted came soon, or nothing was: what people would keep is not known.
        longer = _round(2 * every)
        yield Finding("silent", "", kept, made, SetEvery(longer), every, longer)


def _gaps(runs: Sequence[RunFigures], updates: Sequence[tuple[int, datetime]]) -> Iterator[int]:
    """Yield the seconds from the start of each run to its first update, and from each to the next."""
    times = {one.run_id: [one.created_at] for one in runs}
    for run_id, at in updates:
        times[run_id].append(at)
    for each in times.values():
        yield from (int((after - before).total_seconds()) for before, after in pairwise(each))


def _of_keywords(book: Playbook, asked: Iterable[Asked]) -> Iterator[Finding]:
    for one in led_to(asked):
        answered = one.n - one.waiting
        if one.word in book.keywords and answered >= FEWEST and not one.started:
            yield Finding("keyword", one.word, answered, answered, RemoveKeyword(one.word))


def _is_always(count: int, n: int) -> bool:
    return count * 100 >= ALWAYS * n


def _round(seconds: int) -> int:
    """Return a time that people would write: up to the next five minutes, quarter of an hour, hour or day."""
    for below, step in ((3600, 300), (4 * 3600, 900), (86400, 3600)):
        if seconds <= below:
            return -(-seconds // step) * step
    day = int(timedelta(days=1).total_seconds())
    return -(-seconds // day) * day
