"""Keeping the figures of runs as one row each, from which figures over many runs are made."""

from typing import Any

from handlers.context import Context
from handlers.figures.facts import facts_of
from handlers.figures.run_facts import RunFacts
from store import Run, RunFigures


def begin_figures(ctx: Context, run: Run) -> None:
    """Keep that there is a run; nothing of it can be said yet."""
    ctx.store.add(RunFigures(run_id=run.id, revision=run.revision, **_about(run)))


def keep_figures(ctx: Context, run: Run) -> None:
    """Keep what the figures of a run are now."""
    found = facts_of(ctx, run)
    values = {"revision": run.revision, **_about(run), **row_of(found)}
    kept = ctx.store.figures_of(run.id)
    if kept is None:
        ctx.store.add(RunFigures(run_id=run.id, **values))
        return
    for name, value in values.items():
        setattr(kept, name, value)


def keep_changed(ctx: Context) -> None:
    """Keep the figures of runs that are over anew, as far as this decision has changed something of them."""
    over = {run.id: run for run in ctx.store.held_runs() if not run.is_active}
    for run_id in sorted(ctx.store.changed_runs(over) if over else ()):
        keep_figures(ctx, over[run_id])


def keep_some(ctx: Context, run_ids: list[int]) -> None:
    """Keep the figures of some runs, those that were deleted included."""
    for run_id in run_ids:
        if (run := ctx.store.run(run_id, removed=True)) is not None:
            keep_figures(ctx, run)


def row_of(found: RunFacts) -> dict[str, Any]:
    """Return the figures of a run as the columns of its row."""
    unacknowledged = () if found.milestones["acknowledged"].at is not None else ("unacknowledged",)
    return {
        "left_out": found.left_out,
        "acknowledge_s": found.acknowledge_s,
        "mitigate_s": found.mitigate_s,
        "finish_s": found.finish_s,
        "took_s": found.took_s,
        "open_s": found.open_s,
        "reopened": found.reopened,
        "promises_made": found.promises.made,
        "promises_kept": found.promises.kept,
        "tasks_total": len(found.tasks),
        "tasks_late": sum(one.is_late for one in found.tasks),
        "tasks_skipped": sum(one.state == "skipped" for one in found.tasks),
        "tasks_added": sum(one.is_added for one in found.tasks),
        "metrics": {one.metric.kept_as: one.amount for one in found.metrics if one.amount is not None},
        "flags": [
            *unacknowledged,
            *(f"negative:{name}" for name in found.odd),
            *(f"order:{first}:{second}" for first, second in found.out_of_order),
        ],
        "tasks": {
            "late": [one.title for one in found.tasks if one.is_late],
            "skipped": [one.title for one in found.tasks if one.state == "skipped"],
            "added": [one.title for one in found.tasks if one.is_added],
            "took": {one.title: one.took_s for one in found.tasks if one.took_s is not None},
        },
        "load": {
            each: {"tasks": load.tasks, "outside": load.outside if load.outside is None else list(load.outside)}
            for each, load in found.load.items()
        },
        "variables": dict(found.variables),
    }


def _about(run: Run) -> dict[str, Any]:
    return {
        "playbook_id": run.playbook_id,
        "playbook_version": run.playbook_version,
        "team_id": run.team_id,
        "channel_id": run.channel_id,
        "created_at": run.created_at,
        "state": run.state,
        "finished_at": run.finished_at,
    }
