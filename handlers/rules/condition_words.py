"""The conditions of tasks in words, with what their attributes are now."""

from handlers.context import Context
from handlers.playbooks.conditions import When
from handlers.rules.attributes import attributes_of, compared, kept_values, written
from handlers.rules.conditions import Values
from handlers.rules.planned_tasks import planned_task
from handlers.text.words import Safe
from store import Run, Task


def condition_of(ctx: Context, run: Run, task: Task) -> Safe:
    """Return the condition on which a task is there, with the present values; empty where it always is."""
    planned = planned_task(ctx, run, task)
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
