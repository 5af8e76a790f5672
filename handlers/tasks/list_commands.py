"""Changing what checklists a run has, by command: add, rename, remove, duplicate, move, skip or restore all of one."""

import re
from collections.abc import Iterator

from handlers.context import Context
from handlers.effects import Answer, Effect
from handlers.events import CommandGiven
from handlers.operations.change_lists import ListChanged, add_list, change_list
from handlers.rules import list_actions, task_lookup
from handlers.rules.progress import progress
from handlers.text.arguments import first_reference, first_word
from handlers.text.words import one_line
from handlers.views.list_form import list_dialog, new_list_dialog
from handlers.views.undo import answered
from store import Run

VERBS = frozenset({"add", "rename", "move", *list_actions.VERBS})
"""What `checklist` can be followed by when it is about a run's lists."""


def by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    """`checklist add Title`, and `rename`, `move`, `duplicate`, `skip`, `restore`, `remove` with a number."""
    verb, rest = first_word(words)
    match verb.casefold():
        case "add" if event.trigger_id and not one_line(rest):
            yield new_list_dialog(ctx, run)
        case "add":
            yield answer(ctx, run, (yield from add_list(ctx, run, one_line(rest), (), event.asker)), "added")
        case "rename" | "move" as word:
            yield from _with_words(event, run, word, rest, ctx)
        case word if (whole := list_actions.verb_of(word)) is not None:
            row = task_lookup.checklist(ctx, progress(ctx, run), rest)
            yield answer(ctx, run, (yield from change_list(ctx, run, row, event.asker, verb=whole)), f"did_{whole}")
        case _:
            raise ctx.refused("checklists", "how")


def _with_words(event: CommandGiven, run: Run, verb: str, words: str, ctx: Context) -> Iterator[Effect]:
    """`rename 2 New title` and `move 3 to 1`; without the rest by dialog, where one can be opened."""
    standing = progress(ctx, run)
    name, rest = first_reference(words)
    row = task_lookup.checklist(ctx, standing, name)
    rest = one_line(re.sub(r"^to\s+", "", rest))
    if not rest and event.trigger_id:
        yield list_dialog(ctx, run, row)
    elif verb == "rename":
        yield answer(ctx, run, (yield from change_list(ctx, run, row, event.asker, title=rest)), "renamed")
    else:
        at = task_lookup.checklist(ctx, standing, rest).position
        yield answer(ctx, run, (yield from change_list(ctx, run, row, event.asker, at=at)), "moved")


def answer(ctx: Context, run: Run, done: ListChanged, block: str) -> Answer:
    """Answer with a sentence about a checklist, or with one that says that nothing changed."""
    said = ctx.say("checklists", what=list_actions.what(done.checklist))
    return Answer(content=answered(ctx, run, said[block if done.key else "unchanged"], done.key))
