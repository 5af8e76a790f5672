"""A checklist's message: what is done and by whom, and a button for each of the next tasks.

A long checklist is spread over several messages, so that no server cuts it.
"""

from collections.abc import Collection, Container, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from handlers.context import Context
from handlers.controls import TASK_CHOOSE, TASK_DONE, TASK_READ, TASK_RUN, TASK_TAKE
from handlers.effects import LABEL_LIMIT, Button, Card, Colour, Content, Delete, Menu, Option, Post, Redraw, unfolded
from handlers.payloads import ItemOfList, OfTask
from handlers.rules.assignees import named
from handlers.rules.follow_ups import is_workable
from handlers.rules.planned_tasks import missing_for, planned_task
from handlers.rules.progress import Numbered, Progress, progress
from handlers.text.readers import Reader
from handlers.text.sentences import Said, say
from handlers.text.words import Safe, escape, label, plain, shorten, unlinked
from handlers.views.keep import post, take_away
from handlers.views.menu_items import items
from store import OPEN, Checklist, Message, Run, Seen, Task, TaskState, assigned, looks

NEXT_TASKS = 2
"""How many of the next open tasks have a button of their own; on a phone each takes a line."""

BUTTONS = 3
"""How many buttons a list has beside its menu. Where a task is taken up by what it says or runs, the second task's own
button gives way to those, and *Take* stands only where there is room: what a task says, and the menu, offer it, too."""

LINKS = 2
"""How many links stand in a task's line; all of them stand where it is read."""

HEADING_LIMIT = 100
OPTION_LIMIT = 60

_MARKS = {"done": "☑", "skipped": "⤼", "in_progress": "◐", "open": "☐"}


def parts(ctx: Context, row: Checklist, tasks: Sequence[Numbered]) -> list[tuple[Numbered, ...]]:
    """Split a checklist's tasks so that each part fits a message; at least one part, in order, none lost."""
    # The heading stands in the title and in what notifications show.
    heading = shorten(row.title, HEADING_LIMIT)
    room = ctx.here.message_budget - _size(unlinked(heading)) - _size(heading)
    known = ctx.store.beside(row.run_id, Drawn).parts
    # The tasks are the same sequence for as long as none has come, gone or moved, or has another title.
    found = known.get(row.id)
    if found is None or found.of is not tasks or found.room != room:
        run = ctx.store.run(row.run_id, removed=True)
        beside = [_room_beside(ctx, run, one.task) if run is not None else 0 for one in tasks]
        found = known[row.id] = Split(tasks, room, _split(tasks, room, beside))
    return found.parts


class Split(NamedTuple):
    """The parts of a checklist with so much room for each; they hold for just this sequence of tasks."""

    of: Sequence[Numbered]
    room: int
    parts: list[tuple[Numbered, ...]]


def _split(tasks: Sequence[Numbered], room: int, beside: Sequence[int]) -> list[tuple[Numbered, ...]]:
    out: list[tuple[Numbered, ...]] = []
    now: list[Numbered] = []
    size = 0
    for one, more in zip(tasks, beside, strict=True):
        weight = _weight(one.task.title) + more
        if now and size + weight > room:
            out.append(tuple(now))
            now, size = [], 0
        now.append(one)
        size += weight
    return [*out, tuple(now)]


def _room_beside(ctx: Context, run: Run, task: Task) -> int:
    """Return how many characters a task's line may need for what stands beside the title."""
    page = _size(ctx.page_link(f"/runs/{run.id}#task-{task.id}"))
    planned = planned_task(ctx, run, task)
    if planned is None:
        return page
    links = sum(_size(one.url) + 5 * len(one.called) for one in planned.links[:LINKS])
    return page + links + sum(map(_size, planned.needs))


@lru_cache(4096)
def _weight(title: str) -> int:
    # A title stands in its line and in the menu; the rest is a name, times and what holds them together.
    return _size(escape(title)) + _size(shorten(title, OPTION_LIMIT)) + 200


def checklist(ctx: Context, run: Run, row: Checklist, part: int, standing: Progress) -> Content:
    """Return the content of one of a checklist's messages; `part` counts from 1."""
    ctx = ctx.to(ctx.readers_of(run))
    every = standing.of(row)
    split = parts(ctx, row, every)
    look = looks([one.task for one in every])
    done = sum(one.state not in OPEN for one in look)
    tasks = split[part - 1] if part <= len(split) else ()
    begin = sum(map(len, split[: part - 1]))
    shown = _shown(ctx, run, (row.id, part), tasks, look[begin : begin + len(tasks)])
    said = ctx.say(
        "checklist",
        position=row.position,
        heading=shorten(row.title, HEADING_LIMIT),
        part=part,
        parts=len(split),
        tasks=Safe("\n".join(one.line for one in shown)),
        done=done,
        total=len(every),
        timed=any(one.is_timed for one in shown),
        more_of=next((one.more_of for one in shown if one.more_of), ""),
    )
    is_worked = is_workable(ctx, run, row.id)
    card = Card(
        colour=_colour(look, done, ctx.now, is_worked=is_worked),
        title=said["title"],
        fields=unfolded(said["text"]),
        footer=said["footer"],
        controls=_controls(ctx, shown, said, row, standing) if is_worked else (),
    )
    return Content("", (card,))


def _colour(look: Sequence[Seen], done: int, now: datetime, *, is_worked: bool) -> Colour:
    if done == len(look):
        return "green"
    if not is_worked:
        return "grey"
    return "amber" if any(one.is_overdue(now) for one in look) else "blue"


def refresh_checklists(
    ctx: Context, run: Run, *, again: Container[int] = (), changed: Collection[int] | None = None
) -> Iterator[Redraw | Post | Delete]:
    """Show how the run's checklists stand now: in their order, in as many messages as they need.

    The first message has the first part of the first checklist, whichever that is now; what is missing is posted, and
    what is too much is taken away. Messages that show it already are left alone, but for the checklists in `again`.
    Where only the tasks `changed` are other than they were, by their ids, only what shows them is looked at. What
    people were told about their own tasks is kept true with it.
    """
    standing = progress(ctx, run)
    wanted = [
        (row, part) for row in standing.checklists for part in range(1, len(parts(ctx, row, standing.of(row))) + 1)
    ]
    messages = ctx.store.messages("checklist", run_id=run.id)
    today = ctx.readers_of(run).day_begin(ctx.now)
    for message, (row, part) in zip(messages, wanted, strict=False):
        is_moved = (message.checklist_id, message.part) != (row.id, part)
        message.checklist_id, message.part = row.id, part
        if is_moved or row.id in again or _is_other(standing, row, changed, today):
            yield Redraw(message_id=message.id, again=row.id in again)
    for message in messages[len(wanted) :]:
        yield from take_away(ctx, message)
    if run.channel_id is not None and not run.closed_place:
        for row, part in wanted[len(messages) :]:
            message = Message(kind="checklist", run_id=run.id, checklist_id=row.id, part=part, place_id=run.channel_id)
            yield from post(ctx, message, checklist(ctx, run, row, part, standing))
    for message in (one for kind in ("assignment", "task_reminder") for one in ctx.store.messages(kind, run_id=run.id)):
        if changed is None or any(one in changed for one in message.task_ids):
            yield Redraw(message_id=message.id)


def _is_other(standing: Progress, row: Checklist, changed: Collection[int] | None, today: datetime) -> bool:
    """Return whether a checklist may look different: a task does, or what was today no longer is."""
    if changed is None:
        return True
    found = (standing.numbered(task_id) for task_id in changed)
    if any(one is not None and one.task.checklist_id == row.id for one in found):
        return True
    look = looks([one.task for one in standing.of(row)])
    return any(one.due_at or (one.changed_at is not None and one.changed_at < today) for one in look)


def _size(text: str) -> int:
    """Return how many characters a text takes in a message's JSON, as the server's own language writes it."""
    return len(text) + 5 * sum(map(text.count, "<>&")) + sum(map(text.count, '"\\'))


@dataclass(frozen=True, slots=True)
class Line:
    """All that a task's line tells."""

    number: Safe
    title: str
    state: TaskState
    by: str
    assignees: Safe
    changed_at: datetime | None
    due_at: datetime | None
    late: bool
    ran_at: datetime | None
    has_more: bool
    about: Safe
    links: tuple[tuple[str, str], ...]
    needs: tuple[str, ...]


class Shown(NamedTuple):
    """A task as its checklist shows it: on a button, as a line, and in the menu.

    `more_of` is its number where its description says more, empty where there is none.
    """

    id: int
    label: str
    line: str
    option: Option
    is_open: bool
    is_timed: bool
    more_of: str
    number: str


class Around(NamedTuple):
    """What a task's line has besides: its page, links, and the names of attributes that it needs and have no value."""

    page: str = ""
    links: tuple[tuple[str, str], ...] = ()
    needs: tuple[str, ...] = ()


_NOTHING = Around()


def around_of(ctx: Context, run: Run, task: Task) -> Around:
    """Return what the line of an open task has besides what the task itself says."""
    planned = planned_task(ctx, run, task) if task.is_open else None
    page = ctx.page_link(f"/runs/{run.id}#task-{task.id}") if task.is_open and task.description else ""
    if planned is None or not (planned.links or planned.needs):
        return Around(page) if page else _NOTHING
    links = tuple((each.called, each.url) for each in planned.links[:LINKS])
    return Around(page, links, tuple(one.name for one in missing_for(ctx, run, task)))


class Before(NamedTuple):
    """A part as it was drawn last; that stays right for just these tasks, and as long as `all_else` is the same."""

    of: Sequence[Numbered]
    all_else: tuple[Any, ...]
    look: Sequence[Seen]
    shown: Sequence[Shown]


@dataclass(slots=True)
class Drawn:
    """What a run's checklists were split into, by their ids, and what each part showed the last time."""

    parts: dict[int, Split] = field(default_factory=dict)
    shown: dict[tuple[int, int], Before] = field(default_factory=dict)


def _shown(
    ctx: Context, run: Run, which: tuple[int, int], tasks: Sequence[Numbered], look: Sequence[Seen]
) -> list[Shown]:
    changers = {one.changed_by for one in look if one.changed_by}
    names = {key: row.username for key, row in ctx.store.people(changers).items()}
    today = ctx.reader.day_begin(ctx.now)
    whom = [named(ctx, run, some) if some else "" for some in assigned([one.task for one in tasks])]
    late = [one.due_at is not None and one.is_overdue(ctx.now) for one in look]
    around = [around_of(ctx, run, one.task) for one in tasks]
    all_else = (names, ctx.reader, today, whom, late, around)
    known = ctx.store.beside(run.id, Drawn).shown
    before = known.get(which)
    if before is None or before.of is not tasks or before.all_else != all_else:
        shown = [
            _said(one.number, seen, names.get(seen.changed_by, ""), to, is_late, beside, ctx.reader, today)
            for one, seen, to, is_late, beside in zip(tasks, look, whom, late, around, strict=True)
        ]
    else:
        shown = list(before.shown)
        for at, (seen, then) in enumerate(zip(look, before.look, strict=True)):
            if seen != then:
                name = names.get(seen.changed_by, "")
                shown[at] = _said(tasks[at].number, seen, name, whom[at], late[at], around[at], ctx.reader, today)
    known[which] = Before(tasks, all_else, look, shown)
    return shown


# Each change of a checklist draws all its lines again, and hardly one of them has changed.
@lru_cache(8192)
def _said(
    number: str, one: Seen, by: str, assignees: str, late: bool, beside: Around, to: Reader, today: datetime
) -> Shown:
    has_more = bool(one.description) and one.state in OPEN
    line = Line(
        *(Safe(number), one.title, one.state, by, Safe(assignees), one.changed_at, one.due_at, late, one.ran_at),
        has_more=has_more,
        about=Safe(beside.page),
        links=beside.links,
        needs=beside.needs,
    )
    option = f"{_MARKS[one.state]} {number} {plain(shorten(one.title, OPTION_LIMIT))}"
    return Shown(
        id=one.id,
        label=label(shorten(f"{number} {one.title}", LABEL_LIMIT - len("✓ "))),
        line=say("task_line", to, line=line, now=today)["line"],
        option=Option(option, str(one.id)),
        is_open=one.state in OPEN,
        is_timed=one.due_at is not None or one.changed_at is not None,
        more_of=number if has_more else "",
        number=number,
    )


def _controls(
    ctx: Context, tasks: Sequence[Shown], said: Said, row: Checklist, standing: Progress
) -> tuple[Button | Menu, ...]:
    coming = [one for one in tasks if one.is_open][:NEXT_TASKS]
    buttons = [
        TASK_DONE.button(f"✓ {one.label}", OfTask(one.id), "good" if at == 0 else "default")
        for at, one in enumerate(coming)
    ]
    more = []
    if (ready := next((one for one in coming if _is_ready(standing.numbered(one.id))), None)) is not None:
        more.append(TASK_RUN.button(f"▶ {ready.label}", OfTask(ready.id), "primary"))
    if (told := next((one for one in coming if one.more_of), None)) is not None:
        more.append(TASK_READ.button(f"ⓘ {told.label}", OfTask(told.id)))
    free = next((one for one in coming if _is_free(standing.numbered(one.id))), None)
    if free is not None and len(buttons) + len(more) < BUTTONS:
        more.append(TASK_TAKE.button(ctx.say("checklist", number=Safe(free.number))["take"], OfTask(free.id)))
    options = (*(one.option for one in tasks), *items(ctx, TASK_CHOOSE))
    menu = TASK_CHOOSE.menu(said["any_task"], options, ItemOfList(row.id))
    return (*buttons[: BUTTONS - len(more)], *more, menu)


def _is_free(one: Numbered | None) -> bool:
    """Return whether a task is for nobody yet."""
    return one is not None and not one.task.assignees


def _is_ready(one: Numbered | None) -> bool:
    """Return whether a task has a command that nobody has run yet."""
    return one is not None and bool(one.task.command) and one.task.ran_at is None
