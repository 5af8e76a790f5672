"""The weekly summary of a playbook: the figures of the last seven days, in the channel that it names."""

from collections.abc import Iterator

from handlers.context import Context
from handlers.effects import Effect, PostInsights
from handlers.figures.many_runs import today_of
from handlers.figures.weekly import plan_weekly
from handlers.rules.run_request import stored
from handlers.text.periods import DAY
from handlers.text.readers import UTC
from store import Job, KnownPlace, Message, PlaybookRow


def summary_due(job: Job, ctx: Context) -> Iterator[Effect]:
    """Have the summary posted in each team's channel of that name, and plan the next one."""
    row = ctx.store.playbook(int(job.subject_id))
    if row is None or row.archived_at is not None:
        return
    ctx.store.write()
    book = stored(ctx, row)
    plan_weekly(ctx.store, row, book, ctx.now)
    if book.insights is None:
        return
    # The day on which it comes has only begun.
    last = today_of(ctx, row, UTC) - DAY
    for place in _places(ctx, row, book.insights.channel):
        message = ctx.store.add(Message(kind="insights", place_id=place.id))
        yield PostInsights(
            message_id=message.id,
            place_id=place.id,
            playbook_id=row.id,
            first=(last - 6 * DAY).isoformat(),
            last=last.isoformat(),
            weekly=True,
        )


def _places(ctx: Context, row: PlaybookRow, name: str) -> Iterator[KnownPlace]:
    for team in ctx.store.teams():
        if (not row.teams or team.name in row.teams) and (not ctx.here.teams or team.name in ctx.here.teams):
            place = ctx.store.place_named(team.id, name.removeprefix("~"))
            if place is not None:
                yield place
