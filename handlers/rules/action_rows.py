"""The actions of a run as rows: made once of its playbook, found by occasion, and which action each row is of."""

from collections.abc import Sequence

from handlers.context import Context
from handlers.playbooks.actions import Action
from handlers.playbooks.playbook import playbook_of
from handlers.rules.planned_actions import GROUP, in_order, planned_rows
from store import ActionRow, Occasion, Run, Task


def rows_of(ctx: Context, run: Run) -> Sequence[ActionRow]:
    """Return the actions of a run, made of its playbook where there are none yet.

    A run of an older version has none: of one that began before, there are none of its start, either.
    """
    return in_order(ctx.store.action_rows(run.id) or ctx.store.add_all(_missing(run)))


def seen_rows(ctx: Context, run: Run) -> Sequence[ActionRow]:
    """Return the same to be looked at alone: what is made is not kept, and of a run that is over nothing is."""
    return in_order(ctx.store.action_rows(run.id) or (_missing(run) if run.is_active else ()))


def _missing(run: Run) -> list[ActionRow]:
    rows = planned_rows(run) if run.playbook_id is not None else []
    return [row for row in rows if row.occasion != "start" or run.channel_id is None]


def renew_rows(ctx: Context, run: Run) -> None:
    """Have the rows of a run that goes by another version of its playbook now say what that plans.

    What was begun stays, whatever became of it. A run has started: what follows that comes no more.
    """
    rows, planned = rows_of(ctx, run), planned_rows(run)
    coming = [row for row in planned if row.occasion != "start" or run.channel_id is None]
    for row in rows:
        if row.caused_at is None and not any(_is_same(row, one) for one in coming):
            ctx.store.drop(row)
    new = [one for one in coming if not any(_is_same(row, one) for row in rows)]
    taken = {row.key for row in rows}
    for number, one in enumerate(new, len(rows) + 1):
        one.key = f"{one.key}#{number}" if one.key in taken else one.key
    ctx.store.add_all(new)


def action_of(row: ActionRow) -> Action | None:
    """Return the action of the playbook that a row is of; None for what follows from its other keys."""
    return Action.model_validate(row.says) if row.says else None


def guests_of(row: ActionRow) -> tuple[str, ...]:
    """Return whom a row invites, as the playbook names them: the people and roles, or the one group."""
    action = action_of(row)
    named = action.invite if action is not None else ()
    return tuple(one for one in named if (one == f"{GROUP}{row.part}" if row.part else not one.startswith(GROUP)))


def position_of(ctx: Context, row: ActionRow) -> int:
    """Return by which number people call an action of a run."""
    return [one.id for one in in_order(ctx.store.action_rows(row.run_id))].index(row.id) + 1


def follows(run: Run, row: ActionRow, on: Occasion, task: Task | None) -> bool:
    """Return whether a row follows an occasion: one of a task only where that very task is done."""
    action = action_of(row)
    if row.occasion != on or action is None or on != "task":
        return row.occasion == on
    return task is not None and action.task == _planned_title(run, task)


def may_follow(run: Run, on: Occasion) -> bool:
    """Return whether anything can follow an occasion, without asking for rows."""
    said = run.definition
    if run.playbook_id is None or on != "task":
        return run.playbook_id is not None
    # Tasks are done all the time, and hardly a playbook has anything that follows.
    return bool(said.get("webhooks")) or any(one["on"] == "task" for one in said.get("actions", ()))


def is_repeated(row: ActionRow) -> bool:
    """Return whether an action is done each time that its occasion comes, not once per run."""
    action = action_of(row)
    return action.repeat if action is not None else row.kind in ("broadcast", "webhook")


def holds_up(row: ActionRow) -> bool:
    """Return whether those after an action wait for what becomes of it; a command waits for people, and is offered."""
    action = action_of(row)
    return action is not None and action.if_it_fails == "stop" and row.kind != "command"


def _planned_title(run: Run, task: Task) -> str:
    """Return what a task is called in the playbook, however it is called now."""
    titles = playbook_of(run.definition).task_titles
    return titles[task.planned - 1] if 0 < task.planned <= len(titles) else task.title


def _is_same(row: ActionRow, other: ActionRow) -> bool:
    """Return whether two rows are of the same action."""
    return all(getattr(row, name) == getattr(other, name) for name in ("kind", "occasion", "part", "says"))
