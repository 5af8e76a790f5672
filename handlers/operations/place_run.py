"""Where a new run begins to live: in a channel of its own, in the one where it was wished for, or in a named one."""

from collections.abc import Iterator

from handlers.context import Context
from handlers.effects import Effect
from handlers.events import Place
from handlers.operations.create_run import open_channel
from handlers.operations.enter_channel import arrive, found_place
from handlers.rules.places import began_in_private
from handlers.views.keep import in_words
from store import KnownPlace, Run


def begin(ctx: Context, run: Run, here: Place | None = None) -> Iterator[Effect]:
    """Let a run live in the channel where it was wished for, in the one that its playbook names, or in a new one.

    What began with a message in a private channel does not come into a public one that the playbook names, unless the
    playbook lets private runs be told there.
    """
    name = run.definition["channel"].get("use")
    if here is None and name:
        known = ctx.store.place_named(run.team_id, name.removeprefix("~"))
        block = _why_not(ctx, run, known)
        if known is not None and not block:
            here = found_place(known)
        else:
            yield in_words(ctx, run.creator_id, ctx.say("start", name=run.name, channel=name), block)
    if here is None:
        yield from open_channel(ctx, run)
        return
    run.own_channel = False
    yield from arrive(ctx, run, here)


def _why_not(ctx: Context, run: Run, known: KnownPlace | None) -> str:
    if known is None or not known.is_member:
        return "not_used"
    is_allowed = known.kind == "P" or run.definition["updates"].get("broadcast_private")
    return "" if is_allowed or not began_in_private(ctx, run) else "not_used_private"
