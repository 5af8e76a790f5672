"""A checklist's dialogs: a new one with its tasks, and everything about one that is there."""

from collections.abc import Iterator
from typing import Annotated

from handlers.context import Context
from handlers.effects import Effect
from handlers.events import ButtonPressed, Submission
from handlers.forms import Filled, Line, Text, at_field
from handlers.operations.as_direct_message import told
from handlers.operations.change_lists import add_list, change_list
from handlers.payloads import ListOfRun, OfRun
from handlers.rules import list_actions, ordering, task_lookup
from handlers.rules.progress import progress
from handlers.tasks.list_commands import answer
from handlers.text.arguments import lines
from handlers.views.list_form import list_dialog, new_list_dialog
from store import Checklist, Run


class NewListForm(Filled, frozen=True):
    """The dialog of a new checklist: its title, and a line for each task."""

    title: Annotated[str, Line(ordering.TITLE_LIMIT)]
    tasks: Annotated[str, Text(16_383)]


class ListForm(Filled, frozen=True):
    """The dialog of a checklist, with what is done to all of it."""

    title: Annotated[str, Line(ordering.TITLE_LIMIT)]
    number: Annotated[str, Text(100)]
    also: str


def asked_new(event: ButtonPressed, run: Run, ctx: Context) -> Iterator[Effect]:
    """*Add a checklist* of the card's menu."""
    yield new_list_dialog(ctx, run)


def opened(event: ButtonPressed, run: Run, row: Checklist, ctx: Context) -> Iterator[Effect]:
    """*The whole checklist…* in the menu of its tasks."""
    yield list_dialog(ctx, run, row)


def added(event: Submission[OfRun, NewListForm], run: Run, ctx: Context) -> Iterator[Effect]:
    """The dialog of a new checklist, filled in."""
    done = yield from add_list(ctx, run, event.form.title, lines(event.form.tasks), event.asker)
    yield from told(event, [answer(ctx, run, done, "added")])


def saved(event: Submission[ListOfRun, ListForm], run: Run, ctx: Context) -> Iterator[Effect]:
    """The dialog of a checklist, saved: all that was changed in it is one operation."""
    form, standing = event.form, progress(ctx, run)
    row = next((one for one in standing.checklists if one.id == event.payload.checklist_id), None)
    if row is None:
        raise ctx.refused("checklists", "gone")
    with at_field("number"):
        at = task_lookup.checklist(ctx, standing, form.number or str(row.position)).position
    verb = list_actions.verb_of(form.also)
    done = yield from change_list(ctx, run, row, event.asker, title=form.title or None, at=at, verb=verb)
    block = f"did_{verb}" if verb else "renamed" if done.is_renamed else "moved"
    yield from told(event, [answer(ctx, run, done, block)])
