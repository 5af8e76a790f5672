"""The draft of a retrospective: made when a run is over, asked for until it is done, and wanted or not in a run."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.context import Context
from handlers.effects import Delete, Doing, Effects
from handlers.events import Person
from handlers.rules import jobs
from handlers.rules.retrospective import is_wanted, plan_of, row_of
from handlers.rules.run_values import questions_of
from handlers.views.retro_facts import PARTS, title_of
from handlers.views.retro_shown import close_draft, drop_draft, post_draft
from store import RetroSection, Retrospective, Run

ARCHIVED_AFTER = timedelta(minutes=5)
"""How long a channel stays open after the end of all, where the playbook has it archived: time to read that it is."""


@dataclass(frozen=True, slots=True)
class Switched:
    """Whether a run is looked back on now, and whether it was so before."""

    is_on: bool
    before: bool


def begin_retrospective(ctx: Context, run: Run, by: Person) -> Effects:
    """Make the draft of a run that somebody ended, where one is wanted, and ask the owner; else let the run rest."""
    if not is_wanted(ctx, run):
        plan_archive(ctx, run)
        return
    row = row_of(ctx, run)
    if row.state == "published":
        _add_addendum(ctx, run, row)
    elif not ctx.store.retro_sections(run.id):
        _add_sections(ctx, run)
    row.state = "draft" if row.state == "skipped" else row.state
    row.drafted_at = row.drafted_at or ctx.now
    yield from ask_for_retrospective(ctx, run, by)


def ask_for_retrospective(ctx: Context, run: Run, by: Person | None = None) -> Effects:
    """Ask the owner for what is to be published, or skipped, and plan to ask again; who did `by` this is not called."""
    row, every = ctx.store.retrospective(run.id), plan_of(run).remind
    if row is None or not row.is_open or run.is_active or not is_wanted(ctx, run):
        return
    ctx.store.cancel_jobs(ctx.now, "retro", run)
    if every:
        jobs.plan(ctx, "retro", run, ctx.now + timedelta(seconds=every))
    yield from post_draft(ctx, run, by.id if by is not None else "")


def pause_retrospective(ctx: Context, run: Run) -> Iterator[Delete]:
    """Ask no more for the retrospective of a run that goes on; what was written of it stays."""
    ctx.store.cancel_jobs(ctx.now, "retro", run)
    yield from drop_draft(ctx, run)


def switch_retrospective(ctx: Context, run: Run, by: Person, *, on: bool) -> Doing[Switched]:
    """Want a retrospective of a run, or none: of one that is over the draft is made, or asked for no more."""
    row = row_of(ctx, run)
    before = is_wanted(ctx, run) and row.state != "skipped" and not _was_addendum_skipped(ctx, run, row)
    row.wanted = on
    if not run.is_active and on:
        yield from _take_up(ctx, run, row, by, before=before)
    elif not run.is_active and not on and before:
        ctx.store.cancel_jobs(ctx.now, "retro", run)
        yield from close_draft(ctx, run, "closed_off", who=by.username)
        plan_archive(ctx, run)
    return Switched(on, before)


def _take_up(ctx: Context, run: Run, row: Retrospective, by: Person, *, before: bool) -> Effects:
    """Ask for what is not published of a run that is over, unless it is asked for already; its channel stays open."""
    if row.is_open and not before:
        ctx.store.cancel_jobs(ctx.now, "archive", run)
        yield from ask_for_retrospective(ctx, run, by)
    elif not row.is_open and (row.state != "published" or _was_addendum_skipped(ctx, run, row)):
        ctx.store.cancel_jobs(ctx.now, "archive", run)
        yield from begin_retrospective(ctx, run, by)


def _was_addendum_skipped(ctx: Context, run: Run, row: Retrospective) -> bool:
    is_over = row.state == "published" and not row.has_more and not run.is_active
    return is_over and any(one.published_at is None for one in ctx.store.retro_sections(run.id))


def plan_archive(ctx: Context, run: Run) -> None:
    """Have the channel of a run archived soon, where its playbook wants that and nobody waits for anything there."""
    wants = run.definition["channel"].get("archive") and run.own_channel
    if wants and run.channel_id is not None and not run.closed_place and not run.is_active:
        ctx.store.cancel_jobs(ctx.now, "archive", run)
        jobs.plan(ctx, "archive", run, ctx.now + ARCHIVED_AFTER)


def _add_sections(ctx: Context, run: Run) -> None:
    said = ctx.say("retro_questions", ctx.readers_of(run))
    rows = [RetroSection(run_id=run.id, position=0, kind="lesson", title=one.title, hint=one.hint)
            for one in questions_of(ctx, run)]  # fmt: skip
    rows.append(
        RetroSection(
            run_id=run.id, position=0, kind="follow_ups", title=said["title_follow_ups"], hint=said["hint_follow_ups"]
        )
    )
    has_metrics = bool(plan_of(run).metrics)
    rows += [_facts(ctx, run, part) for part in PARTS if has_metrics or part != "metrics"]
    _number(ctx, rows)


def _add_addendum(ctx: Context, run: Run, row: Retrospective) -> None:
    """Give a published retrospective what happened since the run was taken up again, and a question about it."""
    before = ctx.store.retro_sections(run.id)
    row.has_more = True
    if any(one.part == "again" and one.published_at is None for one in before):
        return
    said = ctx.say("retro_questions", ctx.readers_of(run))
    again = [one.at for one in ctx.store.moments(run.id) if one.kind == "restarted"]
    told = max((one.published_at for one in before if one.published_at is not None), default=ctx.now)
    since = next((at for at in again if at >= told), ctx.now)
    lesson = RetroSection(run_id=run.id, position=0, kind="lesson", title=said["title_addendum"])
    _number(ctx, [lesson, _facts(ctx, run, "again", since)], len(before))


def _facts(ctx: Context, run: Run, part: str, since: datetime | None = None) -> RetroSection:
    return RetroSection(run_id=run.id, position=0, kind="facts", part=part, title=title_of(ctx, run, part), since=since)


def _number(ctx: Context, rows: list[RetroSection], before: int = 0) -> None:
    for at, row in enumerate(rows, before + 1):
        row.position = at
    ctx.store.add_all(rows)
