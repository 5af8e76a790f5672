"""Which handler deals with which command: those that mean the same everywhere, and those about a channel's run."""

import re
from collections.abc import Callable, Iterator, Mapping

from handlers.context import Context
from handlers.effects import Effect
from handlers.events import CommandGiven
from handlers.lifecycle import (
    brief,
    delete,
    finish,
    info,
    move,
    rename,
    restart,
    timeline,
    variables,
)
from handlers.people import hand_over, members, owner, roles, take_over
from handlers.personal import digests, todo
from handlers.routes import help
from handlers.rules import permissions
from handlers.start import by_command, standalone
from handlers.tasks import (
    assign,
    change,
    done_when,
    due,
    edit,
    list_commands,
    slash_commands,
    state,
    undo,
)
from handlers.updates import follow, reminders, update
from store import Run

_TASK = re.compile(r"#?[0-9]+\.[0-9]")

ANYWHERE: Mapping[str, Callable[[CommandGiven, str, Context], Iterator[Effect]]] = {
    "": help.by_command,
    "accept": lambda event, words, ctx: take_over.by_command(event, ctx, "accepted"),
    "help": help.by_command,
    "info": lambda event, words, ctx: info.info(event, ctx),
    "checklist": lambda event, words, ctx: _checklist(event, words, ctx),  # noqa: PLW0108  (defined below)
    "decline": lambda event, words, ctx: take_over.by_command(event, ctx, "declined"),
    "list": info.list_,
    "movehere": move.here,
    "run": by_command.by_command,
    "settings": digests.settings,
    "todo": todo.by_command,
}
"""Commands that mean the same in every channel."""

IN_A_RUN: Mapping[str, Callable[[CommandGiven, Run, str, Context], Iterator[Effect]]] = {
    "add": change.add,
    "assign": assign.by_command,
    "check": lambda event, run, words, ctx: state.by_command(event, run, words, "check", ctx),
    "checklist": list_commands.by_command,
    "done-when": done_when.by_command,
    "due": due.by_command,
    "duplicate": change.duplicate,
    "edit": edit.by_command,
    "history": undo.history_of,
    "move": change.move,
    "restore": lambda event, run, words, ctx: state.by_command(event, run, words, "restore", ctx),
    "skip": lambda event, run, words, ctx: state.by_command(event, run, words, "skip", ctx),
    "snooze": lambda event, run, words, ctx: (due if _TASK.match(words) else reminders).snoozed_by_command(
        event, run, words, ctx
    ),
    "start": lambda event, run, words, ctx: state.by_command(event, run, words, "start", ctx),
    "undo": undo.by_command,
    "brief": brief.by_command,
    "delete": delete.by_command,
    "do": slash_commands.by_command,
    "finish": finish.by_command,
    "follow": follow.follow,
    "handover": hand_over.by_command,
    "invite": members.invite,
    "join": members.join,
    "leave": members.leave,
    "move-run": move.elsewhere,
    "note": timeline.noted,
    "owner": owner.by_command,
    "remove": lambda event, run, words, ctx: (members if "@" in words else change).remove(event, run, words, ctx),
    "rename": rename.renamed,
    "restart": restart.by_command,
    "role": roles.by_command,
    "roles": roles.shown,
    "set": variables.by_command,
    "summary": rename.summarized,
    "timeline": timeline.by_command,
    "unfollow": follow.unfollow,
    "unset": variables.taken_away,
    "uncheck": lambda event, run, words, ctx: state.by_command(event, run, words, "uncheck", ctx),
    "update": update.by_command,
}
"""Commands about the run of the channel where they are given, which has to be active."""

EVEN_FINISHED = frozenset({"brief", "delete", "leave", "note", "owner", "restart", "roles", "timeline", "unfollow"})
"""Those of them that also mean something when the run is finished."""

KNOWN = sorted({*ANYWHERE, *IN_A_RUN} - {""})


def given(event: CommandGiven, ctx: Context) -> Iterator[Effect]:
    """Decide what follows from a command."""
    event = info.addressed(event, ctx)
    word, words = info.split(event.text)
    if word in ANYWHERE:
        yield from ANYWHERE[word](event, words, ctx)
    elif word in IN_A_RUN:
        yield from _in_a_run(word, event, words, ctx)
    else:
        yield from info.unknown(event, word, KNOWN, ctx)


def _checklist(event: CommandGiven, words: str, ctx: Context) -> Iterator[Effect]:
    """`checklist` changes a run's lists where it says how, and makes a list without a playbook otherwise."""
    verb = info.split(words)[0]
    if verb in list_commands.VERBS and (event.run_id or ctx.store.runs_in(event.place.id)):
        yield from _in_a_run("checklist", event, words, ctx)
    else:
        yield from standalone.by_command(event, words, ctx)


def _in_a_run(word: str, event: CommandGiven, words: str, ctx: Context) -> Iterator[Effect]:
    standalone.take_part(event, ctx, ctx.store.runs_in(event.place.id))
    run = info.run_here(event, ctx, permissions.needs(word), even_finished=word in EVEN_FINISHED)
    if isinstance(run, Run):
        yield from IN_A_RUN[word](event, run, words, ctx)
    else:
        yield run
