"""What is asked and changes nothing: `list`, `info`, and `info` of tasks."""

from msgspec.structs import replace

from handlers.context import Context
from handlers.effects import Answer, Effects
from handlers.events import CommandGiven
from handlers.rules import permissions, task_lookup
from handlers.rules.assignees import named
from handlers.rules.progress import progress
from handlers.rules.start_team import teams_at
from handlers.text.plain_forms import bare
from handlers.text.words import Safe
from handlers.views.card import card
from handlers.views.listed import listed
from handlers.views.run_lists import SHOWN, list_of_all, list_of_finished
from handlers.views.task_info import task_info
from store import Run

FINISHED = frozenset({"finished", "done", "ended", "over", "archived"})
"""What `list` understands as the runs that are over."""

RUNNING = frozenset({"runs", "playbooks", "all", "active", "open", "running", "in progress"})
"""What asks for no more than `list` alone does."""
TASKS = 5
"""How many tasks one answer tells all of."""


def list_(event: CommandGiven, words: str, ctx: Context) -> Effects:
    """`list`: the team's playbooks and its runs in progress; `list finished`: the runs that are over."""
    word = bare(words).casefold()
    if word not in ("", *RUNNING, *FINISHED):
        raise ctx.refused("command", "list_wrong", "list", words=words)
    teams = teams_at(ctx, event.asker, event.place)
    # Bare checklists in direct messages are of no team.
    listed = list_of_finished if word in FINISHED else list_of_all
    yield Answer(content=listed(ctx, event.asker, teams if event.place.team_id else [*teams, ""]))


def info(run: Run, ctx: Context) -> Effects:
    """`info`: how this channel's run stands, finished or not, and what is open."""
    looks = card(ctx, run, one=ctx.reader)
    still_open = progress(ctx, run).open
    tasks = [
        {
            "number": Safe(one.number),
            "title": one.task.title,
            "assignees": named(ctx, run, one.task.assignees),
            "due_at": one.task.due_at,
        }
        for one in still_open[:SHOWN]
    ]
    said = ctx.say("command", tasks=tasks, more=max(0, len(still_open) - SHOWN))
    shown = tuple(replace(one, controls=()) for one in looks.cards)
    tasks_open = listed(ctx, said["info_open"])
    yield Answer(content=replace(tasks_open, cards=(*shown, *tasks_open.cards)))


def of_tasks(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`info 2.3`: all that is known of a task, or of each of the first of several."""
    found = task_lookup.tasks(ctx, progress(ctx, run), words, "info")[:TASKS]
    may_change = run.is_active and permissions.is_offered(ctx, "change", event.asker, run)
    yield Answer(content=task_info(ctx, run, found, may_change=may_change))
