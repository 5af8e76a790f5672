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
from store import ListVerb, Run

VERBS = frozenset({"add", "rename", "move", *list_actions.VERBS})
"""What `checklist` can be followed by when it is about a run's lists."""


def by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    """`checklist add Title`, and `rename`, `move`, `duplicate`, `skip`, `restore`, `remove` with a number."""
    verb, rest = first_word(words)
    match verb.casefold():
        case "add":
            yield from _add(event, run, one_line(rest), ctx)
        case "rename" | "move" as word:
            yield from _with_words(event, run, word, rest, ctx)
        case word if (whole := list_actions.verb_of(word)) is not None:
            yield from _whole(event, run, whole, rest, ctx)
        case _:
            raise ctx.refused("checklists", "how")


def _add(event: CommandGiven, run: Run, title: str, ctx: Context) -> Iterator[Effect]:
    if not title and event.trigger_id:
        yield new_list_dialog(ctx, run)
        return
    yield answer(ctx, run, (yield from add_list(ctx, run, title, (), event.asker)), "added")


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


def _whole(event: CommandGiven, run: Run, verb: ListVerb, words: str, ctx: Context) -> Iterator[Effect]:
    """`remove 2`, `duplicate 2`, `skip 2` and `restore 2`."""
    row = task_lookup.checklist(ctx, progress(ctx, run), words)
    yield answer(ctx, run, (yield from change_list(ctx, run, row, event.asker, verb=verb)), f"did_{verb}")


def answer(ctx: Context, run: Run, done: ListChanged, block: str) -> Answer:
    """Answer with a sentence about a checklist, or with one that says that nothing changed."""
    said = ctx.say("checklists", what=list_actions.what(done.checklist))
    return Answer(content=answered(ctx, run, said[block if done.key else "unchanged"], done.key))
