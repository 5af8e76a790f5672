"""What the bot has recorded of a run, in its own words: how it went, what was said, its tasks and its people."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from handlers.context import Context
from handlers.figures.facts import facts_of, open_of
from handlers.figures.measured import between
from handlers.figures.run_facts import RunFacts
from handlers.rules.progress import Numbered, progress
from handlers.rules.sight import seen_by_readers
from handlers.text.sentences import Said
from handlers.text.words import Safe
from handlers.views.amounts import beside_in_words, milestone_rows
from handlers.views.timeline import moment_line, outcome_of
from store import Moment, MomentKind, RetroSection, Run

PARTS = ("course", "metrics", "events", "tasks", "people")
"""The facts of a draft, each a section; an addendum has those of `again`."""

MOST = 100
"""How many tasks, and how many events, are named; the timeline has all of them."""
A_YEAR = timedelta(days=365)

TOLD: frozenset[MomentKind] = frozenset({"update", "note", "pinned"})
"""What of the timeline a draft tells; all else is one press away."""
_HANDED: frozenset[MomentKind] = frozenset(
    {"owner_changed", "handover_asked", "handover_declined", "role", "role_freed", "turned"}
)


def facts(ctx: Context, run: Run, sections: Iterable[RetroSection]) -> dict[int, str]:
    """Return what sections of facts say, by id, as Markdown, for all who read a run, in their language and zone."""
    figures, moments = facts_of(ctx, run), moments_of(ctx, run)
    # A time tells its day where that is not the one on which the run began, whenever this is read.
    ctx = replace(ctx.to(ctx.readers_of(run)), now=run.created_at)
    return {one.id: _facts(ctx, run, one, figures, moments) for one in sections}


def _facts(ctx: Context, run: Run, section: RetroSection, figures: RunFacts, moments: Sequence[Moment]) -> str:
    since = section.since
    told = section.published_at
    moments = [one for one in moments if (since is None or one.seen_at >= since) and (told is None or one.at <= told)]
    events, tasks = [one for one in moments if one.kind in TOLD], _tasks(ctx, run, section)
    said = ctx.say(
        "retro_facts",
        run=run,
        since=since,
        milestones=_milestones(ctx, figures, since),
        metrics=beside_in_words(ctx, run, figures, seen_by_readers(ctx, run)) if figures.metrics else "",
        took=figures.took_s if since is None else open_of(figures.spells, figures.milestones, since),
        again=figures.again,
        open=figures.open_s,
        outcome=outcome_of(ctx, run),
        events=[_event(ctx, run, one) for one in events[:MOST]],
        more_events=max(0, len(events) - MOST),
        tasks=[_task(run, one, figures) for one in tasks[:MOST]],
        more_tasks=max(0, len(tasks) - MOST),
        people=list(_people(ctx, run)),
        handed=[moment_line(ctx, one) for one in moments if one.kind in _HANDED],
    )
    has = {"course": True, "events": bool(events), "tasks": bool(tasks)} if section.part == "again" else {}
    parts = [part for part, any_of_it in has.items() if any_of_it] or [section.part]
    text = "\n".join(_told(said, part) for part in parts)
    # Behind a list a line needs a gap, as it would be one of its lines.
    has_times = "course" in parts or ("events" in parts and events)
    return f"{text}\n\n{said['zone']}" if has_times else text


def title_of(ctx: Context, run: Run, part: str) -> str:
    """Return what a section of facts is called."""
    return ctx.say("retro_facts", ctx.readers_of(run))[f"title_{part}"]


def moments_of(ctx: Context, run: Run) -> list[Moment]:
    """Return what happened in a run and was not taken out, in the order in which it is shown."""
    kept = (one for one in ctx.store.moments(run.id) if one.removed_at is None)
    return sorted(kept, key=lambda one: (one.seen_at, one.id))


def _told(said: Said, part: str) -> str:
    """Return a part, of which only what is no item of a list stands by itself."""
    kept: list[str] = []
    for line in said[f"text_{part}"].splitlines():
        while line.startswith("- ") and kept and not kept[-1].strip():
            kept.pop()
        kept.append(line)
    return "\n".join(kept)


def _milestones(ctx: Context, found: RunFacts, since: datetime | None) -> list[dict[str, Any]]:
    """Return when what was reached, in that order; and when the run was taken up again."""
    names = [name for name, one in found.milestones.items() if one.at is not None and name != "published"]
    rows = [row | {"again": False} for row in milestone_rows(ctx, found, names)]
    rows += [{"at": spell.begin, "again": True, "who": "", "before": None, "reason": ""} for spell in found.spells[1:]]
    kept = sorted((row for row in rows if since is None or row["at"] >= since), key=lambda row: row["at"])
    before = [None, *(row["at"] for row in kept)]
    return [row | {"at": _dated(ctx, row["at"], last)} for row, last in zip(kept, before, strict=False)]


def _dated(ctx: Context, at: datetime, before: datetime | None) -> Safe:
    """Say a time with its year, as it is read for years, but for one on the day that stands before it."""
    zone = ctx.reader.zone
    if before is not None and before.astimezone(zone).date() == at.astimezone(zone).date():
        return Safe(replace(ctx, now=at).say("retro_facts", at=at)["hour"])
    return Safe(replace(ctx, now=at - A_YEAR).say("retro_facts", at=at)["dated"])


def _event(ctx: Context, run: Run, moment: Moment) -> dict[str, object]:
    return {
        "kind": moment.kind,
        "at": moment.seen_at,
        "recorded_at": moment.at if moment.shown_at is not None else None,
        "who": ctx.username(moment.person_id) if moment.person_id else "",
        "words": moment.subject if moment.shown_words is None else moment.shown_words,
        "is_reworded": moment.is_reworded,
        "link": ctx.post_of_run_link(run, moment.post_id),
    }


def _tasks(ctx: Context, run: Run, section: RetroSection) -> list[Numbered]:
    """Return the tasks that a section is about; what is still to be done afterwards is no part of how it went."""
    after = {one.id for one in ctx.store.checklists(run.id) if one.kind == "follow_ups"}
    found = [one for one in progress(ctx, run).tasks if one.task.checklist_id not in after]
    return [one for one in found if section.since is None or (one.task.changed_at or run.created_at) >= section.since]


def _task(run: Run, one: Numbered, figures: RunFacts) -> dict[str, object]:
    task, begin = one.task, figures.at("started") or run.created_at
    settled = task.changed_at if task.is_settled else None
    late = (settled or run.finished_at or run.created_at) - task.due_at if task.due_at is not None else timedelta()
    return {
        "number": Safe(one.number),
        "title": task.title,
        "state": task.state,
        "after": between(begin, settled),
        "worked": next((each.took_s for each in figures.tasks if each.task_id == task.id), None),
        "late": max(0.0, late.total_seconds()) if task.state != "skipped" else 0.0,
        "is_added": task.planned == 0 and run.playbook_id is not None,
    }


def _people(ctx: Context, run: Run) -> Iterator[dict[str, object]]:
    roles: dict[str, list[str]] = {}
    said = ctx.say("retro_facts")
    for person_id, role in (
        (run.owner_id, said["role_owner"]),
        (run.creator_id, said["role_creator"]),
        *((one.person_id, one.role) for one in ctx.store.role_holders(run.id) if one.person_id),
    ):
        roles.setdefault(person_id, []).append(role)
    took_part = [one.person_id for one in ctx.store.participants(run.id) if one.joined_at is not None]
    for person_id in dict.fromkeys((*roles, *took_part)):
        yield {"who": ctx.username(person_id), "roles": roles.get(person_id, [])}
