"""Keeping finished runs of Mattermost Playbooks as history, so that insights begin with it; nothing acts on them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from handlers.context import Context
from handlers.exchange.attributes import MOST_IN_OPTION, fields_of
from handlers.exchange.metrics import amount_in
from handlers.exchange.plan import Imported, Plan
from handlers.exchange.runs import PastRun, PastTask
from handlers.exchange.words import line_of
from handlers.figures.keep import keep_figures
from handlers.operations.plan_import import id_in
from handlers.playbooks.attributes import Attribute
from handlers.playbooks.playbook import Playbook
from handlers.rules.attributes import keep_values
from handlers.rules.run_request import stored
from store import (
    Checklist,
    KnownPerson,
    MetricValue,
    Participant,
    PlaybookRow,
    RetroSection,
    Retrospective,
    RetroVersion,
    Run,
    Task,
    new_key,
)


@dataclass(frozen=True, slots=True)
class History:
    """What a server told: finished runs, the user names of whom they name, and names of teams, all by its ids.

    `metrics` are the titles of metrics, and `fields` the names of attributes, by their ids.
    """

    runs: Sequence[PastRun] = ()
    people: Mapping[str, str] = field(default_factory=dict)
    teams: Mapping[str, str] = field(default_factory=dict)
    metrics: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)


def import_runs(ctx: Context, history: History, rows: Mapping[str, PlaybookRow]) -> int:
    """Keep the runs whose playbook is here (`rows`, by the ids there) and that are not yet; return how many."""
    known = ctx.store.imported_runs([one.id for one in history.runs])
    new = [one for one in history.runs if one.playbook_id in rows and one.id not in known]
    people = _people(ctx, history, new)
    for one in new:
        _keep(ctx, one, rows[one.playbook_id], history, people)
    return len(new)


def rows_of(ctx: Context, plan: Plan, done: Sequence[Imported]) -> dict[str, PlaybookRow]:
    """Return the playbooks that came with a plan, or were here already, by their ids on the server."""
    found = {id_in(one.step.source): one.row for one in done}
    for step in plan.steps:
        row = ctx.store.playbook(step.row_id) if step.what == "skip" and step.row_id else None
        if row is not None:
            found[id_in(step.source)] = row
    return found


def left_behind(plan: Plan, history: History) -> dict[str, int]:
    """Return how many runs do not come along, as their playbook is left out, by the titles of these."""
    out = {id_in(step.source): step.book.title for step in plan.steps if step.what == "skip" and not step.row_id}
    return dict(Counter(out[one.playbook_id] for one in history.runs if one.playbook_id in out))


def _people(ctx: Context, history: History, runs: Sequence[PastRun]) -> dict[str, str]:
    """Return who people are here: the same by id or user name, or remembered as somebody who is gone."""
    ids = frozenset[str]().union(*(one.everybody for one in runs))
    here, found = ctx.store.people(ids), {}
    for key in sorted(ids):
        name = history.people.get(key, "")
        same = ctx.store.person_named(name) if name and key not in here else None
        found[key] = same.id if same is not None else key
        if same is None and key not in here and name:
            ctx.store.learn(KnownPerson(id=key, username=name, is_active=False, seen_at=ctx.now))
    return found


def _keep(ctx: Context, past: PastRun, row: PlaybookRow, history: History, people: Mapping[str, str]) -> None:
    book = stored(ctx, row)
    run = ctx.store.add(_run(ctx, past, row, book, history, people))
    _tasks(ctx, run, past, book, people)
    for person_id in dict.fromkeys((past.owner_id, *past.people)):
        if person_id:
            ctx.store.add(Participant(run_id=run.id, person_id=people[person_id], joined_at=past.created_at))
    for one in past.moments:
        who = people.get(one.person_id, "")
        ctx.store.note(run.id, one.at, one.kind, who, one.subject, one.post_id, {})
    _retrospective(ctx, run, past)
    _amounts(ctx, run, past, book, history)
    keep_values(ctx, run, dict(_values(ctx, past, book, history, people)))
    ctx.store.write()
    keep_figures(ctx, run)


def _values(
    ctx: Context, past: PastRun, book: Playbook, history: History, people: Mapping[str, str]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the values of attributes by what these are called here, which need not be what they are called there."""
    by_name = {one.name: one for one in book.attributes}
    by_id = {one.id: one.attribute for one in fields_of(book.attributes).values()}
    for key, words in past.values.items():
        attribute = by_id.get(key) or by_name.get(history.fields.get(key, ""))
        if attribute is not None:
            yield attribute.name, tuple(_value(ctx, past, attribute, one, people) for one in words)


def _value(ctx: Context, past: PastRun, attribute: Attribute, word: str, people: Mapping[str, str]) -> str:
    if word in past.named:
        person_id = people[word]
        return person_id if attribute.type == "person" else f"@{ctx.username(person_id)}"
    wanted = line_of(word, MOST_IN_OPTION).casefold()
    return next((one for one in attribute.choices if one.casefold() == wanted), word)


def _run(
    ctx: Context, past: PastRun, row: PlaybookRow, book: Playbook, history: History, people: Mapping[str, str]
) -> Run:
    name = history.teams.get(past.team_id, "")
    team = next((one for one in ctx.store.teams() if one.name == name), None)
    updates = [one for one in past.moments if one.kind == "update"]
    finished = [one for one in past.moments if one.kind == "finished"]
    return Run(
        key=new_key(),
        imported_id=past.id,
        team_id=team.id if team is not None else past.team_id,
        channel_id=past.channel_id if ctx.store.place(past.channel_id) is not None else None,
        own_channel=False,
        playbook_id=row.id,
        playbook_version=row.version,
        definition=book.definition(),
        name=past.name,
        summary=past.summary,
        state="finished",
        owner_id=people.get(past.owner_id, past.owner_id),
        creator_id=people.get(past.creator_id, past.creator_id),
        created_at=past.created_at,
        finished_at=past.finished_at,
        finished_by=people.get(finished[-1].person_id, "") if finished else "",
        updates=len(updates),
        last_update_at=updates[-1].at if updates else None,
        last_update_text=updates[-1].subject if updates else "",
        prefix=past.prefix,
        # There every run has a number; only with a prefix it is what people know the run by here.
        sequence=past.sequence if past.prefix else 0,
    )


def _tasks(ctx: Context, run: Run, past: PastRun, book: Playbook, people: Mapping[str, str]) -> None:
    numbers = {title: at for at, title in reversed(list(enumerate(book.task_titles, 1)))}
    for at, (title, tasks) in enumerate(past.checklists, 1):
        checklist = ctx.store.add(Checklist(run_id=run.id, position=at, title=title))
        for position, one in enumerate(tasks, 1):
            planned = numbers.get(one.title, 0)
            ctx.store.add(_task(run, checklist, position, planned, one, people.get(one.assignee_id, "")))


def _task(run: Run, checklist: Checklist, position: int, planned: int, one: PastTask, assignee: str) -> Task:
    return Task(
        run_id=run.id,
        checklist_id=checklist.id,
        position=position,
        planned=planned,
        title=one.title,
        description=one.description,
        state=one.state,
        assignees=[assignee] if assignee else [],
        due_at=one.due_at,
        command=one.command,
        changed_at=one.changed_at,
        added_at=None if planned else run.created_at,
        hidden=one.is_hidden,
        touched=one.is_touched,
    )


def _retrospective(ctx: Context, run: Run, past: PastRun) -> None:
    if past.published_at is None:
        return
    retro = Retrospective(run_id=run.id, state="published", drafted_at=past.finished_at)
    if past.is_skipped:
        retro.state, retro.skipped_at, retro.skipped_by = "skipped", past.published_at, run.owner_id
        ctx.store.add(retro)
        return
    retro.published_at, retro.published_by = past.published_at, run.owner_id
    ctx.store.add(retro)
    title = ctx.say("exchange", ctx.everybody())["retrospective"]
    section = ctx.store.add(
        RetroSection(
            run_id=run.id,
            position=1,
            kind="lesson",
            title=title,
            text=past.retrospective,
            by_hand=True,
            version=1,
            written_by=run.owner_id,
            written_at=past.published_at,
            published_at=past.published_at,
        )
    )
    ctx.store.add(
        RetroVersion(
            run_id=run.id,
            section_id=section.id,
            version=1,
            text=past.retrospective,
            by=run.owner_id,
            at=past.published_at,
        )
    )


def _amounts(ctx: Context, run: Run, past: PastRun, book: Playbook, history: History) -> None:
    by_title = {one.title: one for one in book.retrospective.metrics}
    for key, value in past.amounts.items():
        metric = by_title.get(history.metrics.get(key, ""))
        if metric is not None:
            amount = amount_in(metric.type, metric.currency, value)
            at = past.published_at or past.finished_at
            ctx.store.add(MetricValue(run_id=run.id, metric=metric.key, amount=amount, by=run.owner_id, noted_at=at))
