"""Changing what checklists a run has, by command: add, rename, remove, duplicate, move, skip or restore all of one."""

import re
from collections.abc import Iterator

from handlers.context import Context
from handlers.effects import Answer, Ask, Effect, Refuse
from handlers.events import CommandGiven
from handlers.operations.change_tasks import follow, operation
from handlers.rules import list_actions, ordering, task_lookup
from handlers.rules.progress import progress
from handlers.text.arguments import first_reference, first_word
from handlers.text.words import one_line
from handlers.views.list_form import list_dialog, new_list_dialog
from handlers.views.undo import answered
from store import ListVerb, Run

VERBS = frozenset({"add", "rename", "move", "remove", "duplicate", "skip", "restore"})
"""What `checklist` can be followed by when it is about a run's lists."""


def by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    """`checklist add Title`, and `rename`, `move`, `duplicate`, `skip`, `restore`, `remove` with a number."""
    verb, rest = first_word(words)
    match verb.casefold():
        case "add":
            yield from _add(event, run, rest, ctx)
        case "rename" | "move":
            yield from _with_words(event, run, verb.casefold(), rest, ctx)
        case word if (whole := list_actions.verb_of(word)) is not None:
            yield from _whole(event, run, whole, rest, ctx)
        case _:
            said = ctx.say("checklists")
            yield Refuse(title=said["how_title"], text=said["how"])


def _add(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    title = one_line(words)
    if not title and event.trigger_id:
        yield Ask(dialog=new_list_dialog(ctx, run))
        return
    if (refused := list_actions.wrong(ctx, run, title, ())) is not None:
        yield refused
        return
    with operation(ctx, run, event.asker.id, "add", title) as record:
        row = ordering.add_checklist(ctx, run, title)
    yield from follow(ctx, run, record, event.asker.id)
    yield Answer(content=answered(ctx, ctx.say("checklists", what=list_actions.what(row))["added"], record))


def _with_words(event: CommandGiven, run: Run, verb: str, words: str, ctx: Context) -> Iterator[Effect]:
    """`rename 2 New title` and `move 3 to 1`; without the rest by dialog, where one can be opened."""
    standing = progress(ctx, run)
    name, rest = first_reference(words)
    row = task_lookup.checklist(ctx, standing, name)
    if isinstance(row, Refuse):
        yield row
        return
    rest = one_line(re.sub(r"^to\s+", "", rest))
    if not rest and event.trigger_id:
        yield Ask(dialog=list_dialog(ctx, run, row))
        return
    found = list_actions.wrong(ctx, run, rest) if verb == "rename" else task_lookup.checklist(ctx, standing, rest)
    if isinstance(found, Refuse):
        yield found
        return
    with operation(ctx, run, event.asker.id, "edit" if verb == "rename" else "move", row.title) as record:
        if found is None:
            row.title = rest
        else:
            ordering.move_checklist(ctx, run, row, found.position)
    yield from follow(ctx, run, record, event.asker.id)
    said = ctx.say("checklists", what=list_actions.what(row))
    yield Answer(content=answered(ctx, said[f"{verb}d" if record.change else "unchanged"], record))


def _whole(event: CommandGiven, run: Run, verb: ListVerb, words: str, ctx: Context) -> Iterator[Effect]:
    """`remove 2`, `duplicate 2`, `skip 2` and `restore 2`."""
    standing = progress(ctx, run)
    row = task_lookup.checklist(ctx, standing, words)
    if isinstance(row, Refuse):
        yield row
        return
    tasks = [one.task for one in standing.of(row)]
    if verb == "duplicate" and (refused := list_actions.too_many(ctx, run, len(tasks))) is not None:
        yield refused
        return
    what = list_actions.what(row)
    with operation(ctx, run, event.asker.id, verb, row.title) as record:
        list_actions.DO[verb](ctx, run, row, tasks, event.asker.id)
    yield from follow(ctx, run, record, event.asker.id)
    said = ctx.say("checklists", what=what)
    yield Answer(content=answered(ctx, said[f"did_{verb}" if record.change else "unchanged"], record))
