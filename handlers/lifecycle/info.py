"""What is asked and changes nothing: `list` and `info`."""

from msgspec.structs import replace

from handlers.context import Context
from handlers.effects import Answer, Effects
from handlers.events import CommandGiven
from handlers.rules.assignees import named
from handlers.rules.progress import progress
from handlers.text.words import Safe
from handlers.views.card import card
from handlers.views.listed import listed
from handlers.views.run_lists import SHOWN, list_of_all, list_of_finished
from store import Run

FINISHED = frozenset({"finished", "done", "ended", "over", "archived"})
"""What `list` understands as the runs that are over."""


def list_(event: CommandGiven, words: str, ctx: Context) -> Effects:
    """`list`: the team's playbooks and its runs in progress; `list finished`: the runs that are over."""
    listed = list_of_finished if words.casefold() in FINISHED else list_of_all
    yield Answer(content=listed(ctx, event.asker, event.place.team_id))


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
