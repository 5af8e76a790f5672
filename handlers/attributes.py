"""A run's variables: shown, set and taken away; the commands of tasks use them."""

import re
from collections.abc import Iterator

from handlers.admission import admitted
from handlers.context import Context
from handlers.effects import Answer, Button, Card, Content, Effect, Refuse
from handlers.events import ButtonPressed, CommandGiven, Person
from handlers.variables import NAME, defined
from handlers.views.card import refresh_card
from handlers.words import one_line
from store import Run

VALUE_LIMIT = 500
MOST = 50
_NAME_AND_VALUE = re.compile(r"\$?(\S+?)(?:\s*=\s*|\s+|$)(.*)", re.DOTALL)


def by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    """`set` shows the variables, `set ticket ABC-1` gives one a value."""
    if not words:
        yield Answer(content=Content(_shown(ctx, run)))
        return
    match = _NAME_AND_VALUE.match(words)
    name, value = (match[1], one_line(match[2])) if match else ("", "")
    if not NAME.fullmatch(name) or not value or len(value) > VALUE_LIMIT:
        said = ctx.say("variable", limit=VALUE_LIMIT)
        yield Refuse(title=said["wrong_title"], text=said["wrong"])
    elif name not in run.attributes and len(run.attributes) >= MOST:
        said = ctx.say("variable", limit=MOST)
        yield Refuse(title=said["wrong_title"], text=said["too_many"])
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


def undone(event: ButtonPressed, ctx: Context) -> Iterator[Effect]:
    """*Undo* behind a variable: its value before."""
    run_id, name, before = event.arg.split(":", 2)
    run = admitted(ctx, run_id, event.asker)
    if isinstance(run, Refuse):
        yield run
    else:
        yield from _put(ctx, run, name, before, event.asker)


def _put(ctx: Context, run: Run, name: str, value: str, asker: Person) -> Iterator[Effect]:
    before = run.attributes.get(name, "")
    rest = {key: one for key, one in run.attributes.items() if key != name}
    # A new mapping: a column of JSON does not notice what changes inside it.
    run.attributes = (run.attributes | {name: value}) if value else rest
    ctx.note(run, "variable", asker.id, subject=f"{name} = {value}" if value else name)
    yield from refresh_card(ctx, run)
    said = ctx.say("variable", name=name, value=value, before=before)
    undo = Button(said["undo"], "variable.undo", f"{run.id}:{name}:{before}")
    yield Answer(content=Content(said["set" if value else "unset"], (Card(controls=(undo,)),)))


def _shown(ctx: Context, run: Run) -> str:
    values = defined(run.attributes, run.summary)
    listed = [{"name": name, "value": value} for name, value in sorted(values.items())]
    return ctx.say("variable", values=listed)["shown" if listed else "none"]
