"""When a person's own morning is, and planning the digest that comes then."""

from datetime import UTC, datetime, timedelta

from handlers.context import Context
from handlers.rules import jobs
from handlers.text.words import zone

HOUR = 8
"""The hour of a person's own clock at which a digest comes."""


def next_morning(ctx: Context, person_id: str) -> datetime:
    """Return the next time that a person's clock shows the hour of the digest."""
    person = ctx.store.person(person_id)
    local = ctx.now.astimezone(zone(person.timezone if person else ""))
    today = local.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    return (today if today > local else today + timedelta(days=1)).astimezone(UTC)


def today_of(ctx: Context, person_id: str) -> datetime:
    """Return the present time as a person's clock and calendar show it."""
    person = ctx.store.person(person_id)
    return ctx.now.astimezone(zone(person.timezone if person else ""))


def plan_digest(ctx: Context, person_id: str) -> None:
    """See to it that a digest is planned for somebody who now has something to do."""
    if person_id and ctx.store.planned_digest(person_id) is None:
        jobs.plan(ctx, "digest", person_id, next_morning(ctx, person_id))
