"""Attributes of a run in words: their values, what is missing, and the conditions of tasks with what they compare."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from handlers.context import Context
from handlers.playbooks.attributes import Attribute
from handlers.playbooks.conditions import When
from handlers.rules.attributes import attributes_of, compared, kept_values, written
from handlers.rules.conditions import Values
from handlers.rules.planned_tasks import planned_task
from handlers.text.words import Safe, escape, mention
from store import Run, Task


def value_in_words(ctx: Context, attribute: Attribute, values: tuple[str, ...], *, plain: bool = False) -> Safe:
    """Return values as their reader writes them, empty for none; `plain` ones are for where they are escaped later."""
    said: list[str] = []
    for one in values:
        if attribute.type == "date":
            said.append(ctx.say("attribute", day=date.fromisoformat(one))["day"])
        elif attribute.type == "person":
            said.append(mention(ctx.username(one)))
        else:
            said.append(one if plain else escape(one))
    return Safe(", ".join(said))


def rows_of(ctx: Context, run: Run) -> list[dict[str, Any]]:
    """Return all attributes of a run for a template: called, what it is, and the options of those that have some."""
    kept = kept_values(ctx, run)
    return [
        {
            "name": one.name,
            "value": value_in_words(ctx, one, kept[one.name]),
            "choices": one.choices,
            "required": one.required,
            "show": one.show,
            "description": one.description,
        }
        for one in attributes_of(run)
    ]


def shown_rows(ctx: Context, run: Run) -> list[dict[str, Any]]:
    """Return those attributes that cards and pages show, for a template."""
    return [one for one in rows_of(ctx, run) if one["show"] == "always" or (one["show"] == "filled" and one["value"])]


def missing(ctx: Context, run: Run, names: Sequence[str]) -> list[str]:
    """Return those of some attributes that have no value."""
    kept = kept_values(ctx, run)
    return [name for name in names if not kept.get(name)]


def condition_of(ctx: Context, run: Run, task: Task) -> Safe:
    """Return the condition on which a task is there, with the present values; empty where it always is."""
    planned = planned_task(run, task)
    return condition_in_words(ctx, run, planned.when) if planned is not None and planned.when is not None else Safe("")


def condition_in_words(ctx: Context, run: Run, when: When) -> Safe:
    """Return a condition as a clause, such as "Severity is High or Critical (it is Low)"."""
    attributes = attributes_of(run)
    return said_condition(ctx, when, compared(ctx, attributes, kept_values(ctx, run)))


def said_condition(ctx: Context, when: When, values: Values, *, is_inner: bool = False) -> Safe:
    """Return a condition as a clause, with the `values` that its attributes have."""
    if when.all or when.any:
        parts = [said_condition(ctx, one, values, is_inner=True) for one in (*when.all, *when.any)]
        said = ctx.say("attribute", parts=parts, is_inner=is_inner and len(parts) > 1)
        return Safe(said["cond_all" if when.all else "cond_any"])
    name, among = when.attribute or "", when.among or when.not_among or ()
    choices = Safe(ctx.say("attribute", choices=[one for one in among if one], or_none="" in among)["either"])
    said = ctx.say("attribute", name=name, choices=choices, now_is=written(values).get(name, ""))
    return Safe(said["cond_is" if when.among is not None else "cond_is_not"])
