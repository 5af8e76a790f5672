"""Changing what checklists a run has: add, rename, remove, duplicate, move, and skip or restore all of one."""

import re
from collections.abc import Callable, Iterator, Mapping

from handlers import arranging, permissions, pointing
from handlers.context import Context
from handlers.effects import Answer, Ask, Correct, Dialog, Effect, Entry, Refuse, Tell
from handlers.events import ButtonPressed, CommandGiven, DialogSubmitted
from handlers.views.progress import progress
from handlers.views.undo import answered
from handlers.words import Safe, escape, one_line
from handlers.working import follow, operation
from store import Checklist, Run, Task

VERBS = frozenset({"add", "rename", "move", "remove", "duplicate", "skip", "restore"})
"""What `checklist` can be followed by when it is about a run's lists."""

_MOST = 100


def by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    """`checklist add Title`, and `rename`, `move`, `duplicate`, `skip`, `restore`, `remove` with a number."""
    verb, _, rest = words.strip().partition(" ")
    match verb.casefold():
        case "add":
            yield from _add_by_command(event, run, rest, ctx)
        case "rename" | "move":
            yield from _with_words(event, run, verb.casefold(), rest, ctx)
        case "remove" | "duplicate" | "skip" | "restore":
            yield from _whole(event, run, verb.casefold(), rest, ctx)
        case _:
            said = ctx.say("checklists")
            yield Refuse(title=said["how_title"], text=said["how"])


def asked_new(event: ButtonPressed, run: Run, ctx: Context) -> Iterator[Effect]:
    """*Add a checklist* of the card's menu."""
    yield Ask(dialog=_dialog(ctx, run))


def added(event: DialogSubmitted, run: Run, ctx: Context) -> Iterator[Effect]:
    """The dialog of a new checklist, filled in: its title, and a line for each task."""
    title = one_line(str(event.values.get("title") or ""))
    tasks = [one_line(line) for line in str(event.values.get("tasks") or "").splitlines() if line.strip()]
    wrong = _wrong(ctx, run, title, *tasks)
    if wrong is not None:
        yield Correct(error=wrong.text)
    elif ctx.store.once(f"dialog:{event.once}", ctx.now):
        yield from _add(event, run, title, tasks, ctx)


def _add_by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    title = one_line(words)
    if not title and event.trigger_id:
        yield Ask(dialog=_dialog(ctx, run))
    elif (wrong := _wrong(ctx, run, title)) is not None:
        yield wrong
    else:
        yield from _add(event, run, title, [], ctx)


def _add(
    event: CommandGiven | DialogSubmitted, run: Run, title: str, tasks: list[str], ctx: Context
) -> Iterator[Effect]:
    with operation(ctx, run, event.asker.id, "add", title) as record:
        row = arranging.add_checklist(ctx, run, title)
        for task in tasks:
            arranging.add(ctx, run, row, task)
    yield from follow(ctx, run, record, event.asker.id)
    content = answered(ctx, ctx.say("checklists", what=_what(row))["added"], record)
    if isinstance(event, CommandGiven):
        yield Answer(content=content)
    else:
        yield Tell(person_id=event.asker.id, place_id=event.place.id, content=content)


def _with_words(event: CommandGiven, run: Run, verb: str, words: str, ctx: Context) -> Iterator[Effect]:
    """`rename 2 New title` and `move 3 to 1`."""
    standing = progress(ctx, run)
    name, rest = pointing.split(words)
    row = pointing.checklist(ctx, standing, name)
    rest = re.sub(r"^to\s+", "", rest)
    wrong = _wrong(ctx, run, rest) if verb == "rename" else None
    if isinstance(row, Refuse) or wrong is not None:
        yield row if isinstance(row, Refuse) else wrong or permissions.gone(ctx)
        return
    before = pointing.checklist(ctx, standing, rest) if verb == "move" else row
    if isinstance(before, Refuse):
        yield before
        return
    with operation(ctx, run, event.asker.id, "edit" if verb == "rename" else "move", row.title) as record:
        if verb == "rename":
            row.title = one_line(rest)
        else:
            arranging.move_checklist(ctx, run, row, before.position)
    yield from follow(ctx, run, record, event.asker.id)
    said = ctx.say("checklists", what=_what(row))
    yield Answer(content=answered(ctx, said[f"{verb}d" if record.change else "unchanged"], record))


def _whole(event: CommandGiven, run: Run, verb: str, words: str, ctx: Context) -> Iterator[Effect]:
    """`remove 2`, `duplicate 2`, `skip 2` and `restore 2`."""
    row = pointing.checklist(ctx, progress(ctx, run), words)
    if isinstance(row, Refuse):
        yield row
        return
    tasks = [one.task for one in progress(ctx, run).of(row)]
    if verb == "duplicate" and len(progress(ctx, run).tasks) + len(tasks) > arranging.MOST_TASKS:
        said = ctx.say("tasks", limit=arranging.MOST_TASKS)
        yield Refuse(title=said["too_many_title"], text=said["too_many"])
        return
    what = _what(row)
    with operation(ctx, run, event.asker.id, verb, row.title) as record:
        _DO[verb](ctx, run, row, tasks, event.asker.id)
    yield from follow(ctx, run, record, event.asker.id)
    said = ctx.say("checklists", what=what, count=len(record.change.rows) if record.change else 0)
    yield Answer(content=answered(ctx, said[f"did_{verb}" if record.change else "unchanged"], record))


def _remove(ctx: Context, run: Run, row: Checklist, tasks: list[Task], by: str) -> None:
    row.removed_at = ctx.now


def _duplicate(ctx: Context, run: Run, row: Checklist, tasks: list[Task], by: str) -> None:
    again = arranging.add_checklist(ctx, run, row.title)
    for task in tasks:
        arranging.copy(ctx, task, again)
    arranging.move_checklist(ctx, run, again, row.position + 1)


def _skip(ctx: Context, run: Run, row: Checklist, tasks: list[Task], by: str) -> None:
    for task in tasks:
        if task.is_open:
            task.turn("skipped", by, ctx.now)


def _restore(ctx: Context, run: Run, row: Checklist, tasks: list[Task], by: str) -> None:
    for task in tasks:
        if task.state == "skipped":
            task.turn("open", by, ctx.now)


_DO: Mapping[str, Callable[[Context, Run, Checklist, list[Task], str], None]] = {
    "duplicate": _duplicate,
    "remove": _remove,
    "restore": _restore,
    "skip": _skip,
}


def _dialog(ctx: Context, run: Run) -> Dialog:
    said = ctx.say("checklists")
    return Dialog(
        action="checklist.new",
        arg=str(run.id),
        title=said["new_title"],
        entries=(
            Entry(name="title", label=said["title_label"], max_length=150),
            Entry(name="tasks", label=said["tasks"], kind="textarea", help=said["tasks_help"], optional=True),
        ),
        submit=said["add"],
    )


def _wrong(ctx: Context, run: Run, title: str, *tasks: str) -> Refuse | None:
    longest = max((title, *tasks), key=len)
    said = ctx.say("tasks", limit=arranging.TITLE_LIMIT, count=len(longest), verb=Safe("checklist add"))
    standing = progress(ctx, run)
    if not title:
        return Refuse(title=said["title_title"], text=said["title_how"])
    if len(longest) > arranging.TITLE_LIMIT:
        return Refuse(title=said["title_title"], text=said["too_long"])
    if len(standing.tasks) + len(tasks) > arranging.MOST_TASKS or len(standing.checklists) >= _MOST:
        return Refuse(title=said["too_many_title"], text=ctx.say("tasks", limit=arranging.MOST_TASKS)["too_many"])
    return None


def _what(row: Checklist) -> Safe:
    return Safe(f"**{row.position}** {escape(row.title)}")
