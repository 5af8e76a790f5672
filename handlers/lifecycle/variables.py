"""A run's variables: shown, set and taken away; the commands of tasks use them."""

import re
from collections.abc import Iterator
from typing import Annotated

from handlers.context import Context
from handlers.controls import VARIABLE_SAVE, VARIABLE_UNDO
from handlers.effects import Answer, Ask, Card, Content, Correct, Effect, Entry, Refuse
from handlers.events import ButtonPressed, CommandGiven, Person, Press, Submission
from handlers.forms import Filled, Line, Text
from handlers.payloads import OfRun, ValueOfRun
from handlers.rules import permissions
from handlers.rules.variables import NAME, defined
from handlers.text.numbers import number
from handlers.text.words import folded
from handlers.views.card import refresh_card
from store import Moment, Run

VALUE_LIMIT = 500
MOST = 50
NAME_ENTRY = 64
_NAME_AND_VALUE = re.compile(r"\$?(\S+?)(?:\s*=\s*|\s+|$)(.*)", re.DOTALL)


class VariableForm(Filled, frozen=True):
    """The dialog of a variable."""

    name: Annotated[str, Line(NAME_ENTRY)]
    value: Annotated[str, Text(VALUE_LIMIT)]


def by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    """`set` shows the variables, `set ticket ABC-1` gives one a value."""
    if not words:
        yield Answer(content=Content(_shown(ctx, run)))
        return
    match = _NAME_AND_VALUE.match(words)
    name, value = (match[1], folded(match[2])) if match else ("", "")
    wrong = _wrong(ctx, run, name, value) if value else ctx.say("variable", limit=VALUE_LIMIT)["wrong"]
    if wrong:
        yield Refuse(title=ctx.say("variable")["wrong_title"], text=wrong)
    else:
        yield from _put(ctx, run, name, value, event.asker)


def asked(event: ButtonPressed, run: Run, ctx: Context) -> Iterator[Effect]:
    """*Variables…* in the card's menu: what there are, and a name and a value to be set."""
    said = ctx.say("variable", limit=VALUE_LIMIT)
    yield Ask(
        dialog=VARIABLE_SAVE.dialog(
            OfRun(run.id),
            said["dialog_title"],
            intro=_shown(ctx, run),
            entries=(
                Entry(name="name", label=said["name"], help=said["name_help"], max_length=NAME_ENTRY),
                Entry(
                    name="value", label=said["value"], help=said["value_help"], optional=True, max_length=VALUE_LIMIT
                ),
            ),
            submit=said["save"],
        )
    )


def by_dialog(event: Submission[OfRun, VariableForm], run: Run, ctx: Context) -> Iterator[Effect]:
    """The dialog of a variable, saved; without a value it is taken away."""
    name, value = event.form.name.removeprefix("$"), folded(event.form.value)
    if wrong := _wrong(ctx, run, name, value):
        yield Correct(errors={"name": wrong})
    else:
        yield from _put(ctx, run, name, value, event.asker)


def taken_away(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    """`unset ticket`."""
    name = words.strip().removeprefix("$")
    if name not in run.attributes:
        said = ctx.say("variable", name=name, names=sorted(run.attributes))
        yield Refuse(title=said["wrong_title"], text=said["unknown"])
    else:
        yield from _put(ctx, run, name, "", event.asker)


def undone(event: Press[ValueOfRun], run: Run, ctx: Context) -> Iterator[Effect]:
    """*Undo* behind a variable: its value before, unless it was given another one since."""
    which, before = event.payload.which, event.payload.before
    moment = ctx.store.moment(number(which))
    if before is not None:
        yield from _put(ctx, run, which, before[:VALUE_LIMIT], event.asker)
    elif moment is None or moment.run_id != run.id or moment.kind != "variable":
        yield permissions.gone(ctx)
    elif run.attributes.get(moment.details["name"], "") != moment.details["after"]:
        said = ctx.say("variable")
        yield Refuse(title=said["changed_title"], text=said["changed"])
    else:
        yield from _put(ctx, run, moment.details["name"], moment.details["before"], event.asker)


def _wrong(ctx: Context, run: Run, name: str, value: str) -> str:
    """Say what is wrong with a name and a value; empty if nothing is."""
    if not NAME.fullmatch(name) or len(value) > VALUE_LIMIT:
        return ctx.say("variable", limit=VALUE_LIMIT)["wrong"]
    if not value and name not in run.attributes:
        return ctx.say("variable", name=name, names=sorted(run.attributes))["unknown"]
    if name not in run.attributes and len(run.attributes) >= MOST:
        return ctx.say("variable", limit=MOST)["too_many"]
    return ""


def _put(ctx: Context, run: Run, name: str, value: str, asker: Person) -> Iterator[Effect]:
    before = run.attributes.get(name, "")
    rest = {key: one for key, one in run.attributes.items() if key != name}
    # A new mapping: a column of JSON does not notice what changes inside it.
    run.attributes = (run.attributes | {name: value}) if value else rest
    moment = ctx.store.add(
        Moment(
            run_id=run.id,
            at=ctx.now,
            kind="variable",
            person_id=asker.id,
            subject=f"{name} = {value}" if value else name,
            details={"name": name, "before": before, "after": value},
        )
    )
    yield from refresh_card(ctx, run)
    said = ctx.say("variable", name=name, value=value, before=before)
    undo = VARIABLE_UNDO.button(said["undo"], ValueOfRun(run.id, str(moment.id)))
    yield Answer(content=Content(said["set" if value else "unset"], (Card(controls=(undo,)),)))


def _shown(ctx: Context, run: Run) -> str:
    values = defined(run.attributes, run.summary)
    listed = [{"name": name, "value": value} for name, value in sorted(values.items())]
    return ctx.say("variable", values=listed)["shown" if listed else "none"]
