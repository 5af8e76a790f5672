"""Having a task's command run: filled in with the run's variables, or handed over to be pasted."""

from collections.abc import Iterator

from handlers.context import Context
from handlers.effects import Answer, Content, Effect, Refuse, RunCommand, Tell
from handlers.events import Person
from handlers.variables import defined, fill
from handlers.views.progress import Numbered
from handlers.words import Safe, one_line
from store import Run

TROUBLES = ("unknown", "forbidden", "failed", "unsure", "own", "personal")
"""Why a command was not run, as far as there are words for it."""

PERSONAL = frozenset(
    {
        *("archive", "away", "collapse", "dnd", "expand", "groupmsg", "header", "invite", "invite_people", "join"),
        *("kick", "leave", "logout", "msg", "mute", "offline", "online", "open", "purpose", "remove", "rename"),
        *("search", "settings", "shortcuts"),
    }
)
"""The server's own commands that act for whoever gives them, with that account's rights (server: app/slashcommands)."""


def run_command(ctx: Context, run: Run, numbered: Numbered, asker: Person) -> Iterator[Effect]:
    """Have the server run a task's command with the run's variables in it, or say what is missing."""
    task = numbered.task
    filled = fill(task.command, defined(run.attributes, run.summary))
    said = ctx.say("do", number=Safe(numbered.number), title=task.title, missing=filled.missing, command=filled.text)
    if not task.command:
        yield Refuse(title=said["which_title"], text=said["no_command"])
    elif filled.missing:
        yield Refuse(title=said["missing_title"], text=said["missing"])
    elif run.channel_id is None or run.closed_place:
        yield Refuse(title=said["closed_title"], text=said["closed"])
    elif (word := filled.text.removeprefix("/").partition(" ")[0].casefold()) in {ctx.here.trigger, *PERSONAL}:
        trouble = "personal" if word in PERSONAL else "own"
        yield paste(ctx, run, numbered.number, filled.text, trouble, asker.id)
    else:
        yield RunCommand(task_id=task.id or 0, place_id=run.channel_id, command=one_line(filled.text), by_id=asker.id)
        yield Answer(content=Content(said["running"]))


def paste(ctx: Context, run: Run, number: str, command: str, trouble: str, by_id: str) -> Tell:
    """Hand a command over to whoever wanted it, ready to be pasted."""
    said = ctx.say("do", number=Safe(number), command=command)
    why = said[f"trouble_{trouble if trouble in TROUBLES else 'failed'}"]
    text = ctx.say("do", number=Safe(number), command=command, why=Safe(why))["paste"]
    return Tell(person_id=by_id, place_id="" if run.closed_place else run.channel_id or "", content=Content(text))
