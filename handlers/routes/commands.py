"""Which handler deals with which command, who may give it, and what it is about: a row for each, in help's order."""

import re
from collections.abc import Callable, Mapping
from functools import partial

from handlers.context import Context
from handlers.effects import Effects
from handlers.events import CommandGiven
from handlers.lifecycle import brief, end, info, move, rename, timeline, variables
from handlers.operations.make_checklist import take_part
from handlers.people import handover, members, roles
from handlers.personal import digests, todo
from handlers.routes import finding, help
from handlers.routes.rows import Anywhere, Command, InRun, by_name, refusable
from handlers.rules import list_actions
from handlers.rules.permission_table import action_of
from handlers.start import by_command, standalone
from handlers.tasks import change, done_when, due, lists, pulse, slash_commands, state, undo
from handlers.updates import update
from store import Run

_ACCEPT = partial(handover.answered_by_command, reply="accepted")
_DECLINE = partial(handover.answered_by_command, reply="declined")
_TASK = re.compile(r"#?[0-9]+\.[0-9]")


def _alone(
    handler: Callable[[CommandGiven, Run, Context], Effects],
) -> Callable[[CommandGiven, Run, str, Context], Effects]:
    """Return what deals with a command whose words say nothing more."""
    return lambda event, run, words, ctx: handler(event, run, ctx)


def _makes_list(event: CommandGiven, words: str, ctx: Context) -> Effects | None:
    """`checklist` changes a run's lists where it says how, and makes a list without a playbook otherwise."""
    is_change = finding.split(words)[0] in list_actions.CHANGES and (event.run_id or ctx.store.runs_in(event.place.id))
    return None if is_change else standalone.by_command(event, words, ctx)


def _remove(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    if "@" in words:
        return members.by_command(event, run, words, ctx, "remove")
    return change.remove(event, run, words, ctx)


def _snooze(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    return (due.snoozed_by_command if _TASK.match(words) else update.snoozed_by_command)(event, run, words, ctx)


def _info(event: CommandGiven, words: str, ctx: Context) -> Effects:
    run = finding.run_here(event, ctx, "see", even_finished=True)
    yield from info.info(run, ctx) if isinstance(run, Run) else (run,)


def _help(event: CommandGiven, words: str, ctx: Context) -> Effects:
    return help.by_command(words, COMMANDS, ctx)


COMMANDS: Mapping[str, Command] = by_name(
    (
        Anywhere("run", by_command.by_command, "start", "begin", "start", hinted=True),
        Anywhere("list", info.list_, "anybody", "begin", "command", hinted=True),
        Anywhere("info", _info, "anybody", "begin", "command", numbered=True),
        InRun("brief", brief.by_command, "see", "begin", "brief", numbered=True, hinted=True, finished=True),
        InRun("checklist", lists.by_command, "change", "begin", "checklists", otherwise=_makes_list),
        InRun("check", partial(state.by_command, verb="check"), "change", "tasks", "task", hinted=True),
        InRun("uncheck", partial(state.by_command, verb="uncheck"), "change", "tasks", "task"),
        InRun("start", partial(state.by_command, verb="start"), "change", "tasks", "task"),
        InRun("skip", partial(state.by_command, verb="skip"), "change", "tasks", "task"),
        InRun("restore", partial(state.by_command, verb="restore"), "change", "tasks", "task"),
        InRun("add", change.add, "change", "tasks", "tasks"),
        InRun("edit", change.edit, "change", "tasks", "tasks"),
        InRun("move", change.move, "change", "tasks", "tasks"),
        InRun("duplicate", change.duplicate, "change", "tasks", "tasks"),
        InRun("remove", _remove, "change", "tasks", "tasks"),
        InRun("assign", change.assign, "change", "tasks", "assign"),
        InRun("due", due.by_command, "change", "tasks", "due"),
        InRun("do", slash_commands.by_command, "change", "tasks", "do"),
        InRun("done-when", done_when.by_command, "change", "tasks", "done_when"),
        InRun("undo", undo.by_command, "change", "tasks", "undo"),
        InRun("history", undo.history_of, "change", "tasks", "history"),
        InRun("pulse", _alone(pulse.pulse), "see", "tasks", "pulse", numbered=True, finished=True),
        InRun("owner", handover.owner, "see", "people", "members", numbered=True, hinted=True, finished=True),
        InRun("handover", handover.by_command, "own", "people", "handover", hinted=True),
        Anywhere("accept", _ACCEPT, "asked", "people", "handover", numbered=True),
        Anywhere("decline", _DECLINE, "asked", "people", "handover", numbered=True),
        InRun("join", _alone(members.join), "join", "people", "members", numbered=True),
        InRun("leave", _alone(members.leave), "see", "people", "members", numbered=True, finished=True),
        InRun("invite", partial(members.by_command, what="invite"), "people", "people", "members"),
        InRun("follow", update.follow, "see", "people", "members", numbered=True),
        InRun("unfollow", update.unfollow, "see", "people", "members", numbered=True, finished=True),
        InRun("role", roles.by_command, "change", "people", "role"),
        InRun("roles", roles.shown, "see", "people", "role", numbered=True, finished=True),
        InRun("update", update.by_command, "change", "tell", "update", hinted=True),
        InRun("snooze", _snooze, "change", "tell", "reminder"),
        InRun("note", timeline.noted, "change", "tell", "timeline", finished=True),
        InRun("timeline", timeline.by_command, "see", "tell", "timeline", numbered=True, finished=True),
        InRun("summary", rename.summarized, "change", "tell", "describe", numbered=True),
        InRun("rename", rename.renamed, "change", "life", "describe"),
        InRun("set", variables.by_command, "change", "life", "variable"),
        InRun("unset", variables.taken_away, "change", "life", "variable"),
        InRun("move-run", move.elsewhere, "change", "life", "move"),
        Anywhere("movehere", move.here, "change", "life", "move", numbered=True),
        InRun("finish", end.finish, "finish", "life", "finish", numbered=True, hinted=True),
        InRun("restart", end.restart, "finish", "life", "restart", numbered=True, finished=True),
        InRun("delete", end.delete, "delete", "life", "delete", numbered=True, finished=True),
        Anywhere("todo", todo.shown, "anybody", "mine", "agenda", hinted=True),
        Anywhere("settings", digests.settings, "anybody", "mine", "agenda"),
        Anywhere("help", _help, "anybody", "mine", "help", hinted=True),
    )
)

KNOWN = sorted(COMMANDS)
HINT = f"[{' | '.join(row.name for row in COMMANDS.values() if row.hinted)}]"
"""What the server's autocomplete shows behind the trigger; there is room for one line."""
_NUMBERED = frozenset(row.name for row in COMMANDS.values() if row.numbered)


@refusable
def given(event: CommandGiven, ctx: Context) -> Effects:
    """Decide what follows from a command; without a word it asks for help."""
    event = finding.addressed(event, _NUMBERED, ctx)
    word, words = finding.split(event.text)
    match COMMANDS.get(word or "help"):
        case Anywhere(handler=handler):
            yield from handler(event, words, ctx)
        case InRun(otherwise=otherwise) as row:
            found = otherwise(event, words, ctx) if otherwise is not None else None
            yield from _in_a_run(row, event, words, ctx) if found is None else found
        case None:
            finding.unknown(event, word, KNOWN, ctx)


def _in_a_run(row: InRun, event: CommandGiven, words: str, ctx: Context) -> Effects:
    take_part(ctx, event.asker, ctx.store.runs_in(event.place.id))
    run = finding.run_here(event, ctx, action_of(row.who), even_finished=row.finished)
    yield from row.handler(event, run, words, ctx) if isinstance(run, Run) else (run,)
