"""One run as figures: everything that is told of it, worked out of what the store has."""

from collections.abc import Mapping
from datetime import datetime

from handlers.context import Context
from handlers.figures.evidence import Evidence, evidence_of
from handlers.figures.load import load_of
from handlers.figures.measured import between, metrics_of
from handlers.figures.milestones import milestones_of, out_of_order
from handlers.figures.promises import promises_of
from handlers.figures.run_facts import Reached, RunFacts, Spell
from handlers.figures.tasks import tasks_of
from handlers.figures.working_time import seconds
from store import LeftOut, Run

SINCE_THE_KEYWORD = {"acknowledge": "acknowledged", "mitigate": "mitigated", "finish": "finished"}
"""What is counted from when it was first said, and the milestone that ends it."""


def facts_of(ctx: Context, run: Run) -> RunFacts:
    """Return all figures of a run."""
    return facts(evidence_of(ctx, run))


def facts(evidence: Evidence) -> RunFacts:
    """Return all figures of a run."""
    run, spells = evidence.run, spells_of(evidence)
    milestones = milestones_of(evidence, spells)
    tasks, metrics = tasks_of(evidence), metrics_of(evidence.book, milestones, evidence.values)
    began = milestones["keyword"].at or milestones["started"].at
    since = {name: between(began, milestones[end].at) for name, end in SINCE_THE_KEYWORD.items()}
    odd = [name for name, end in SINCE_THE_KEYWORD.items() if milestones[end].at is not None and since[name] is None]
    return RunFacts(
        run_id=run.id,
        state=run.state,
        left_out=left_out(run),
        milestones=milestones,
        metrics=metrics,
        tasks=tasks,
        spells=spells,
        promises=promises_of(evidence),
        load=load_of(evidence, tasks),
        variables=evidence.variables,
        acknowledge_s=since["acknowledge"],
        mitigate_s=since["mitigate"],
        finish_s=since["finish"],
        took_s=between(milestones["started"].at, milestones["finished"].at),
        open_s=open_of(spells, milestones),
        odd=(*odd, *(one.metric.key for one in metrics if one.why_none == "negative")),
        out_of_order=out_of_order(milestones),
    )


def left_out(run: Run) -> LeftOut:
    """Return why a run counts in no figure, empty where it does."""
    if run.removed_at is not None:
        return "removed"
    return "mistaken" if run.mistaken_at is not None else "trial" if run.is_trial else ""


def spells_of(evidence: Evidence) -> tuple[Spell, ...]:
    """Return the times in which a run was in progress, one more than it was taken up again."""
    ends = [one.at for one in evidence.of("finished")]
    begins = [evidence.run.created_at, *(one.at for one in evidence.of("restarted"))]
    # Whoever deletes a run ends it without a word in its timeline.
    ends = ends[: len(begins) - 1] + ([evidence.run.finished_at] if evidence.run.finished_at is not None else [])
    ended = [*ends, *[None] * (len(begins) - len(ends))]
    return tuple(Spell(begin, end) for begin, end in zip(begins, ended, strict=False))


def open_of(spells: tuple[Spell, ...], milestones: Mapping[str, Reached], since: datetime | None = None) -> int | None:
    """Return how long a run that is over was in progress, from its start and to its end as people say they were.

    With `since` that is only of the times that began then or later; None where there are none.
    """
    if spells[-1].end is None:
        return None
    begins = [milestones["started"].at or spells[0].begin, *(one.begin for one in spells[1:])]
    ends = [*(one.end for one in spells[:-1]), milestones["finished"].at or spells[-1].end]
    spans = [(begin, end) for one, begin, end in zip(spells, begins, ends, strict=True) if _is_since(one, since)]
    lengths = [seconds(begin, end) for begin, end in spans if end is not None]
    return sum(lengths) if lengths and all(one >= 0 for one in lengths) else None


def _is_since(spell: Spell, since: datetime | None) -> bool:
    return since is None or spell.begin >= since
