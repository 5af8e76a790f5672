"""Who owns a run: shown, or changed at once."""

from handlers.context import Context
from handlers.effects import Effects
from handlers.events import CommandGiven
from handlers.operations.change_owner import change_owner
from handlers.rules import people_named
from store import Run


def by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`owner` shows, `owner @bob` changes."""
    person, _ = people_named.leading(event, words, ctx)
    block, before = "owner", ""
    if person is not None:
        done = yield from change_owner(ctx, run, person, event.asker)
        block, before = "owner_changed" if done.is_new else "owner_before", ctx.username(done.before_id)
    owner = ctx.username(run.owner_id)
    yield ctx.answer("members", block, run=run, link=ctx.run_link(run), owner=owner, before=before)
