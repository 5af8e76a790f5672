"""The actions of a run's playbook in words: what each does, how it stands, why not, and what its condition found."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from handlers.context import Context
from handlers.playbooks.playbook import playbook_of
from handlers.rules.action_rows import action_of, guests_of, seen_rows
from handlers.rules.attributes import values_of
from handlers.rules.condition_words import said_condition
from handlers.rules.places import is_public
from handlers.rules.planned_actions import OCCASIONS
from handlers.text.words import Safe, escape, mention
from store import ActionRow, ActionState, Occasion, Run

ICONS: Mapping[ActionState, str] = {"waiting": "⏳", "done": "✅", "skipped": "⏭️", "failed": "❌"}
AGAIN_NOT = frozenset({"channel"})
"""What cannot be repeated."""


@dataclass(frozen=True, slots=True)
class ActionShown:
    """An action of a run, in words; `position` is the number that people call it by, `at` when it came to this.

    `heading` says when it is done, `stands` what became of it.
    """

    id: int
    position: int
    occasion: Occasion
    heading: str
    state: ActionState
    what: Safe
    stands: Safe
    condition: Safe
    at: datetime | None
    may_again: bool

    @property
    def occasion_at(self) -> int:
        """Return where its occasion stands among all."""
        return OCCASIONS.index(self.occasion)

    @property
    def icon(self) -> str:
        return ICONS[self.state]


def shown_actions(ctx: Context, run: Run) -> list[ActionShown]:
    """Return all actions of a run in words, in their order."""
    return [_shown(ctx, run, position, row) for position, row in enumerate(seen_rows(ctx, run), 1)]


def what_in_words(ctx: Context, run: Run, row: ActionRow) -> Safe:
    """Say what an action does, as what somebody is to do."""
    book, action = playbook_of(run.definition), action_of(row)
    channel = (action.channel if action is not None else book.channel.use) or ""
    shown = _shown_channel(ctx, run, channel)
    said = ctx.say(
        "why",
        channel=shown,
        category=book.channel.category or "",
        group=row.part,
        people=Safe(", ".join(mention(one[1:]) if one[0] == "@" else one for one in guests_of(row))),
        channels=Safe(", ".join(dict.fromkeys(_shown_channel(ctx, run, one) for one in book.updates.broadcast))),
        text=action.post if action is not None and shown == channel else "",
        command=(action.command if action is not None else "") or "",
        key=(action.run if action is not None else "") or "",
        made=row.made_run_id,
        hook=row.part,
        task=(action.task if action is not None else "") or "",
    )
    of_task = f" {said['of_task']}" if action is not None and action.task else ""
    return Safe(said[f"act_{row.kind}"] + of_task)


def _shown_channel(ctx: Context, run: Run, name: str) -> str:
    """Return a channel that a playbook names, as whoever sees the run may know of it: of a private one not its name."""
    known = ctx.store.place_named(run.team_id, name.removeprefix("~")) if name else None
    if known is None or known.id == run.channel_id or is_public(ctx, known.id):
        return name
    return str(ctx.say("why")["private_channel"])


def stands_in_words(ctx: Context, run: Run, row: ActionRow) -> Safe:
    """Say how an action stands: when it was done or left, by whose act, and why."""
    said = ctx.say(
        "why",
        at=row.settled_at or row.caused_at,
        caused=row.caused_at is not None,
        offered=row.kind == "command" and row.message_id is not None,
        who=ctx.username(row.by_id) if row.by_id else "",
        times=row.times,
        why=Safe(why_in_words(ctx, run, row)),
    )
    return Safe(said[f"state_{row.state}"])


def why_in_words(ctx: Context, run: Run, row: ActionRow) -> Safe:
    """Say why an action was skipped or failed, or what of it was; nothing where all went well."""
    if not row.why:
        return Safe("")
    trouble = ctx.say("do", unfit=[])[f"trouble_{row.about}"] if row.why == "not_run" else ""
    said = ctx.say("why", about=row.about, condition=condition_of_action(ctx, run, row), trouble=Safe(trouble))
    why = said[f"why_{row.why}"]
    return Safe(
        f"{escape(row.about)}: {why}" if row.kind == "broadcast" and row.about and row.why != "no_place" else why
    )


def condition_of_action(ctx: Context, run: Run, row: ActionRow) -> Safe:
    """Return the condition of an action as a clause, with the values that it found, or finds now; empty without one."""
    action = action_of(row)
    if action is None or action.when is None:
        return Safe("")
    found = {name: tuple(each) for name, each in row.values.items()} if row.begun_at else values_of(ctx, run)
    return said_condition(ctx, action.when, found)


def _shown(ctx: Context, run: Run, position: int, row: ActionRow) -> ActionShown:
    return ActionShown(
        id=row.id or 0,
        position=position,
        occasion=row.occasion,
        heading=ctx.say("why")[f"on_{row.occasion}"],
        state=row.state,
        what=what_in_words(ctx, run, row),
        stands=stands_in_words(ctx, run, row),
        condition=Safe("") if row.why == "not_met" else condition_of_action(ctx, run, row),
        at=row.settled_at or row.caused_at,
        may_again=row.kind not in AGAIN_NOT and row.caused_at is not None and not row.is_under_way,
    )
