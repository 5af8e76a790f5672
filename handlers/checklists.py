"""Working a checklist: by button, by menu and dialog, and by command."""

import re
from collections.abc import Iterator

from handlers import permissions, times
from handlers.assignees import people_of
from handlers.context import Context
from handlers.effects import Answer, Ask, Content, Correct, Dialog, Effect, Entry, Option, Refuse
from handlers.events import ButtonPressed, CommandGiven, DialogSubmitted, Person
from handlers.views.card import refresh_card
from handlers.views.checklist import refresh_checklists
from handlers.views.progress import Numbered, Progress, progress
from handlers.words import Safe, clock_zone, escape, zone
from store import Run, Task

_NUMBER = re.compile(r"#?([0-9]{1,4})\.([0-9]{1,4})")
_ID = re.compile(r"[0-9]{1,9}")
_STATES = ("open", "in_progress", "done", "skipped")


def done_by_button(event: ButtonPressed, ctx: Context) -> Iterator[Effect]:
    """The button of one of the next tasks: done, whoever else pressed it at the same time."""
    task = ctx.store.task(int(event.arg))
    run = ctx.store.run(task.run_id) if task else None
    if task is None or run is None:
        yield _gone(ctx)
    elif not permissions.may_work(ctx, event.asker, run):
        yield permissions.not_yours(ctx, run)
    elif not run.is_active:
        yield permissions.finished(ctx, run, event.asker)
    else:
        yield from _turn(ctx, run, task, "done", event.asker)


def chosen(event: ButtonPressed, ctx: Context) -> Iterator[Effect]:
    """The menu of all tasks: a dialog with everything about the chosen one."""
    task = ctx.store.task(int(event.choice)) if _ID.fullmatch(event.choice) else None
    run = ctx.store.run(task.run_id) if task else None
    if task is None or run is None or str(task.checklist_id) != event.arg:
        yield _gone(ctx)
    elif not permissions.may_work(ctx, event.asker, run):
        yield permissions.not_yours(ctx, run)
    elif not run.is_active:
        yield permissions.finished(ctx, run, event.asker)
    elif (numbered := progress(ctx, run).numbered(task.id or 0)) is not None:
        yield Ask(dialog=_dialog(ctx, run, numbered, event.asker))


def changed_by_dialog(event: DialogSubmitted, ctx: Context) -> Iterator[Effect]:
    """The task's dialog, saved: state, assignee and due time."""
    task = ctx.store.task(int(event.arg))
    run = ctx.store.run(task.run_id) if task else None
    if task is None or run is None:
        yield Correct(error=_gone(ctx).text)
        return
    if not permissions.may_work(ctx, event.asker, run):
        yield Correct(error=permissions.not_yours(ctx, run).text)
        return
    if not run.is_active:
        yield Correct(error=permissions.finished(ctx, run, event.asker).text)
        return
    words = str(event.values.get("due") or "").strip()
    try:
        due_at = times.parse(words, zone(event.asker.timezone), ctx.now) if words else None
    except times.Unreadable:
        yield Correct(errors={"due": ctx.say("task", words=words)["due_wrong"]})
        return
    if words != _due_words(ctx, task, event.asker) and due_at is not None and due_at <= ctx.now:
        yield Correct(errors={"due": ctx.say("task", words=words)["due_past"]})
        return
    if ctx.store.once(f"dialog:{event.once}", ctx.now):
        if words != _due_words(ctx, task, event.asker):
            task.due_at = due_at
        yield from _change(ctx, run, task, event)


def by_command(event: CommandGiven, run: Run, words: str, state: str, ctx: Context) -> Iterator[Effect]:
    """`check 2.3` and `uncheck 2.3`."""
    standing = progress(ctx, run)
    found = _find(ctx, standing, words)
    if isinstance(found, Refuse):
        yield found
        return
    before = ctx.username(found.task.changed_by) if found.task.changed_by else ""
    block = "checked" if state == "done" else "unchecked"
    if found.task.state == state:
        said = ctx.say("task", number=Safe(found.number), title=found.task.title, who=before)
        yield Answer(content=Content(said[f"{block}_before"]))
        return
    yield from _turn(ctx, run, found.task, state, event.asker)
    standing = progress(ctx, run)
    said = ctx.say("task", number=Safe(found.number), title=found.task.title, done=standing.done, total=standing.total)
    yield Answer(content=Content(said[block]))


def _turn(ctx: Context, run: Run, task: Task, state: str, asker: Person) -> Iterator[Effect]:
    turned = task.turn(state, asker.id, ctx.now)
    if turned:
        ctx.note(run, f"task_{state}", asker.id, subject=task.title)
    # Who presses what is done already has an old message before them.
    yield from refresh_checklists(ctx, run, again=() if turned else {task.checklist_id})
    yield from refresh_card(ctx, run)


def _change(ctx: Context, run: Run, task: Task, event: DialogSubmitted) -> Iterator[Effect]:
    state = str(event.values.get("state") or task.state)
    assignee = str(event.values.get("assignee") or "")
    if [assignee] != (people_of(ctx, run, task) or [""]) and (not assignee or ctx.store.person(assignee) is not None):
        task.assignees = [assignee] if assignee else []
        who = ctx.username(assignee) if assignee else ""
        ctx.note(run, "task_assigned", event.asker.id, subject=f"{task.title}: @{who}" if who else task.title)
    yield from _turn(ctx, run, task, state if state in _STATES else task.state, event.asker)


def _dialog(ctx: Context, run: Run, numbered: Numbered, asker: Person) -> Dialog:
    task = numbered.task
    assigned = people_of(ctx, run, task)
    where = zone(asker.timezone)
    said = ctx.say(
        "task",
        number=Safe(numbered.number),
        title=task.title,
        description=task.description,
        zone_name=clock_zone(ctx.now, where),
    )
    states = tuple(Option(said[f"state_{state}"], state) for state in _STATES)
    return Dialog(
        action="task.save",
        arg=str(task.id),
        title=said["dialog_title"],
        intro=said["intro"],
        entries=(
            Entry(name="state", label=said["state"], kind="select", default=task.state, options=states),
            Entry(name="assignee", label=said["assignee"], kind="users", default="".join(assigned[:1]), optional=True),
            Entry(
                name="due",
                label=said["due"],
                default=_due_words(ctx, task, asker),
                help=said["due_help"],
                optional=True,
                max_length=60,
            ),
        ),
        submit=said["save"],
    )


def _due_words(ctx: Context, task: Task, asker: Person) -> str:
    return f"{task.due_at.astimezone(zone(asker.timezone)):%Y-%m-%d %H:%M}" if task.due_at else ""


def _find(ctx: Context, standing: Progress, words: str) -> Numbered | Refuse:
    """Find a task by its number, or say what is wrong with the words."""
    example = standing.open[0].number if standing.open else "1.1"
    title = ctx.say("task")["which_title"]
    match = _NUMBER.fullmatch(words.strip())
    if match is None:
        return Refuse(title=title, text=ctx.say("task", example=Safe(example))["which"])
    number = f"{int(match[1])}.{int(match[2])}"
    found = next((one for one in standing.tasks if one.number == number), None)
    if found is not None:
        return found
    last = [one.number for one in standing.tasks if one.number.split(".")[0] == number.split(".", maxsplit=1)[0]]
    count = len(standing.checklists)
    said = ctx.say(
        "task",
        number=Safe(escape(number)),
        nearest=Safe(last[-1] if last else ""),
        checklists=Safe(f"{count} checklist{'' if count == 1 else 's'}"),
    )
    return Refuse(title=title, text=said["no_such"])


def _gone(ctx: Context) -> Refuse:
    said = ctx.say("task")
    return Refuse(title=said["gone_title"], text=said["gone"])
