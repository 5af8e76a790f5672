"""What a playbook plans to do by itself, as a new row for each action: its `actions`, and what its other keys say."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from handlers.playbooks.actions import Action
from handlers.playbooks.playbook import Playbook, playbook_of
from handlers.playbooks.webhooks import WebhookEvent
from store import ActionKind, ActionRow, Occasion, Run

GROUP = "group:"
OCCASIONS: tuple[Occasion, ...] = ("start", "update", "task", "finish", "restart", "retrospective")
"""What actions follow, in the order in which people see them."""

EVENTS: Mapping[Occasion, WebhookEvent] = {
    "start": "run.started",
    "update": "run.updated",
    "task": "task.done",
    "finish": "run.finished",
    "restart": "run.restarted",
    "retrospective": "retrospective.published",
}
"""What webhooks call each of them."""


def planned_rows(run: Run) -> list[ActionRow]:
    """Return a new row for each action that a run's playbook plans, those of one occasion in their order."""
    book = playbook_of(run.definition)
    return in_order(
        [*_of_keys(run, book), *(row for at, one in enumerate(book.actions, 1) for row in _of_action(run, at, one))]
    )


def in_order(rows: Sequence[ActionRow]) -> list[ActionRow]:
    """Return rows by their occasions, and of one occasion as they came: what a newer version brings comes last."""
    return sorted(rows, key=lambda row: OCCASIONS.index(row.occasion))


def _of_keys(run: Run, book: Playbook) -> Iterator[ActionRow]:
    yield _row(run, "channel", "channel")
    if book.channel.header:
        yield _row(run, "header", "header")
    if book.channel.category:
        yield _row(run, "category", "category")
    yield from _invited(run, "invite", book.invite)
    if book.welcome:
        yield _row(run, "welcome", "welcome")
    for on in broadcast_on(book):
        yield _row(run, f"broadcast:{on}", "broadcast", on)
    for hook in book.webhooks:
        for on, event in EVENTS.items():
            if hook.hears(event):
                yield _row(run, f"webhook:{hook.name}:{on}", "webhook", on, part=hook.name)


def broadcast_on(book: Playbook) -> Iterator[Occasion]:
    """Yield what the channels that a playbook names for its updates are told of."""
    told = book.updates
    flags: dict[Occasion, bool] = {
        "start": told.broadcast_start,
        "update": told.broadcast_update,
        "finish": told.broadcast_finish,
        "restart": told.broadcast_restart,
        "retrospective": told.broadcast_retrospective,
    }
    yield from (on for on, is_told in flags.items() if is_told and told.broadcast)


def _of_action(run: Run, number: int, action: Action) -> Iterator[ActionRow]:
    key, says = f"action:{number}", action.model_dump(mode="json", exclude_defaults=True)
    if action.invite:
        yield from _invited(run, key, action.invite, action.on, says)
        return
    kinds: dict[ActionKind, object] = {
        "post": action.post,
        "command": action.command,
        "run": action.run,
        "webhook": action.webhook,
    }
    kind = next(kind for kind, said in kinds.items() if said)
    yield _row(run, key, kind, action.on, action.webhook or "", says)


def _invited(
    run: Run, key: str, guests: Sequence[str], on: Occasion = "start", says: Mapping[str, Any] | None = None
) -> Iterator[ActionRow]:
    """Yield a row for the people and roles, and one for each group: the server may know no groups."""
    says = says or {"invite": list(guests)}
    groups = [one.removeprefix(GROUP) for one in guests if one.startswith(GROUP)]
    if len(groups) < len(guests):
        yield _row(run, key, "invite", on, says=says)
    for group in groups:
        yield _row(run, f"{key}:{group}", "invite", on, group, says)


def _row(
    run: Run,
    key: str,
    kind: ActionKind,
    on: Occasion = "start",
    part: str = "",
    says: Mapping[str, Any] | None = None,
) -> ActionRow:
    return ActionRow(run_id=run.id, key=key, kind=kind, occasion=on, part=part, says=dict(says or {}))
