"""Where a new run begins to live: in a channel of its own, in the one where it was wished for, or in a named one."""

from collections.abc import Iterator

from handlers.arriving import arrive
from handlers.context import Context
from handlers.effects import Content, Effect, Refuse, Tell
from handlers.events import Place
from handlers.opening import open_channel
from store import Run


def begin(ctx: Context, run: Run, here: Place | None = None) -> Iterator[Effect]:
    """Let a run live in the channel where it was wished for, in the one that its playbook names, or in a new one."""
    name = run.definition["channel"].get("use")
    used = _known_place(ctx, run.team_id, name.removeprefix("~")) if name and here is None else None
    place = here or used
    if place is None:
        if name:
            told = ctx.say("start", name=run.name, channel=name)["not_used"]
            yield Tell(person_id=run.creator_id, content=Content(told))
        yield from open_channel(ctx, run)
        return
    run.own_channel = False
    visibility = "public" if place.kind == "O" else "private"
    run.definition = run.definition | {"channel": run.definition["channel"] | {"visibility": visibility}}
    yield from arrive(ctx, run, place)


def _known_place(ctx: Context, team_id: str, name: str) -> Place | None:
    known = ctx.store.place_named(team_id, name)
    if known is None or not known.is_member:
        return None
    return Place(id=known.id, team_id=team_id, kind="P" if known.kind == "P" else "O", name=name, title=known.title)


def not_here(ctx: Context) -> Refuse:
    """Say that the bot has to be in a channel where a run is to live."""
    said = ctx.say("start")
    return Refuse(title=said["not_here_title"], text=said["not_here"])


def starting(ctx: Context, run: Run) -> Content:
    """Say that a run starts."""
    said = ctx.say("start", name=run.name, playbook=run.definition["title"], number=run.id)
    return Content(said["answer_here" if run.channel_id is not None else "answer"])
