"""A checklist's dialogs: a new one with its tasks, and everything about one that is there."""

from collections.abc import Iterator
from typing import Annotated

from handlers.context import Context
from handlers.effects import Answer, Ask, Correct, Effect, Refuse
from handlers.events import ButtonPressed, DialogSubmitted, Submission
from handlers.forms import Filled, Line, Text
from handlers.operations.as_direct_message import told
from handlers.operations.change_tasks import follow, operation
from handlers.payloads import ListOfRun, OfRun
from handlers.rules import list_actions, ordering, task_lookup
from handlers.rules.progress import progress
from handlers.text.arguments import lines
from handlers.views.list_form import list_dialog, new_list_dialog
from handlers.views.undo import answered
from store import ChangeKind, Checklist, Run


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
    yield Ask(dialog=new_list_dialog(ctx, run))


def opened(event: ButtonPressed, run: Run, row: Checklist, ctx: Context) -> Iterator[Effect]:
    """*The whole checklist…* in the menu of its tasks."""
    yield Ask(dialog=list_dialog(ctx, run, row))


def added(event: Submission[OfRun, NewListForm], run: Run, ctx: Context) -> Iterator[Effect]:
    """The dialog of a new checklist, filled in."""
    title = event.form.title
    tasks = lines(event.form.tasks)
    refused = list_actions.wrong(ctx, run, title, tasks)
    if refused is not None:
        yield Correct(error=refused.text)
    else:
        with operation(ctx, run, event.asker.id, "add", title) as record:
            row = ordering.add_checklist(ctx, run, title)
            for task in tasks:
                ordering.add(ctx, run, row, task)
        yield from follow(ctx, run, record, event.asker.id)
        said = ctx.say("checklists", what=list_actions.what(row))["added"]
        yield from told(event, [Answer(content=answered(ctx, said, record))])


def saved(event: Submission[ListOfRun, ListForm], run: Run, ctx: Context) -> Iterator[Effect]:
    """The dialog of a checklist, saved: all that was changed in it is one operation."""
    standing = progress(ctx, run)
    row = next((one for one in standing.checklists if one.id == event.payload.checklist_id), None)
    if row is None:
        yield Correct(error=ctx.say("checklists")["gone"])
        return
    title = event.form.title or row.title
    place = task_lookup.checklist(ctx, standing, event.form.number or str(row.position))
    also = event.form.also
    many = list_actions.too_many(ctx, run, len(standing.of(row))) if also == "duplicate" else None
    if (refused := list_actions.wrong(ctx, run, title)) is not None:
        yield Correct(errors={"title": refused.text})
    elif isinstance(place, Refuse):
        yield Correct(errors={"number": place.text})
    elif many is not None:
        yield Correct(errors={"also": many.text})
    else:
        yield from told(event, _save(event, run, row, title, place.position, also, ctx))


def _save(
    event: DialogSubmitted, run: Run, row: Checklist, title: str, at: int, also: str, ctx: Context
) -> Iterator[Effect]:
    is_new, is_moved = title != row.title, at != row.position
    tasks = [one.task for one in progress(ctx, run).of(row)]
    verb = list_actions.verb_of(also)
    kind: ChangeKind = verb or ("edit" if is_new else "move")
    with operation(ctx, run, event.asker.id, kind, row.title) as record:
        row.title = title
        if is_moved:
            ordering.move_checklist(ctx, run, row, at)
        if verb:
            list_actions.DO[verb](ctx, run, row, tasks, event.asker.id)
    yield from follow(ctx, run, record, event.asker.id)
    said = ctx.say("checklists", what=list_actions.what(row))
    block = f"did_{verb}" if verb else "renamed" if is_new else "moved"
    yield Answer(content=answered(ctx, said[block if record.change else "unchanged"], record))
