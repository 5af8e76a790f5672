"""All that the figures of a run are made of, as it stands in the store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from handlers.context import Context
from handlers.playbooks.milestones import TASK, is_task, task_title, titled
from handlers.playbooks.playbook import Playbook, playbook_of
from handlers.rules.attributes import variables_of
from store import Job, MetricValue, Milestone, Moment, Run, Task

_NO_ACTS = frozenset({"channel_closed", "joined", "left", "opening_failed", "turned"})
"""What a timeline tells that need not be anybody's doing: the server, too, lets people come and go."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Somebody owned the run from then on."""

    since: datetime
    person_id: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that the figures of a run are made of.

    `moments` are the whole timeline by time, what was taken out of it included. `tasks` are those that stand, each with
    the title of its checklist, follow-ups aside. `people` are all who ever took part. `keyword_by` wrote the message
    that the run began with, at `keyword_at`. `owners` are in their order, at least one.
    """

    run: Run
    book: Playbook
    now: datetime
    moments: Sequence[Moment]
    tasks: Sequence[tuple[Task, str]]
    people: Sequence[str]
    said: Sequence[Milestone]
    values: Sequence[MetricValue]
    update_jobs: Sequence[Job]
    owners: Sequence[Owner]
    keyword_at: datetime | None = None
    keyword_by: str = ""
    published_at: datetime | None = None
    published_by: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)

    def of(self, kind: str) -> list[Moment]:
        """Return the entries of a kind, those that were taken out of the timeline included."""
        return [one for one in self.moments if one.kind == kind]

    @property
    def acts(self) -> list[tuple[datetime, str]]:
        """Return who did something when; a message that somebody pinned is not the act of who wrote it."""
        found = [(one.at, _actor(one)) for one in self.moments if one.kind not in _NO_ACTS and one.kind != "pinned"]
        return [(at, person_id) for at, person_id in found if person_id]


def evidence_of(ctx: Context, run: Run) -> Evidence:
    """Return what the figures of a run are made of; the run is held."""
    ctx.store.write()
    moments = ctx.store.moments(run.id)
    # What is still to be done afterwards is no part of how the run went.
    lists = {one.id: one.title for one in ctx.store.checklists(run.id) if one.kind != "follow_ups"}
    said_first = sorted(ctx.store.prompts_of(run.id), key=lambda one: one.said_at or one.created_at)
    book, retrospective = playbook_of(run.definition), ctx.store.retrospective(run.id)
    return Evidence(
        run=run,
        book=book,
        now=ctx.now,
        moments=moments,
        tasks=[(one, lists[one.checklist_id]) for one in ctx.store.tasks(run.id) if one.checklist_id in lists],
        people=[one.person_id for one in ctx.store.participants(run.id)],
        said=ctx.store.milestones(run.id),
        values=ctx.store.metric_values(run.id),
        update_jobs=ctx.store.update_jobs(run.id),
        owners=_owners(ctx, run, book, [one for one in moments if one.kind == "owner_changed"]),
        keyword_at=(said_first[0].said_at or said_first[0].created_at) if said_first else None,
        keyword_by=said_first[0].author_id if said_first else "",
        published_at=retrospective.published_at if retrospective is not None else None,
        published_by=retrospective.published_by if retrospective is not None else "",
        variables=variables_of(ctx, run),
    )


def _actor(moment: Moment) -> str:
    return str(moment.details.get("by") or moment.person_id)


def _owners(ctx: Context, run: Run, book: Playbook, changes: Sequence[Moment]) -> list[Owner]:
    """Return who owned a run when; of before changes were noted with ids, people are known by their names."""
    if not changes:
        return [Owner(run.created_at, run.owner_id)]
    first = str(changes[0].details.get("before", "")) or _person(ctx, book.owner) or run.creator_id
    later = [Owner(one.at, str(one.details.get("to", "")) or _person(ctx, one.subject)) for one in changes]
    return [Owner(run.created_at, first), *later]


def _person(ctx: Context, name: str) -> str:
    """Return the id of who is called "@name", empty where nobody known is."""
    found = ctx.store.person_named(name.removeprefix("@")) if name.startswith("@") else None
    return found.id if found is not None else ""


def of_book(book: Playbook, name: str) -> str:
    """Return a milestone's name, of a task with the title as the playbook writes it."""
    return f"{TASK}{titled(task_title(name), book.task_titles) or task_title(name)}" if is_task(name) else name


def planned_titles(book: Playbook) -> Mapping[int, str]:
    """Return the titles of a playbook's tasks by their numbers, as a run's tasks have them in `planned`."""
    return dict(enumerate(book.task_titles, 1))
