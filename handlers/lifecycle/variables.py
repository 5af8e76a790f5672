"""A run's variables: shown, set and taken away; the commands of tasks use them."""

import re
from typing import Annotated

from handlers.context import Context
from handlers.controls import VARIABLE_SAVE, VARIABLE_UNDO
from handlers.effects import Answer, Card, Content, Effects, Entry
from handlers.events import ButtonPressed, CommandGiven, Press, Submission
from handlers.forms import Filled, Line, Text, at_field
from handlers.operations.set_variable import (
    VALUE_LIMIT,
    VariableSet,
    put_variable,
    set_variable,
    undo_variable,
    unset_variable,
)
from handlers.payloads import OfRun, ValueOfRun
from handlers.rules import permissions
from handlers.rules.variables import defined
from handlers.text.numbers import number
from handlers.text.plain_forms import bare
from handlers.text.words import folded
from store import Run

NAME_ENTRY = 64
_NAME_AND_VALUE = re.compile(r"(\S+?)(?:\s*[=＝]\s*|[:：]?\s+|[:：]?$)(.*)", re.DOTALL)


class VariableForm(Filled, frozen=True):
    """The dialog of a variable."""

    name: Annotated[str, Line(NAME_ENTRY)]
    value: Annotated[str, Text(VALUE_LIMIT)]


def by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`set` shows the variables, `set ticket ABC-1` gives one a value."""
    if not words:
        yield Answer(content=Content(_shown(ctx, run)))
        return
    match = _NAME_AND_VALUE.match(words)
    name, value = (_name(match[1]), folded(match[2])) if match else ("", "")
    if not value:
        raise ctx.refused("variable", "wrong", limit=VALUE_LIMIT)
    put = yield from set_variable(ctx, run, name, value, event.asker)
    yield _answer(ctx, run, put)


def _name(words: str) -> str:
    return bare(words).removeprefix("$")


def asked(event: ButtonPressed, run: Run, ctx: Context) -> Effects:
    """*Variables…* in the card's menu: what there are, and a name and a value to be set."""
    said = ctx.say("variable", limit=VALUE_LIMIT)
    name = Entry(name="name", label=said["name"], help=said["name_help"], max_length=NAME_ENTRY)
    value = Entry(name="value", label=said["value"], help=said["value_help"], optional=True, max_length=VALUE_LIMIT)
    yield VARIABLE_SAVE.ask(OfRun(run.id), said, name, value, intro=_shown(ctx, run))


def by_dialog(event: Submission[OfRun, VariableForm], run: Run, ctx: Context) -> Effects:
    """The dialog of a variable, saved; without a value it is taken away."""
    name, value = _name(event.form.name), folded(event.form.value)
    with at_field("name"):
        put = yield from set_variable(ctx, run, name, value, event.asker)
    yield _answer(ctx, run, put)


def taken_away(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`unset ticket`."""
    put = yield from unset_variable(ctx, run, _name(words), event.asker)
    yield _answer(ctx, run, put)


def undone(event: Press[ValueOfRun], run: Run, ctx: Context) -> Effects:
    """*Undo* behind a variable: its value before, unless it was given another one since.

    A button of an older version carries the value itself, and puts it back whatever came since.
    """
    which, before = event.payload.which, event.payload.before
    moment = ctx.store.moment(number(which))
    if before is not None:
        put = yield from put_variable(ctx, run, which, before[:VALUE_LIMIT], event.asker)
    elif moment is None or moment.run_id != run.id or moment.kind != "variable":
        raise permissions.gone(ctx)
    else:
        put = yield from undo_variable(ctx, run, moment, event.asker)
    yield _answer(ctx, run, put)


def _answer(ctx: Context, run: Run, put: VariableSet) -> Answer:
    said = ctx.say("variable", name=put.name, value=put.value, before=put.before)
    if not put.moment_id:
        return Answer(content=Content(said["same"]))
    undo = VARIABLE_UNDO.button(said["undo"], ValueOfRun(run.id, str(put.moment_id)))
    return Answer(content=Content(said["set" if put.value else "unset"], (Card(controls=(undo,)),)))


def _shown(ctx: Context, run: Run) -> str:
    values = defined(run.attributes, run.summary)
    listed = [{"name": name, "value": value} for name, value in sorted(values.items())]
    return ctx.say("variable", values=listed)["shown" if listed else "none"]
