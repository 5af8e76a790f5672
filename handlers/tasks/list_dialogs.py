"""A checklist's dialogs: a new one with its tasks, and everything about one that is there."""

from collections.abc import Iterator

from handlers.context import Context
from handlers.effects import Answer, Ask, Correct, Effect, Refuse
from handlers.events import ButtonPressed, DialogSubmitted
from handlers.operations.as_direct_message import told
from handlers.operations.change_tasks import follow, operation
from handlers.rules import list_actions, ordering, task_lookup
from handlers.rules.progress import progress
from handlers.text.arguments import lines
from handlers.text.words import one_line
from handlers.views.list_form import new_list_dialog
from handlers.views.undo import answered
from store import ChangeKind, Checklist, Run

FIELDS = {"title": ordering.TITLE_LIMIT, "number": 100, "tasks": 16_383}
"""How many characters the fields of a checklist's dialogs hold."""


def asked_new(event: ButtonPressed, run: Run, ctx: Context) -> Iterator[Effect]:
    """*Add a checklist* of the card's menu."""
    yield Ask(dialog=new_list_dialog(ctx, run))


def added(event: DialogSubmitted, run: Run, ctx: Context) -> Iterator[Effect]:
    """The dialog of a new checklist, filled in: its title, and a line for each task."""
    title = one_line(str(event.values.get("title") or ""))
    tasks = lines(str(event.values.get("tasks") or ""))
    refused = list_actions.wrong(ctx, run, title, tasks)
    if refused is not None:
        yield Correct(error=refused.text)
    elif ctx.store.once(f"dialog:{event.once}", ctx.now):
        with operation(ctx, run, event.asker.id, "add", title) as record:
            row = ordering.add_checklist(ctx, run, title)
            for task in tasks:
                ordering.add(ctx, run, row, task)
        yield from follow(ctx, run, record, event.asker.id)
        said = ctx.say("checklists", what=list_actions.what(row))["added"]
        yield from told(event, [Answer(content=answered(ctx, said, record))])


def saved(event: DialogSubmitted, run: Run, ctx: Context) -> Iterator[Effect]:
    """The dialog of a checklist, saved: all that was changed in it is one operation."""
    standing = progress(ctx, run)
    row = next((one for one in standing.checklists if str(one.id) == event.arg.partition(":")[2]), None)
    if row is None:
        yield Correct(error=ctx.say("checklists")["gone"])
        return
    title = one_line(str(event.values.get("title") or row.title))
    place = task_lookup.checklist(ctx, standing, str(event.values.get("number") or row.position))
    also = str(event.values.get("also") or "")
    many = list_actions.too_many(ctx, run, len(standing.of(row))) if also == "duplicate" else None
    if (refused := list_actions.wrong(ctx, run, title)) is not None:
        yield Correct(errors={"title": refused.text})
    elif isinstance(place, Refuse):
        yield Correct(errors={"number": place.text})
    elif many is not None:
        yield Correct(errors={"also": many.text})
    elif ctx.store.once(f"dialog:{event.once}", ctx.now):
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
