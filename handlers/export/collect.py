"""Gathers everything that is known of a run for a document."""

from collections.abc import Sequence

from handlers.context import Context
from handlers.export.document import (
    ChecklistOut,
    Document,
    MetricOut,
    MilestoneOut,
    MomentOut,
    PersonOut,
    RetrospectiveOut,
    RunOut,
    SaidOut,
    SectionOut,
    SpellOut,
    TaskOut,
    UpdateOut,
)
from handlers.figures.facts import facts_of
from handlers.figures.recent import recent
from handlers.figures.run_facts import Reached, RunFacts, TaskFacts, Valued
from handlers.rules.assignees import named
from handlers.rules.attributes import attribute_values
from handlers.rules.places import origin_text, place_of
from handlers.rules.progress import Numbered, progress
from handlers.views.retro_text import texts_of
from handlers.views.timeline import moment_subject, moment_words, numbered, outcome_of
from store import Moment, Run
from store.queries.visible import Condition


def document_of(ctx: Context, run: Run, seen: Condition) -> Document:
    """Return everything that is known of a run, its metrics beside those of the runs that are `seen`."""
    found = facts_of(ctx, run)
    entries = [(number, one) for number, one in numbered(ctx, run).items() if one.removed_at is None]
    entries.sort(key=lambda pair: (pair[1].seen_at, pair[0]))
    return Document(
        exported_at=ctx.now,
        run=_run(ctx, run, found),
        people=_people(ctx, run, found),
        milestones=[_milestone(ctx, one) for one in found.milestones.values()],
        out_of_order=[*found.out_of_order],
        metrics=[_metric(ctx, run, one, seen) for one in found.metrics],
        checklists=_checklists(ctx, run, found),
        updates=[
            UpdateOut(at=one.at, by=_name(ctx, one.person_id), text=one.subject)
            for _, one in entries
            if one.kind == "update"
        ],
        timeline=[_moment(ctx, number, one) for number, one in entries],
        retrospective=_retrospective(ctx, run),
    )


def _name(ctx: Context, person_id: str) -> str:
    return ctx.username(person_id) if person_id else ""


def _run(ctx: Context, run: Run, found: RunFacts) -> RunOut:
    place, team, attributes = place_of(ctx, run), ctx.store.team(run.team_id), attribute_values(ctx, run)
    return RunOut(
        number=run.id,
        name=run.name,
        summary=run.summary,
        state=run.state,
        outcome=outcome_of(ctx, run),
        playbook=str(run.definition.get("title", "")) if run.playbook_id is not None else "",
        playbook_key=str(run.definition.get("key", "")) if run.playbook_id is not None else "",
        playbook_version=run.playbook_version,
        team=team.name if team is not None else "",
        channel=place.name if place is not None else "",
        owner=_name(ctx, run.owner_id),
        creator=_name(ctx, run.creator_id),
        origin_text=origin_text(ctx, run),
        variables={name: one for name, one in found.variables.items() if name not in attributes},
        attributes={name: one for name, one in attributes.items() if one},
        created_at=run.created_at,
        finished_at=run.finished_at,
        reopened=found.reopened,
        spells=[SpellOut(begin=one.begin, end=one.end) for one in found.spells],
        took_s=found.took_s,
        open_s=found.open_s,
        acknowledge_s=found.acknowledge_s,
        mitigate_s=found.mitigate_s,
        finish_s=found.finish_s,
        updates_promised=found.promises.made,
        updates_in_time=found.promises.kept,
        left_out=found.left_out,
    )


def _people(ctx: Context, run: Run, found: RunFacts) -> list[PersonOut]:
    rows = {one.person_id: one for one in ctx.store.participants(run.id)}
    roles: dict[str, list[str]] = {run.owner_id: ["owner"]}
    for one in ctx.store.role_holders(run.id):
        roles.setdefault(one.person_id, []).append(one.role)
    return [
        PersonOut(
            id=each,
            username=_name(ctx, each),
            roles=roles.get(each, []),
            joined_at=rows[each].joined_at if each in rows else None,
            left_at=rows[each].left_at if each in rows else None,
            tasks_done=found.load[each].tasks if each in found.load else 0,
        )
        for each in dict.fromkeys([run.owner_id, *found.load])
    ]


def _milestone(ctx: Context, one: Reached) -> MilestoneOut:
    return MilestoneOut(
        name=one.name,
        at=one.at,
        source=one.source,
        by=_name(ctx, one.by),
        recorded_at=one.recorded_at,
        said=[
            SaidOut(at=said.at, by=_name(ctx, said.by), noted_at=said.noted_at, reason=said.reason) for said in one.said
        ],
    )


def _metric(ctx: Context, run: Run, one: Valued, seen: Condition) -> MetricOut:
    metric, before = one.metric, recent(ctx, run, one.metric, seen)
    return MetricOut(
        key=metric.key,
        title=metric.title,
        type=metric.type,
        currency=metric.currency,
        clock=metric.clock,
        better=metric.better,
        target=metric.target,
        amount=one.amount,
        is_met=one.is_met,
        why_none=one.why_none,
        last_median=before.median,
        last_count=before.n,
    )


def _checklists(ctx: Context, run: Run, found: RunFacts) -> list[ChecklistOut]:
    standing = progress(ctx, run)
    facts = {one.task_id: one for one in found.tasks}
    return [
        ChecklistOut(title=row.title, tasks=_tasks(ctx, run, standing.of(row), facts)) for row in standing.checklists
    ]


def _tasks(ctx: Context, run: Run, tasks: Sequence[Numbered], facts: dict[int, TaskFacts]) -> list[TaskOut]:
    return [
        TaskOut(
            number=number,
            title=task.title,
            description=task.description,
            state=task.state,
            assignees=[str(named(ctx, run, [one])) for one in task.assignees],
            due_at=task.due_at,
            changed_at=task.changed_at,
            changed_by=_name(ctx, task.changed_by),
            is_late=facts[task.id].is_late if task.id in facts else False,
            is_added=facts[task.id].is_added if task.id in facts else False,
            took_s=facts[task.id].took_s if task.id in facts else None,
        )
        for number, task in tasks
    ]


def _moment(ctx: Context, number: int, one: Moment) -> MomentOut:
    return MomentOut(
        number=number,
        at=one.seen_at,
        recorded_at=one.at,
        kind=one.kind,
        by=_name(ctx, one.person_id),
        subject=moment_subject(ctx, one),
        words=str(moment_words(ctx, one)),
        post_id=one.post_id,
    )


def _retrospective(ctx: Context, run: Run) -> RetrospectiveOut | None:
    found = ctx.store.retrospective(run.id)
    if found is None or found.drafted_at is None:
        return None
    sections = ctx.store.retro_sections(run.id)
    texts = texts_of(ctx, run, sections)
    return RetrospectiveOut(
        state=found.state,
        published_at=found.published_at,
        published_by=_name(ctx, found.published_by),
        skipped_because=found.reason,
        sections=[
            SectionOut(title=one.title, kind=one.kind, is_generated=one.is_generated, text=texts[one.id])
            for one in sections
        ],
    )
