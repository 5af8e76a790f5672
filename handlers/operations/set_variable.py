"""Setting a run's variables, taking them away and putting them back; whoever asks for it."""

from dataclasses import dataclass

from handlers.context import Context
from handlers.effects import Doing
from handlers.events import Person
from handlers.operations.enter_moment import enter
from handlers.rules.variables import NAME
from handlers.views.card import refresh_card
from store import Moment, Run

VALUE_LIMIT = 500
MOST = 50


@dataclass(frozen=True, slots=True)
class VariableSet:
    """What a variable was and is, empty where it was not or is not set.

    `moment_id` is the timeline's entry, 0 where nothing changed.
    """

    name: str
    before: str
    value: str
    moment_id: int


def set_variable(ctx: Context, run: Run, name: str, value: str, by: Person) -> Doing[VariableSet]:
    """Give a variable a value; an empty one takes it away. Raises `Refused` where they cannot be, or there is none."""
    if not NAME.fullmatch(name) or len(value) > VALUE_LIMIT:
        raise ctx.refused("variable", "wrong", limit=VALUE_LIMIT)
    if not value:
        return (yield from unset_variable(ctx, run, name, by))
    if run.attributes.get(name) == value:
        return VariableSet(name, value, value, 0)
    if name not in run.attributes and len(run.attributes) >= MOST:
        raise ctx.refused("variable", "too_many", "wrong", limit=MOST)
    return (yield from put_variable(ctx, run, name, value, by))


def unset_variable(ctx: Context, run: Run, name: str, by: Person) -> Doing[VariableSet]:
    """Take a variable away. Raises `Refused` where none of that name was set."""
    if name not in run.attributes:
        raise ctx.refused("variable", "unknown", "wrong", name=name, names=sorted(run.attributes))
    return (yield from put_variable(ctx, run, name, "", by))


def undo_variable(ctx: Context, run: Run, moment: Moment, by: Person) -> Doing[VariableSet]:
    """Put back what an entry of the timeline tells the change of. Raises `Refused` where it was changed again since."""
    name, after = moment.details["name"], moment.details["after"]
    if run.attributes.get(name, "") != after:
        raise ctx.refused("variable", "changed")
    return (yield from put_variable(ctx, run, name, moment.details["before"], by))


def put_variable(ctx: Context, run: Run, name: str, value: str, by: Person) -> Doing[VariableSet]:
    """Give a variable the value that it had once, whatever it is now; an empty one takes it away."""
    before = run.attributes.get(name, "")
    rest = {key: one for key, one in run.attributes.items() if key != name}
    # A new mapping: a column of JSON does not notice what changes inside it.
    run.attributes = (run.attributes | {name: value}) if value else rest
    subject = f"{name} = {value}" if value else name
    moment = enter(ctx, run, "variable", by.id, subject, name=name, before=before, after=value)
    yield from refresh_card(ctx, run)
    return VariableSet(name, before, value, moment.id)
