"""Which handler deals with which command: those that mean the same everywhere, and those about a channel's run."""

import re
from collections.abc import Callable, Iterator, Mapping

from handlers import (
    assigning,
    attributes,
    briefing,
    checklists,
    commands,
    deleting,
    describing,
    digests,
    done_when,
    due_times,
    editing,
    finishing,
    following,
    handing_over,
    helping,
    listing,
    moving,
    owning,
    people,
    permissions,
    reminders,
    restarting,
    roles,
    starting_by_words,
    taking_over,
    task_commands,
    task_lists,
    tasks,
    timeline,
    todo,
    undoing,
    updates,
)
from handlers.context import Context
from handlers.effects import Effect
from handlers.events import CommandGiven
from store import Run

_TASK = re.compile(r"#?[0-9]+\.[0-9]")

ANYWHERE: Mapping[str, Callable[[CommandGiven, str, Context], Iterator[Effect]]] = {
    "": helping.by_command,
    "accept": lambda event, words, ctx: taking_over.by_command(event, ctx, "accepted"),
    "help": helping.by_command,
    "info": lambda event, words, ctx: commands.info(event, ctx),
    "checklist": lambda event, words, ctx: _checklist(event, words, ctx),  # noqa: PLW0108  (defined below)
    "decline": lambda event, words, ctx: taking_over.by_command(event, ctx, "declined"),
    "list": commands.list_,
    "movehere": moving.here,
    "run": starting_by_words.by_command,
    "settings": digests.settings,
    "todo": todo.by_command,
}
"""Commands that mean the same in every channel."""

IN_A_RUN: Mapping[str, Callable[[CommandGiven, Run, str, Context], Iterator[Effect]]] = {
    "add": tasks.add,
    "assign": assigning.by_command,
    "check": lambda event, run, words, ctx: checklists.by_command(event, run, words, "check", ctx),
    "checklist": task_lists.by_command,
    "done-when": done_when.by_command,
    "due": due_times.by_command,
    "duplicate": tasks.duplicate,
    "edit": editing.by_command,
    "history": undoing.history_of,
    "move": tasks.move,
    "restore": lambda event, run, words, ctx: checklists.by_command(event, run, words, "restore", ctx),
    "skip": lambda event, run, words, ctx: checklists.by_command(event, run, words, "skip", ctx),
    "snooze": lambda event, run, words, ctx: (due_times if _TASK.match(words) else reminders).snoozed_by_command(
        event, run, words, ctx
    ),
    "start": lambda event, run, words, ctx: checklists.by_command(event, run, words, "start", ctx),
    "undo": undoing.by_command,
    "brief": briefing.by_command,
    "delete": deleting.by_command,
    "do": task_commands.by_command,
    "finish": finishing.by_command,
    "follow": following.follow,
    "handover": handing_over.by_command,
    "invite": people.invite,
    "join": people.join,
    "leave": people.leave,
    "move-run": moving.elsewhere,
    "note": timeline.noted,
    "owner": owning.by_command,
    "remove": lambda event, run, words, ctx: (people if "@" in words else tasks).remove(event, run, words, ctx),
    "rename": describing.renamed,
    "restart": restarting.by_command,
    "role": roles.by_command,
    "roles": roles.shown,
    "set": attributes.by_command,
    "summary": describing.summarized,
    "timeline": timeline.by_command,
    "unfollow": following.unfollow,
    "unset": attributes.taken_away,
    "uncheck": lambda event, run, words, ctx: checklists.by_command(event, run, words, "uncheck", ctx),
    "update": updates.by_command,
}
"""Commands about the run of the channel where they are given, which has to be active."""

EVEN_FINISHED = frozenset({"brief", "delete", "leave", "note", "owner", "restart", "roles", "timeline", "unfollow"})
"""Those of them that also mean something when the run is finished."""

KNOWN = sorted({*ANYWHERE, *IN_A_RUN} - {""})


def given(event: CommandGiven, ctx: Context) -> Iterator[Effect]:
    """Decide what follows from a command."""
    event = commands.addressed(event, ctx)
    word, words = commands.split(event.text)
    if word in ANYWHERE:
        yield from ANYWHERE[word](event, words, ctx)
    elif word in IN_A_RUN:
        yield from _in_a_run(word, event, words, ctx)
    else:
        yield from commands.unknown(event, word, KNOWN, ctx)


def _checklist(event: CommandGiven, words: str, ctx: Context) -> Iterator[Effect]:
    """`checklist` changes a run's lists where it says how, and makes a list without a playbook otherwise."""
    verb = commands.split(words)[0]
    if verb in task_lists.VERBS and (event.run_id or ctx.store.runs_in(event.place.id)):
        yield from _in_a_run("checklist", event, words, ctx)
    else:
        yield from listing.by_command(event, words, ctx)


def _in_a_run(word: str, event: CommandGiven, words: str, ctx: Context) -> Iterator[Effect]:
    listing.take_part(event, ctx, ctx.store.runs_in(event.place.id))
    run = commands.run_here(event, ctx, permissions.needs(word), even_finished=word in EVEN_FINISHED)
    if isinstance(run, Run):
        yield from IN_A_RUN[word](event, run, words, ctx)
    else:
        yield run
