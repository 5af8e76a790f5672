"""What a webhook says: type, time and a small account of the run, as `docs/webhook.schema.json` tells."""

from datetime import datetime
from typing import Any, Literal

import msgspec

from handlers.context import Context
from handlers.playbooks.webhooks import WebhookEvent
from handlers.rules.progress import progress
from store import PlaybookRow, Run, Task

AnyWebhookEvent = WebhookEvent | Literal["webhook.test"]
TEXT_LIMIT = 3000


class RunSaid(msgspec.Struct, frozen=True, kw_only=True):
    """A run: `number` is what commands know it by, `id` as people read it, such as INC-0042."""

    number: int
    id: str
    name: str
    state: Literal["opening", "active", "finished"]
    playbook: str
    team: str
    owner: str
    creator: str
    started_at: datetime
    finished_at: datetime | None
    url: str
    tasks_done: int
    tasks: int


class UpdateSaid(msgspec.Struct, frozen=True, kw_only=True):
    """A status update: the how many-th it is, what it says, and when the next one is due."""

    number: int
    text: str
    next_due_at: datetime | None


class TaskSaid(msgspec.Struct, frozen=True, kw_only=True):
    """A task that was done, by its number such as 2.3."""

    number: str
    title: str


class DataSaid(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What happened to a run, and who did it by user name; what it is not about is left out."""

    run: RunSaid | None = None
    by: str = ""
    playbook: str = ""
    outcome: str = ""
    update: UpdateSaid | None = None
    task: TaskSaid | None = None
    summary: str = ""


class WebhookBody(msgspec.Struct, frozen=True, kw_only=True):
    """All that is sent: what happened, when (UTC), and to what."""

    type: AnyWebhookEvent
    timestamp: datetime
    data: DataSaid


def body_of(ctx: Context, run: Run, what: WebhookEvent, by_id: str, task: Task | None) -> str:
    """Return what happened to a run as JSON."""
    ends = [one for one in ctx.store.moments(run.id) if one.kind == "finished"] if what == "run.finished" else []
    published = ctx.store.retrospective(run.id) if what == "retrospective.published" else None
    data = DataSaid(
        run=_run(ctx, run),
        by=ctx.username(by_id) if by_id else "",
        outcome=ends[-1].subject if ends else "",
        update=_update(run) if what == "run.updated" else None,
        task=_task(ctx, run, task) if task is not None else None,
        summary=published.lead[:TEXT_LIMIT] if published is not None else "",
    )
    return _written(what, ctx.now, data)


def test_body(ctx: Context, row: PlaybookRow, by: str) -> str:
    """Return what an address is sent to be tried."""
    return _written("webhook.test", ctx.now, DataSaid(playbook=row.key, by=by))


def schema() -> dict[str, Any]:
    """Return the JSON schema of what is sent."""
    return msgspec.json.schema(WebhookBody)


def _written(what: AnyWebhookEvent, now: datetime, data: DataSaid) -> str:
    return msgspec.json.encode(WebhookBody(type=what, timestamp=now, data=data)).decode()


def _run(ctx: Context, run: Run) -> RunSaid:
    team, row = ctx.store.team(run.team_id), ctx.store.playbook(run.playbook_id) if run.playbook_id else None
    tasks = progress(ctx, run).tasks
    return RunSaid(
        number=run.id,
        id=f"{run.prefix}-{run.sequence:04}" if run.prefix and run.sequence else str(run.id),
        name=run.name,
        state=run.state,
        playbook=row.key if row is not None else "",
        team=team.name if team is not None else "",
        owner=ctx.username(run.owner_id),
        creator=ctx.username(run.creator_id),
        started_at=run.created_at,
        finished_at=run.finished_at,
        url=str(ctx.page_link(f"/runs/{run.id}") or ctx.run_link(run)),
        tasks_done=sum(one.task.state == "done" for one in tasks),
        tasks=len(tasks),
    )


def _update(run: Run) -> UpdateSaid:
    return UpdateSaid(number=run.updates, text=run.last_update_text[:TEXT_LIMIT], next_due_at=run.update_due_at)


def _task(ctx: Context, run: Run, task: Task) -> TaskSaid | None:
    one = progress(ctx, run).by_id.get(task.id)
    return TaskSaid(number=one.number, title=task.title) if one is not None else None
