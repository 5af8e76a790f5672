"""The reminder of tasks that are due: all that come due together for somebody, in one direct message."""

from collections.abc import Sequence

from handlers.context import Context
from handlers.controls import TASK_SNOOZE
from handlers.effects import Card, Content, Effects, Menu, Option
from handlers.payloads import TaskLater
from handlers.rules import permissions
from handlers.rules.progress import Numbered, Progress, progress
from handlers.rules.teams import outside
from handlers.text.words import Safe, shorten
from handlers.views.assignment import about_task, standing_of, task_controls
from handlers.views.keep import take_away, tell
from store import Message, Run, Task

SNOOZES = (15 * 60, 3600, 4 * 3600, 86400)
"""How long a person may put a reminder of tasks off, in seconds."""

SHOWN = 5
"""How many tasks of one reminder have a card with buttons."""

NAMED_LIMIT = 60


def tell_due(ctx: Context, run: Run, tasks: Sequence[Task], person_id: str) -> Effects:
    """Remind somebody of tasks that are due soon, or now, unless the run is theirs to see no more.

    An older reminder that has nothing else to say is taken away.
    """
    if permissions.is_over_for(ctx, run, person_id) or outside(ctx, run, [person_id]):
        return
    first, *others = [task.id for task in tasks]
    for old in ctx.store.messages("task_reminder", run_id=run.id):
        left = {one.task.id for one in waiting(ctx, run, old)}
        if old.person_id == person_id and left and left <= {first, *others}:
            yield from take_away(ctx, old)
    message = Message(kind="task_reminder", run_id=run.id, task_id=first, also_task_ids=others, person_id=person_id)
    yield from tell(ctx, message, reminder(ctx, run, message, progress(ctx, run)))


def waiting(ctx: Context, run: Run, message: Message, standing: Progress | None = None) -> list[Numbered]:
    """Return the tasks of a reminder that are still its person's to do, and due at some time."""
    standing = standing or progress(ctx, run)
    found = (standing.numbered(id) for id in message.task_ids if standing_of(ctx, run, message, id, standing) == "open")
    return [one for one in found if one is not None and one.task.due_at is not None]


def reminder(ctx: Context, run: Run, message: Message, standing: Progress) -> Content:
    """Return what a reminder shows now: what is due in one sentence, and a card for each task."""
    ctx = ctx.to(ctx.reader_of(message.person_id))
    due, is_alone = waiting(ctx, run, message, standing), not message.also_task_ids
    cards = [_card(ctx, run, message, id, standing, is_alone=is_alone) for id in message.task_ids[:SHOWN]]
    if due and not is_alone:
        said = ctx.say("assignment", run=run, link=ctx.run_link(run), more=max(0, len(message.task_ids) - SHOWN))
        cards.append(Card(colour="grey", text=said["all_of"], controls=(_snooze(ctx, due[0].task),)))
    return Content(_sentence(ctx, run, due) if due else "", tuple(cards))


def _sentence(ctx: Context, run: Run, due: Sequence[Numbered]) -> str:
    """Say what is due; it stands in the message itself, as phones show nothing else of it."""
    times = {one.task.due_at.replace(second=0, microsecond=0) for one in due if one.task.due_at is not None}
    titles = [Safe(_named(ctx, one, is_timed=len(times) > 1)) for one in due[:SHOWN]]
    said = ctx.say(
        "assignment",
        task=due[0].task,
        number=Safe(due[0].number),
        run=run,
        count=len(due),
        due_at=times.pop() if len(times) == 1 else None,
        titles=titles,
        more=len(due) - len(titles),
    )
    word = "late" if all(one.task.is_overdue(ctx.now) for one in due) else "soon"
    return said[word if len(due) == 1 else f"several_{word}"]


def _named(ctx: Context, one: Numbered, *, is_timed: bool) -> str:
    """Name a task that is due, and where not all of them are due at one time when it is."""
    title = shorten(one.task.title, NAMED_LIMIT)
    return ctx.say("assignment", task=one.task, number=Safe(one.number), title=title, is_timed=is_timed)["one_due"]


def _card(ctx: Context, run: Run, message: Message, task_id: int, standing: Progress, *, is_alone: bool) -> Card:
    """Return how one of the tasks stands, with what can be done about it; the only one has *Snooze…* itself."""
    said, state = about_task(ctx, run, message, task_id, standing)
    task = ctx.store.task(task_id)
    if task is None or state != "open":
        return Card(colour="green" if state == "done" else "grey", text=said[state])
    done, look = task_controls(said, task_id)
    if task.due_at is None:
        return Card(colour="grey", text=said["not_due"], controls=(done, look))
    middle = (_snooze(ctx, task),) if is_alone else ()
    text = said["where" if is_alone else "one_of"]
    return Card(colour="red" if task.is_overdue(ctx.now) else "amber", text=text, controls=(done, *middle, look))


def _snooze(ctx: Context, task: Task) -> Menu:
    options = tuple(Option(ctx.say("assignment", seconds=one)["snooze_for"], str(one)) for one in SNOOZES)
    return TASK_SNOOZE.menu(ctx.say("assignment")["snooze"], options, TaskLater(task.id))
