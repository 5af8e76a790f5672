"""A run's variables: shown, set and taken away; the commands of tasks use them."""

import re
from collections.abc import Iterator

from handlers.context import Context
from handlers.effects import Answer, Ask, Button, Card, Content, Correct, Dialog, Effect, Entry, Refuse
from handlers.events import ButtonPressed, CommandGiven, DialogSubmitted, Person
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
        dialog=Dialog(
            action="variable.save",
            arg=str(run.id),
            title=said["dialog_title"],
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


def by_dialog(event: DialogSubmitted, run: Run, ctx: Context) -> Iterator[Effect]:
    """The dialog of a variable, saved; without a value it is taken away."""
    name = str(event.values.get("name") or "").strip().removeprefix("$")
    value = folded(str(event.values.get("value") or ""))
    if wrong := _wrong(ctx, run, name, value):
        yield Correct(errors={"name": wrong})
    elif ctx.store.once(f"dialog:{event.once}", ctx.now):
        yield from _put(ctx, run, name, value, event.asker)


def taken_away(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    """`unset ticket`."""
    name = words.strip().removeprefix("$")
    if name not in run.attributes:
        said = ctx.say("variable", name=name, names=sorted(run.attributes))
        yield Refuse(title=said["wrong_title"], text=said["unknown"])
    else:
        yield from _put(ctx, run, name, "", event.asker)


def undone(event: ButtonPressed, run: Run, ctx: Context) -> Iterator[Effect]:
    """*Undo* behind a variable: its value before, unless it was given another one since."""
    _, _, which = event.arg.partition(":")
    moment = ctx.store.moment(number(which))
    # A button of an older version carries name and value itself.
    name, is_old, before = which.partition(":")
    if is_old:
        yield from _put(ctx, run, name, before[:VALUE_LIMIT], event.asker)
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
    undo = Button(said["undo"], "variable.undo", f"{run.id}:{moment.id}")
    yield Answer(content=Content(said["set" if value else "unset"], (Card(controls=(undo,)),)))


def _shown(ctx: Context, run: Run) -> str:
    values = defined(run.attributes, run.summary)
    listed = [{"name": name, "value": value} for name, value in sorted(values.items())]
    return ctx.say("variable", values=listed)["shown" if listed else "none"]
