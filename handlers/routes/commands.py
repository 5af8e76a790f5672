"""Which handler deals with which command, who may give it, and what it is about: a row for each, in help's order."""

import re
from collections.abc import Callable, Mapping
from functools import partial

from handlers.attributes import by_command as attributes
from handlers.automation import why
from handlers.context import Context
from handlers.editing import cards, check_up, making, newer, sharing, trying
from handlers.editing import publishing as versions
from handlers.editing.finding import about_playbook
from handlers.effects import Effects
from handlers.events import CommandGiven
from handlers.importing import by_message
from handlers.insights import asking
from handlers.lifecycle import brief, end, info, move, rename, timeline, variables
from handlers.measures import export, metrics, times
from handlers.operations.make_checklist import take_part
from handlers.people import handover, members, roles
from handlers.personal import digests, open_pages, todo
from handlers.retro import commands as retro
from handlers.routes import finding, help
from handlers.routes.rows import Anywhere, Command, InRun, by_name, refusable
from handlers.rules import list_actions, permissions
from handlers.rules.permission_table import action_of
from handlers.start import by_command, standalone
from handlers.tasks import change, done_when, due, lists, pulse, slash_commands, state, undo
from handlers.text.arguments import first_word
from handlers.text.plain_forms import plainly
from handlers.text.words import Safe
from handlers.updates import update
from handlers.webhooks import commands as webhooks
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
    said = first_word(words)[1] if plainly(words).startswith("#") else words
    is_change = list_actions.is_change(said) and (event.run_id or finding.runs_of(event, ctx))
    return None if is_change else standalone.by_command(event, words, ctx)


def _starts_run(event: CommandGiven, words: str, ctx: Context) -> Effects | None:
    """`start` begins a task; a run where it names a playbook, or where there is no run to have a task."""
    is_of_run = event.run_id or _TASK.match(plainly(words)) or finding.runs_of(event, ctx)
    is_run = not is_of_run or by_command.is_playbook(event, words, ctx)
    return by_command.by_command(event, words, ctx) if is_run else None


def _remove(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    if plainly(words).lstrip().startswith("@"):
        if not run.is_active:
            raise permissions.finished(ctx, run, event.asker)
        return members.by_command(event, run, words, ctx, "remove")
    return change.remove(event, run, words, ctx)


def _snooze(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    return (due.snoozed_by_command if _TASK.match(plainly(words)) else update.snoozed_by_command)(
        event, run, words, ctx
    )


def _info(event: CommandGiven, words: str, ctx: Context) -> Effects:
    run = finding.run_here(event, ctx, "see", even_finished=True)
    if not isinstance(run, Run):
        yield run
    else:
        yield from info.of_tasks(event, run, words, ctx) if words else info.info(run, ctx)


def _help(event: CommandGiven, words: str, ctx: Context) -> Effects:
    return help.by_command(words, WORDS, ctx)


COMMANDS: Mapping[str, Command] = by_name(
    (
        Anywhere("run", by_command.by_command, "start", "begin", "start", numbered="nowhere", hinted=True),
        Anywhere("list", info.list_, "anybody", "begin", "command", numbered="nowhere", also=("runs",), hinted=True),
        Anywhere("import", by_message.by_command, "anybody", "begin", "exchange", numbered="nowhere"),
        Anywhere("confirm", by_message.confirm, "anybody", "begin", "exchange", numbered="nowhere"),
        Anywhere("info", _info, "anybody", "begin", "command"),
        InRun("brief", brief.by_command, "see", "begin", "brief", alone=True, hinted=True, finished=True),
        InRun(
            "checklist", lists.by_command, "change", "begin", "checklists", numbered="of several", otherwise=_makes_list
        ),
        InRun(
            "check",
            partial(state.by_command, verb="check"),
            "change",
            "tasks",
            "task",
            also=("done",),
            hinted=True,
            follow_ups=True,
        ),
        InRun("uncheck", partial(state.by_command, verb="uncheck"), "change", "tasks", "task", follow_ups=True),
        InRun(
            "start",
            partial(state.by_command, verb="start"),
            "change",
            "tasks",
            "task",
            otherwise=_starts_run,
            follow_ups=True,
        ),
        InRun("skip", partial(state.by_command, verb="skip"), "change", "tasks", "task", follow_ups=True),
        InRun(
            "restore",
            partial(state.by_command, verb="restore"),
            "change",
            "tasks",
            "task",
            otherwise=about_playbook(versions.restored, finding.runs_of),
            follow_ups=True,
        ),
        InRun(
            "add", change.add, "change", "tasks", "tasks", also=("checkadd",), numbered="of several", follow_ups=True
        ),
        InRun(
            "edit",
            change.edit,
            "change",
            "tasks",
            "tasks",
            numbered="first",
            otherwise=about_playbook(cards.by_command, finding.runs_of),
            follow_ups=True,
        ),
        InRun("move", change.move, "change", "tasks", "tasks", own=2, follow_ups=True),
        InRun(
            "duplicate",
            change.duplicate,
            "change",
            "tasks",
            "tasks",
            otherwise=about_playbook(making.duplicated, finding.runs_of),
            follow_ups=True,
        ),
        InRun("remove", _remove, "change", "tasks", "tasks", also=("checkremove",), follow_ups=True),
        InRun("assign", change.assign, "change", "tasks", "assign", follow_ups=True),
        InRun("take", change.take, "change", "tasks", "assign", also=("claim",), follow_ups=True),
        InRun("due", due.by_command, "change", "tasks", "due", follow_ups=True),
        InRun("do", slash_commands.by_command, "change", "tasks", "do", follow_ups=True),
        InRun("done-when", done_when.by_command, "change", "tasks", "done_when", numbered="first"),
        InRun("undo", undo.by_command, "change", "tasks", "undo", alone=True, follow_ups=True),
        InRun(
            "history",
            undo.history_of,
            "change",
            "tasks",
            "history",
            otherwise=about_playbook(versions.history_of, finding.runs_of),
            follow_ups=True,
        ),
        InRun("pulse", _alone(pulse.pulse), "see", "tasks", "pulse", alone=True, finished=True),
        InRun("owner", handover.owner, "see", "people", "members", also=("commander",), hinted=True, finished=True),
        InRun("handover", handover.by_command, "own", "people", "handover", numbered="first", hinted=True),
        Anywhere("accept", _ACCEPT, "asked", "people", "handover", alone=True),
        Anywhere("decline", _DECLINE, "asked", "people", "handover", alone=True),
        InRun("join", _alone(members.join), "join", "people", "members", alone=True),
        InRun("leave", _alone(members.leave), "see", "people", "members", alone=True, finished=True),
        InRun("invite", partial(members.by_command, what="invite"), "people", "people", "members"),
        InRun("follow", update.follow, "see", "people", "members", alone=True),
        InRun("unfollow", update.unfollow, "see", "people", "members", alone=True, finished=True),
        InRun("role", roles.by_command, "change", "people", "role"),
        InRun("roles", roles.shown, "see", "people", "role", alone=True, finished=True),
        InRun("update", update.by_command, "change", "tell", "update", numbered="of several", hinted=True),
        InRun("snooze", _snooze, "change", "tell", "reminder", follow_ups=True),
        InRun("note", timeline.noted, "change", "tell", "timeline", numbered="of here", finished=True),
        InRun("timeline", timeline.by_command, "see", "tell", "timeline", own=2, finished=True),
        InRun("why", why.by_command, "see", "tell", "why", own=2, finished=True),
        InRun("export", export.by_command, "see", "tell", "export", alone=True, finished=True),
        InRun("time", times.by_command, "see", "tell", "time", numbered="first", finished=True),
        InRun(
            "metric", metrics.by_command, "see", "tell", "metric", numbered="first", also=("metrics",), finished=True
        ),
        InRun("summary", rename.summarized, "change", "tell", "describe", numbered="first"),
        Anywhere("insights", asking.by_command, "anybody", "tell", "insights", numbered="nowhere", hinted=True),
        Anywhere("webhooks", webhooks.by_command, "anybody", "tell", "webhooks", numbered="nowhere"),
        InRun("rename", rename.renamed, "change", "life", "describe", numbered="of here"),
        InRun(
            "attribute",
            attributes.by_command,
            "see",
            "life",
            "attribute",
            numbered="first",
            also=("attributes",),
            finished=True,
        ),
        InRun("set", variables.by_command, "change", "life", "variable", numbered="first"),
        InRun("unset", variables.taken_away, "change", "life", "variable"),
        InRun("move-run", move.elsewhere, "change", "life", "move"),
        Anywhere("movehere", move.here, "change", "life", "move"),
        InRun("finish", end.finish, "finish", "life", "finish", also=("end",), numbered="first", hinted=True),
        InRun("restart", end.restart, "finish", "life", "restart", alone=True, finished=True),
        InRun("retro", retro.by_command, "see", "life", "retro", own=9, finished=True),
        InRun("delete", end.delete, "delete", "life", "delete", finished=True),
        Anywhere("create", making.by_command, "anybody", "playbooks", "editing", numbered="nowhere", hinted=True),
        Anywhere("check-up", check_up.by_command, "anybody", "playbooks", "check_up", numbered="nowhere"),
        Anywhere("publish", versions.by_command, "anybody", "playbooks", "editing", numbered="nowhere"),
        Anywhere("try", trying.by_command, "anybody", "playbooks", "editing", numbered="nowhere"),
        Anywhere("share", sharing.by_command, "anybody", "playbooks", "editing", numbered="nowhere"),
        Anywhere("archive", versions.archived, "anybody", "playbooks", "editing", numbered="nowhere"),
        Anywhere("playbooks", sharing.playbooks, "anybody", "playbooks", "editing", numbered="nowhere"),
        InRun(
            "save-as", making.run_saved, "see", "playbooks", "editing", also=("save",), numbered="first", finished=True
        ),
        InRun("newer", newer.by_command, "see", "playbooks", "editing", numbered="first"),
        Anywhere("todo", todo.shown, "anybody", "mine", "agenda", numbered="nowhere", hinted=True),
        Anywhere("open", open_pages.by_command, "anybody", "mine", "pages"),
        Anywhere("settings", digests.settings, "anybody", "mine", "agenda", numbered="nowhere"),
        Anywhere("help", _help, "anybody", "mine", "help", numbered="nowhere", hinted=True),
    )
)

WORDS: Mapping[str, Command] = {**COMMANDS, **{word: row for row in COMMANDS.values() for word in row.also}}
"""All words that are understood as a command, with those of other bots that mean the same."""
WITH_FILES = frozenset({"import"})
"""Commands that are about the files of their message."""
KNOWN = sorted(COMMANDS)
HINT = f"[{' | '.join(row.name for row in COMMANDS.values() if row.hinted)}]"
"""What the server's autocomplete shows behind the trigger; there is room for one line."""


@refusable
def given(event: CommandGiven, ctx: Context) -> Effects:
    """Decide what follows from a command; without a word it asks for help."""
    event = finding.addressed(event, WORDS, ctx)
    word, words = finding.split(event.text)
    row = WORDS.get(word or "help")
    if row is not None and row.alone and words:
        raise ctx.refused("command", "alone", word=Safe(row.name), words=words)
    match row:
        case Anywhere(handler=handler):
            yield from handler(event, words, ctx)
        case InRun(otherwise=otherwise):
            found = otherwise(event, words, ctx) if otherwise is not None else None
            yield from _in_a_run(row, event, words, ctx) if found is None else found
        case None:
            finding.unknown(event, word, KNOWN, ctx)


def _in_a_run(row: InRun, event: CommandGiven, words: str, ctx: Context) -> Effects:
    take_part(ctx, event.asker, ctx.store.runs_in(event.place.id))
    run = finding.run_here(event, ctx, action_of(row.who), even_finished=row.finished, follow_ups=row.follow_ups)
    yield from row.handler(event, run, words, ctx) if isinstance(run, Run) else (run,)
