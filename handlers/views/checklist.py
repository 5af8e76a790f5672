"""A checklist's message: what is done and by whom, and a button for each of the next tasks.

A long checklist is spread over several messages, so that no server cuts it.
"""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import lru_cache

from handlers.assignees import named
from handlers.context import Context
from handlers.effects import Button, Card, Colour, Content, Delete, Menu, Option, Post, Redraw
from handlers.views.messages import post, take_away
from handlers.views.progress import Numbered, Progress, progress
from handlers.views.zones import day_begin, run_zone
from handlers.words import Safe, Said, clock_zone, escape, plain, say, shorten
from store import Checklist, Message, Run

NEXT_TASKS = 2
"""How many of the next open tasks have a button of their own; on a phone each takes a line."""

NEW_TASK, WHOLE_LIST = "new", "list"
"""What the menu *Any task…* has besides tasks."""

HEADING_LIMIT = 100
LABEL_LIMIT = 60

_MARKS = {"done": "☑", "skipped": "⤼", "in_progress": "◐", "open": "☐"}


def parts(ctx: Context, row: Checklist, tasks: Sequence[Numbered]) -> list[tuple[Numbered, ...]]:
    """Split a checklist's tasks so that each part fits a message; at least one part, in order, none lost."""
    out: list[tuple[Numbered, ...]] = []
    now: list[Numbered] = []
    size = 0
    # The heading stands in the title and in what notifications show.
    room = ctx.here.message_budget - 2 * _size(shorten(row.title, HEADING_LIMIT))
    for one in tasks:
        weight = _weight(one.task.title)
        if now and size + weight > room:
            out.append(tuple(now))
            now, size = [], 0
        now.append(one)
        size += weight
    return [*out, tuple(now)]


@lru_cache(4096)
def _weight(title: str) -> int:
    # A title stands in its line and in the menu; the rest is a name, times and what holds them together.
    return _size(escape(title)) + _size(shorten(title, LABEL_LIMIT)) + 200


def checklist(ctx: Context, run: Run, row: Checklist, part: int, standing: Progress) -> Content:
    """Return the content of one of a checklist's messages; `part` counts from 1."""
    every = standing.of(row)
    split = parts(ctx, row, every)
    tasks = split[part - 1] if part <= len(split) else ()
    zone = run_zone(ctx, run)
    timed = any(one.task.due_at or one.task.changed_at for one in tasks)
    said = ctx.say(
        "checklist",
        position=row.position,
        heading=shorten(row.title, HEADING_LIMIT),
        part=part,
        parts=len(split),
        tasks=Safe("\n".join(_lines(ctx, run, tasks, zone))),
        done=sum(one.task.is_settled for one in every),
        total=len(every),
        zone_name=clock_zone(ctx.now, zone) if timed else "",
    )
    return Content(
        cards=(
            Card(
                colour=_colour(ctx, run, every),
                title=said["title"],
                text=said["text"],
                footer=said["footer"],
                controls=_controls(ctx, tasks, said, row) if run.is_active else (),
            ),
        )
    )


def _colour(ctx: Context, run: Run, tasks: Sequence[Numbered]) -> Colour:
    if all(one.task.is_settled for one in tasks):
        return "green"
    if not run.is_active:
        return "grey"
    return "amber" if any(one.task.is_overdue(ctx.now) for one in tasks) else "blue"


def refresh_checklists(
    ctx: Context, run: Run, *, again: Container[int | None] = (), changed: Container[int] | None = None
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
    today = day_begin(ctx.now, run_zone(ctx, run))
    for message, (row, part) in zip(messages, wanted, strict=False):
        is_moved = (message.checklist_id, message.part) != (row.id, part)
        message.checklist_id, message.part = row.id, part
        if is_moved or row.id in again or _is_other(standing.of(row), changed, today):
            yield Redraw(message_id=message.id or 0, again=row.id in again)
    for message in messages[len(wanted) :]:
        yield from take_away(ctx, message)
    if run.channel_id is not None and not run.closed_place:
        for row, part in wanted[len(messages) :]:
            message = Message(kind="checklist", run_id=run.id, checklist_id=row.id, part=part, place_id=run.channel_id)
            yield from post(ctx, message, checklist(ctx, run, row, part, standing))
    for message in (one for kind in ("assignment", "task_reminder") for one in ctx.store.messages(kind, run_id=run.id)):
        if changed is None or message.task_id in changed:
            yield Redraw(message_id=message.id or 0)


def _is_other(tasks: Sequence[Numbered], changed: Container[int] | None, today: datetime) -> bool:
    """Return whether a checklist may look different: a task is, or what was today is not any more."""
    return changed is None or any(
        one.task.id in changed or (one.task.changed_at is not None and one.task.changed_at < today) or one.task.due_at
        for one in tasks
    )


def _size(text: str) -> int:
    """Return how many characters a text takes in a message's JSON, as the server's own language writes it."""
    return len(text) + 5 * sum(map(text.count, "<>&")) + sum(map(text.count, '"\\'))


@dataclass(frozen=True, slots=True)
class Line:
    """All that a task's line tells."""

    number: Safe
    title: str
    state: str
    by: str
    assignees: Safe
    changed_at: datetime | None
    due_at: datetime | None
    late: bool
    ran_at: datetime | None


def _lines(ctx: Context, run: Run, tasks: Sequence[Numbered], zone: tzinfo) -> Iterator[str]:
    names = ctx.store.people(one.task.changed_by for one in tasks if one.task.changed_by)
    today = day_begin(ctx.now, zone)
    for one in tasks:
        task = one.task
        line = Line(
            number=Safe(one.number),
            title=task.title,
            state=task.state,
            by=names[task.changed_by].username if task.changed_by in names else "",
            assignees=named(ctx, run, task.assignees) if task.assignees else Safe(""),
            changed_at=task.changed_at,
            due_at=task.due_at,
            late=task.is_overdue(ctx.now),
            ran_at=task.ran_at,
        )
        yield _said(line, zone, today)


# With each change of a checklist all its lines are said again, of which hardly one is another.
@lru_cache(8192)
def _said(line: Line, zone: tzinfo, today: datetime) -> str:
    return say("task_line", line=line, zone=zone, now=today)["line"]


def _controls(ctx: Context, tasks: Sequence[Numbered], said: Said, row: Checklist) -> tuple[Button | Menu, ...]:
    coming = [one for one in tasks if one.task.is_open][:NEXT_TASKS]
    buttons = [
        Button(f"✓ {_label(one)}", "task.done", str(one.task.id), "good" if at == 0 else "default")
        for at, one in enumerate(coming)
    ]
    if (ready := next((one for one in coming if one.task.command and one.task.ran_at is None), None)) is not None:
        buttons.append(Button(f"▶ {_label(ready)}", "task.run", str(ready.task.id), "primary"))
    options = tuple(Option(f"{_MARKS[one.task.state]} {_label(one)}", str(one.task.id)) for one in tasks)
    return (*buttons, Menu(said["any_task"], "task.choose", str(row.id), (*options, *_of_the_list(said))))


def _of_the_list(said: Said) -> tuple[Option, Option]:
    """Return what the menu leads to besides the tasks."""
    return Option(said["new_task"], NEW_TASK), Option(said["whole_list"], WHOLE_LIST)


def _label(one: Numbered) -> str:
    return f"{one.number} {_short(one.task.title)}"


@lru_cache(4096)
def _short(title: str) -> str:
    return plain(shorten(title, LABEL_LIMIT))
