"""Commands of tasks: run by the server in the run's channel, or handed over where the bot may not run them."""

from collections.abc import Sequence

from handlers.context import Context
from handlers.effects import Effects, Tell
from handlers.events import ButtonPressed, CommandGiven, CommandRan, Person
from handlers.operations.change_tasks import settled
from handlers.operations.run_slash_command import Trouble, run_slash_command
from handlers.rules import task_lookup
from handlers.rules.progress import Numbered, progress
from handlers.text.words import Safe, one_line, shorten
from handlers.views.keep import in_words, note_if_open
from store import Run

ANSWER_LIMIT = 1000


def by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`do 1.3`: run the task's command."""
    standing = progress(ctx, run)
    found = task_lookup.tasks(ctx, standing, words, "do") if words else []
    if len(found) == 1:
        yield from run_command(ctx, run, found[0], event.asker)
        return
    tasks = [
        {"number": Safe(one.number), "title": one.task.title, "command": one.task.command}
        for one in standing.tasks
        if one.task.command
    ]
    raise ctx.refused("do", "which" if tasks else "none", "which", tasks=tasks[:20])


def by_button(event: ButtonPressed, run: Run, one: Numbered, ctx: Context) -> Effects:
    """▶ under a checklist."""
    yield from run_command(ctx, run, one, event.asker)


def run_command(ctx: Context, run: Run, one: Numbered, asker: Person) -> Effects:
    """Have a task's command run, or hand it over to be pasted, and say so to who asked."""
    asked = yield from run_slash_command(ctx, run, one, asker)
    if asked.trouble is not None:
        yield _paste(ctx, run, one.number, asked.command, asked.trouble, asker.id, asked.unfit)
    else:
        yield ctx.answer("do", "running", number=Safe(one.number), title=one.task.title, command=asked.command)


def ran(event: CommandRan, ctx: Context) -> Effects:
    """The server ran the command, or would not: say so, and keep who ran it and when."""
    task = ctx.store.task(event.task_id)
    run = ctx.store.run(task.run_id) if task is not None else None
    if task is None or run is None:
        return
    numbered = progress(ctx, run).numbered(event.task_id)
    number = numbered.number if numbered else ""
    if event.trouble:
        yield _paste(ctx, run, number, event.command, event.trouble, event.by_id)
        return
    task.ran_by, task.ran_at, task.touched = event.by_id, ctx.now, True
    ctx.note(run, "command_ran", event.by_id, subject=f"{task.title}: {event.command}")
    said = ctx.say(
        "do",
        number=Safe(number),
        title=task.title,
        command=event.command,
        who=ctx.username(event.by_id),
        answer=shorten(one_line(event.answer), ANSWER_LIMIT),
    )
    yield from note_if_open(ctx, run, said, "ran")
    yield from settled(ctx, run)


def _paste(
    ctx: Context, run: Run, number: str, command: str, trouble: Trouble, by_id: str, unfit: Sequence[str] = ()
) -> Tell:
    """Hand a command over to whoever wanted it, ready to be pasted; `unfit` are the variables that were left in it."""
    ctx = ctx.to(ctx.reader_of(by_id))
    why = ctx.say("do", unfit=unfit)[f"trouble_{trouble}"]
    said = ctx.say("do", number=Safe(number), command=command, why=Safe(why))
    return in_words(ctx, by_id, said, "paste", "" if run.closed_place else run.channel_id or "")
