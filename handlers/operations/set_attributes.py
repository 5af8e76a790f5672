"""Giving a run's attributes values and taking them away: tasks come and go with them; whoever asks for it."""

from dataclasses import dataclass

from handlers.context import Context
from handlers.effects import Doing, Effects
from handlers.events import Person
from handlers.operations.change_tasks import settled, tell_theirs
from handlers.operations.enter_moment import enter
from handlers.playbooks.attributes import Attribute
from handlers.rules import permissions, teams
from handlers.rules.assignees import given_by, people_of
from handlers.rules.attributes import attributes_of, keep_values, kept_values
from handlers.rules.conditions import Values
from handlers.rules.planned_tasks import Turned, settle_conditions
from handlers.rules.progress import Numbered, progress
from handlers.rules.task_lookup import what
from handlers.views.attributes import refresh_asking, value_in_words
from handlers.views.keep import in_words, note_if_open
from store import Moment, Run


@dataclass(frozen=True, slots=True)
class Changed:
    """What an attribute was and is; `moment_id` is the timeline's entry of that."""

    attribute: Attribute
    before: tuple[str, ...]
    values: tuple[str, ...]
    moment_id: int


@dataclass(frozen=True, slots=True)
class AttributesSet:
    """Which attributes are others now, and the tasks that have come and gone with that."""

    changed: tuple[Changed, ...] = ()
    appeared: tuple[Numbered, ...] = ()
    hidden: int = 0


def set_attributes(ctx: Context, run: Run, values: Values, by: Person) -> Doing[AttributesSet]:
    """Give attributes values, as they are kept, by their names; none takes them away.

    Raises `Refused` where one has to have a value, and where a person is not in the run's team.
    """
    attributes, before = {one.name: one for one in attributes_of(run)}, kept_values(ctx, run)
    new = {attributes[name]: each for name, each in values.items() if name in attributes and each != before[name]}
    for attribute, each in new.items():
        if attribute.required and not each:
            raise ctx.refused("attribute", "required", "wrong", attribute=attribute)
        if attribute.type == "person":
            _require_person(ctx, run, attribute, each, by)
    if not new:
        return AttributesSet()
    had = {one.task.id for one in progress(ctx, run).tasks}
    keep_values(ctx, run, {one.name: each for one, each in new.items()})
    changed = tuple(_noted(ctx, run, one, before[one.name], each, by) for one, each in new.items())
    turned = settle_conditions(ctx, run)
    yield from _follow(ctx, run, changed, turned, by)
    appeared = tuple(one for one in progress(ctx, run).tasks if one.task.id in turned.appeared)
    return AttributesSet(changed, appeared, len(turned.hidden & had))


def undo_attribute(ctx: Context, run: Run, moment: Moment, by: Person) -> Doing[AttributesSet]:
    """Put back what an entry of the timeline tells the change of. Raises `Refused` where it was changed again since."""
    name, after = moment.details["name"], tuple(moment.details["after"])
    if kept_values(ctx, run).get(name) != after:
        raise ctx.refused("attribute", "since")
    return (yield from set_attributes(ctx, run, {name: tuple(moment.details["before"])}, by))


def _noted(
    ctx: Context, run: Run, attribute: Attribute, before: tuple[str, ...], values: tuple[str, ...], by: Person
) -> Changed:
    to = ctx.to(ctx.readers_of(run))
    words = value_in_words(to, attribute, values, plain=True)
    subject = f"{attribute.name}: {words}" if values else attribute.name
    kept = {"name": attribute.name, "before": list(before), "after": list(values)}
    moment = enter(ctx, run, "attribute", by.id, subject, **kept)
    return Changed(attribute, before, values, moment.id)


def _follow(ctx: Context, run: Run, changed: tuple[Changed, ...], turned: Turned, by: Person) -> Effects:
    """Show everywhere what has become of the tasks, and tell those who have something to do now."""
    yield from settled(ctx, run)
    yield from refresh_asking(ctx, run)
    if not run.is_active:
        return
    appeared, told = [one for one in progress(ctx, run).tasks if one.task.id in turned.appeared], {by.id}
    if appeared:
        names = [one.attribute.name for one in changed]
        said = ctx.say("attribute", who=by.username, names=names, what=what(ctx, appeared), count=len(appeared))
        yield from note_if_open(ctx, run, said, "appeared")
    for each in appeared:
        for person_id in people_of(ctx, run, each.task):
            if person_id not in told and each.task.is_open:
                told.add(person_id)
                yield from tell_theirs(ctx, run, each.task, person_id)
    for one in changed:
        if one.attribute.type == "person" and one.values and one.values[0] not in told:
            told.add(one.values[0])
            yield from _tell_named(ctx, run, one, by)


def _tell_named(ctx: Context, run: Run, one: Changed, by: Person) -> Effects:
    """Tell whom an attribute names now, with the first of the tasks that are theirs by that, if there are any."""
    person_id, role = one.values[0], given_by(one.attribute)
    mine = [each.task for each in progress(ctx, run).open if role in each.task.assignees]
    if mine:
        yield from tell_theirs(ctx, run, mine[0], person_id)
    else:
        said = ctx.say("attribute", attribute=one.attribute, who=by.username, run=run, link=ctx.run_link(run))
        yield in_words(ctx, person_id, said, "named_you")


def _require_person(ctx: Context, run: Run, attribute: Attribute, values: tuple[str, ...], by: Person) -> None:
    """Raise `Refused` where somebody cannot be named, who comes into the run with tasks that are theirs by that."""
    has_tasks = any(given_by(attribute) in one.assignees for one in ctx.store.tasks(run.id, hidden=True))
    if has_tasks and values and values[0] != by.id:
        permissions.require_given(ctx, by, run, values)
    else:
        teams.require(ctx, run, values)
