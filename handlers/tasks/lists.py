"""A run's checklists as people change them, by command and by dialog: new, renamed, moved, and all of one at once."""

import re
from typing import Annotated

from handlers.context import Context
from handlers.controls import CHECKLIST_NEW, CHECKLIST_SAVE, entry
from handlers.effects import Answer, Ask, Effects, Option
from handlers.events import ButtonPressed, CommandGiven, Submission
from handlers.forms import Filled, Line, Text, at_field
from handlers.messages.as_direct_message import told
from handlers.operations.change_lists import ListChanged, add_list, change_list
from handlers.payloads import ListOfRun, OfRun
from handlers.rules import list_actions, ordering, task_lookup
from handlers.rules.progress import progress
from handlers.text.arguments import first_word, lines, titled
from handlers.text.plain_forms import bare
from handlers.text.words import one_line
from handlers.views.undo import answered
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


def by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`checklist add Title; first`; `rename`, `move`, `duplicate`, `skip`, `restore`, `remove` with numbers."""
    verb, rest = first_word(words)
    match bare(verb).casefold():
        case "add" if event.trigger_id and not one_line(rest):
            yield _new_dialog(ctx, run)
        case "add":
            title, tasks = titled(rest)
            yield _answer(ctx, run, (yield from add_list(ctx, run, title, tasks, event.asker)), "added")
        case "rename" | "move" as word:
            yield from _with_words(event, run, word, rest, ctx)
        case word if (whole := list_actions.verb_of(word)) is not None:
            row = task_lookup.checklist(ctx, progress(ctx, run), rest)
            yield _answer(ctx, run, (yield from change_list(ctx, run, row, event.asker, verb=whole)), f"did_{whole}")
        case _:
            raise ctx.refused("checklists", "how")


def _with_words(event: CommandGiven, run: Run, verb: str, words: str, ctx: Context) -> Effects:
    """`rename 2 New title` and `move 3 to 1`; without the rest by dialog, where one can be opened."""
    standing = progress(ctx, run)
    row, rest = task_lookup.leading_checklist(ctx, standing, words)
    rest = one_line(re.sub(r"^to\s+", "", rest, flags=re.IGNORECASE))
    if not rest and event.trigger_id:
        yield _dialog(ctx, run, row)
    elif verb == "rename":
        yield _answer(ctx, run, (yield from change_list(ctx, run, row, event.asker, title=rest)), "renamed")
    else:
        at = task_lookup.checklist(ctx, standing, rest).position
        yield _answer(ctx, run, (yield from change_list(ctx, run, row, event.asker, at=at)), "moved")


def asked_new(event: ButtonPressed, run: Run, ctx: Context) -> Effects:
    """*Add a checklist* of the card's menu."""
    yield _new_dialog(ctx, run)


def opened(event: ButtonPressed, run: Run, row: Checklist, ctx: Context) -> Effects:
    """*The whole checklist…* in the menu of its tasks."""
    yield _dialog(ctx, run, row)


def added(event: Submission[OfRun, NewListForm], run: Run, ctx: Context) -> Effects:
    """The dialog of a new checklist, filled in."""
    done = yield from add_list(ctx, run, event.form.title, lines(event.form.tasks), event.asker)
    yield from told(event, [_answer(ctx, run, done, "added")])


def saved(event: Submission[ListOfRun, ListForm], run: Run, ctx: Context) -> Effects:
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
    yield from told(event, [_answer(ctx, run, done, block)])


def _dialog(ctx: Context, run: Run, row: Checklist) -> Ask:
    """Ask for everything about a checklist."""
    said = ctx.say("checklists", what=list_actions.what(row), position=row.position)
    also = tuple(Option(said[f"also_{verb}"], verb) for verb in list_actions.VERBS)
    return CHECKLIST_SAVE.ask(
        ListOfRun(run.id, row.id),
        said,
        entry(said, "also", "select", options=also, optional=True),
        entry(said, "title", default=row.title, max_length=ordering.TITLE_LIMIT if len(row.title) > 150 else 150),
        entry(said, "number", default=str(row.position), max_length=100),
        submit="save",
    )


def _new_dialog(ctx: Context, run: Run) -> Ask:
    """Ask for a new checklist."""
    said = ctx.say("checklists")
    entries = (entry(said, "title", max_length=150), entry(said, "tasks", "textarea", optional=True))
    return CHECKLIST_NEW.ask(OfRun(run.id), said, *entries, intro="", title="new_title", submit="add")


def _answer(ctx: Context, run: Run, done: ListChanged, block: str) -> Answer:
    """Answer with a sentence about a checklist, or with one that says that nothing changed."""
    said = ctx.say("checklists", what=list_actions.what(done.checklist))
    return Answer(content=answered(ctx, run, said[block if done.key else "unchanged"], done.key))
