"""How much one person may begin within a while, so that nobody else waits for it and no team drowns in channels."""

from datetime import timedelta

from handlers.context import Context
from handlers.events import Person

WITHIN = timedelta(minutes=10)
QUESTIONS = 30
"""How often one author's messages are asked about within that time; a storm of alerts needs one run, not hundreds."""
OFFERED = 30
"""How many playbooks one message is asked about; a menu of more is of no use to anybody."""


def require_start(ctx: Context, asker: Person) -> None:
    """Raise `Refused` where somebody cannot start another run or checklist yet."""
    most = ctx.here.starts
    last = ctx.store.last_starts(asker.id, ctx.now - WITHIN, most) if most else ()
    if most and len(last) >= most:
        raise ctx.refused("pace", "starts", starts=most, within=WITHIN.total_seconds(), until=last[-1] + WITHIN)


def asked_too_often(ctx: Context, author: Person) -> str | None:
    """Return what to say where an author is asked no more for a while, empty if it was said; None if they may be."""
    last = ctx.store.last_questions(author.id, ctx.now - WITHIN, QUESTIONS)
    if len(last) < QUESTIONS:
        return None
    until = last[-1] + WITHIN
    if not ctx.store.once(f"pace:{author.id}:{until:%Y-%m-%dT%H:%M:%S.%f}", ctx.now):
        return ""
    said = ctx.say(
        "pace",
        ctx.everybody(author.timezone),
        who=author.username,
        most=QUESTIONS,
        within=WITHIN.total_seconds(),
        until=until,
    )
    return said["questions"]
