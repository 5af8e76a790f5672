"""The attributes of a run: which it has, what their values are, and how these read in sentences and templates."""

from collections.abc import Sequence

from handlers.context import Context
from handlers.playbooks.attributes import Attribute
from handlers.playbooks.playbook import playbook_of
from handlers.rules.conditions import Values
from handlers.rules.variables import defined
from store import AttributeValue, Run


def attributes_of(run: Run) -> tuple[Attribute, ...]:
    """Return the attributes that a run has by its playbook, in its order; a bare checklist has none."""
    return playbook_of(run.definition).attributes if run.definition.get("attributes") else ()


def kept_values(ctx: Context, run: Run) -> Values:
    """Return the values of all attributes of a run as they are kept: people by their ids."""
    found: dict[str, tuple[str, ...]] = {one.name: () for one in attributes_of(run)}
    for row in ctx.store.attribute_values(run.id) if found else ():
        # The playbook may be a newer one by now, and have it no longer.
        if row.name in found:
            found[row.name] += (row.words,)
    return found


def keep_values(ctx: Context, run: Run, values: Values) -> None:
    """Keep values of some of a run's attributes in place of those that these had."""
    for row in [one for one in ctx.store.attribute_values(run.id) if one.name in values]:
        ctx.store.drop(row)
    new = [AttributeValue.of(run.id, name, words) for name, each in values.items() for words in each]
    if new:
        ctx.store.add_all(new)


def values_of(ctx: Context, run: Run) -> Values:
    """Return the values of all attributes of a run as conditions compare them: people as "@name"."""
    return compared(ctx, attributes_of(run), kept_values(ctx, run))


def compared(ctx: Context, attributes: Sequence[Attribute], kept: Values) -> Values:
    """Return kept values as conditions compare them: one of each attribute, people as "@name"."""
    return {one.name: _people(ctx, one, kept.get(one.name, ())) for one in attributes}


def attribute_values(ctx: Context, run: Run) -> dict[str, str]:
    """Return what templates know of a run's attributes: plain words by their names, "" for one without a value.

    Several values are parted by commas; people are "@name", days as 2026-11-27. Nothing of it is escaped.
    """
    return written(values_of(ctx, run))


def variables_of(ctx: Context, run: Run) -> dict[str, str]:
    """Return what commands and figures know of a run by name: its variables, and its attributes before these."""
    return defined(run.attributes | attribute_values(ctx, run), run.summary)


def written(values: Values) -> dict[str, str]:
    """Return values as plain words."""
    return {name: ", ".join(each) for name, each in values.items()}


def _people(ctx: Context, attribute: Attribute, values: tuple[str, ...]) -> tuple[str, ...]:
    if attribute.type != "person":
        return values
    return tuple(f"@{ctx.username(one)}" for one in values)
