"""What a metric was in the runs before one, for somebody to see a value beside others."""

from dataclasses import dataclass

from handlers.context import Context
from handlers.figures.statistics import median
from handlers.playbooks.metrics import Metric
from store import Run
from store.queries.visible import Condition

LAST = 10
"""How many runs before a run stand beside it."""
LOOKED_AT = 100
"""Among how many runs these are looked for: not each has a value."""


@dataclass(frozen=True, slots=True)
class Recent:
    """The median of the last `n` values before a run; nothing is said of none."""

    n: int = 0
    median: int | None = None


def recent(ctx: Context, run: Run, metric: Metric, seen: Condition) -> Recent:
    """Return what a metric was in the last runs of a run's playbook that began before it, are over, and are `seen`.

    Where it was another number under the same key, that is none of it.
    """
    if run.playbook_id is None:
        return Recent()
    rows = ctx.store.run_figures(seen, playbook_id=run.playbook_id, until=run.created_at, limit=LOOKED_AT)
    over = [one for one in rows if one.state == "finished" and not one.left_out]
    values = [one.metrics[metric.kept_as] for one in over if metric.kept_as in one.metrics][:LAST]
    return Recent(len(values), median(values)) if values else Recent()
