"""A bare checklist: a run without a playbook, asked for by a command or a dialog."""

import re
from typing import Annotated

from handlers.context import Context
from handlers.controls import BARE_MAKE
from handlers.effects import Ask, Correct, Effects, Entry
from handlers.events import ButtonPressed, CommandGiven, Submission
from handlers.forms import Filled, Line, Text, at_field
from handlers.operations.make_checklist import TITLE_LIMIT, make_checklist, require_fit, require_making
from handlers.payloads import Nothing
from handlers.rules.places import require_member
from handlers.text.arguments import lines
from handlers.text.words import one_line


class BareForm(Filled, frozen=True):
    """The dialog of a checklist without a playbook: its title, and a line for each task."""

    title: Annotated[str, Line(TITLE_LIMIT)]
    tasks: Annotated[str, Text(16_383)]


def by_command(event: CommandGiven, words: str, ctx: Context) -> Effects:
    """`checklist Title; first; second`, or a dialog; tasks may also stand on lines of their own."""
    words = words.removeprefix("new ").strip()
    title, *rest = map(one_line, re.split(r"[;；\n]", words))
    if not title and event.trigger_id:
        require_making(ctx, event.asker, event.place)
        yield _asked(ctx)
    else:
        made = yield from make_checklist(ctx, title, [line for line in rest if line], event.asker, event.place)
        yield ctx.answer("bare", "answer", title=title, count=made.count)


def asked(event: ButtonPressed, ctx: Context) -> Effects:
    """*New checklist…* below the list of runs."""
    require_member(ctx, event.place)
    yield _asked(ctx)


def by_dialog(event: Submission[Nothing, BareForm], ctx: Context) -> Effects:
    """The dialog with title and tasks, filled in."""
    title, tasks = event.form.title, lines(event.form.tasks)
    if not title:
        yield Correct(errors={"title": ctx.say("bare")["title_missing"]})
        return
    with at_field("tasks"):
        require_fit(ctx, title, tasks)
    yield from make_checklist(ctx, title, tasks, event.asker, event.place)


def _asked(ctx: Context) -> Ask:
    said = ctx.say("bare")
    title = Entry(name="title", label=said["title"], max_length=TITLE_LIMIT)
    tasks = Entry(name="tasks", label=said["tasks"], kind="textarea", help=said["tasks_help"], optional=True)
    return BARE_MAKE.ask(Nothing(), said, title, tasks)
