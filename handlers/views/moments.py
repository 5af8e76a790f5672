"""The words for what a run's timeline holds."""

from collections.abc import Sequence
from typing import get_args

from handlers.context import Context
from handlers.rules.places import is_public
from handlers.text.words import Safe, shorten
from store import Moment, MomentKind, Run

_KNOWN = frozenset(get_args(MomentKind))
"""The kinds that this program can word; all others were noted by a newer one."""

SUBJECT_LIMIT = 80


def moment_line(ctx: Context, moment: Moment) -> Safe:
    """Return when something happened, who did it and what it was, as one line."""
    said = ctx.say(
        "moment",
        at=moment.at,
        who=ctx.username(moment.person_id) if moment.person_id else "",
        subject=shorten(moment_subject(ctx, moment), SUBJECT_LIMIT),
        what=moment.kind.replace("_", " "),
    )
    return Safe(f"{said['time']} {said[f'kind_{moment.kind}' if moment.kind in _KNOWN else 'kind_other']}")


def moment_subject(ctx: Context, moment: Moment) -> str:
    """Return what something was about; of channels that a run came to, private ones are not named."""
    if moment.kind != "moved":
        return moment.subject
    run = ctx.store.run(moment.run_id)
    if run is None:
        return ""
    place = ctx.store.place(moment.subject) or ctx.store.place_named(run.team_id, moment.subject.removeprefix("~"))
    shown = place is not None and (place.id == run.channel_id or is_public(ctx, place.id))
    return f"~{place.name}" if place is not None and shown else ctx.say("moment")["private_place"]


def moment_name(ctx: Context, moment: Moment) -> str:
    """Return what a menu calls something that happened: what it was about, or what it was."""
    said = ctx.say("moment", subject=Safe(moment.subject))
    name = f"name_{moment.kind}"
    return said[name] if name in said else moment_subject(ctx, moment) or moment.kind.replace("_", " ")


def last_moments(ctx: Context, run: Run, count: int) -> Sequence[Moment]:
    """Return what happened last in a run, oldest first, leaving out who came and went."""
    found = [one for one in ctx.store.moments(run.id) if one.removed_at is None and one.kind not in ("joined", "left")]
    return found[-count:]
