"""Commands: finding the one that is meant, and those that only answer."""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from handlers import permissions
from handlers.assignees import named
from handlers.context import Context
from handlers.effects import Answer, Content, Effect, Refuse
from handlers.events import CommandGiven, MessageHeard
from handlers.nearest import nearest
from handlers.views.card import card
from handlers.views.progress import progress
from handlers.words import Safe, zone
from store import Run

SHOWN = 20
"""How many runs or tasks one answer names."""


def split(text: str) -> tuple[str, str]:
    """Return a command's first word, small, and the rest."""
    word, *rest = text.split(maxsplit=1) or [""]
    return word.casefold().lstrip("/"), "".join(rest).strip()


def from_message(event: MessageHeard) -> CommandGiven:
    """Read a message to the bot as a command; no dialog can be opened for it."""
    return CommandGiven(
        at=event.at,
        text=event.command or "",
        asker=event.author,
        place=event.place,
        root_id=event.root_id,
        named=event.named,
    )


def run_here(event: CommandGiven, ctx: Context) -> Run | Refuse:
    """Return the run that a command in this channel is about, or say why there is none to change."""
    runs = ctx.store.runs_in(event.place.id)
    if not runs:
        said = ctx.say("command", runs=_links(ctx, _visible(event, ctx)[:5]))
        return Refuse(title=said["no_run_title"], text=said["no_run"])
    run = runs[0]
    if not permissions.may_work(ctx, event.asker, run):
        return permissions.not_yours(ctx, run)
    return run if run.is_active else permissions.finished(ctx, run, event.asker)


def help_(event: CommandGiven, ctx: Context) -> Iterator[Effect]:
    """`help`, and an empty command."""
    yield Answer(content=Content(ctx.say("command")["help"]))


def unknown(event: CommandGiven, word: str, known: Sequence[str], ctx: Context) -> Iterator[Effect]:
    """A word that is no command: name the nearest."""
    said = ctx.say("command", word=word, nearest=Safe(nearest(word, known)))
    yield Refuse(title=said["unknown_title"], text=said["unknown"])


def list_(event: CommandGiven, ctx: Context) -> Iterator[Effect]:
    """`list`: the team's playbooks and its runs in progress."""
    runs = _visible(event, ctx)
    books = ctx.playbooks_in(event.place.team_id)
    said = ctx.say("command", playbooks=books, runs=_links(ctx, runs[:SHOWN]), more=max(0, len(runs) - SHOWN))
    yield Answer(content=Content(f"{said['list_playbooks']}\n\n{said['list_runs']}"))


def info(event: CommandGiven, ctx: Context) -> Iterator[Effect]:
    """`info`: how this channel's run stands, finished or not, and what is open."""
    runs = ctx.store.runs_in(event.place.id)
    if not runs:
        found = run_here(event, ctx)
        assert isinstance(found, Refuse)
        yield found
        return
    looks = card(ctx, runs[0])
    still_open = progress(ctx, runs[0]).open
    tasks = [
        {
            "number": Safe(one.number),
            "title": one.task.title,
            "assignees": named(ctx, runs[0], one.task.assignees),
            "due_at": one.task.due_at,
        }
        for one in still_open[:SHOWN]
    ]
    where = zone(event.asker.timezone)
    said = ctx.say("command", tasks=tasks, more=max(0, len(still_open) - SHOWN), zone=where)
    shown = tuple(replace(one, controls=()) for one in looks.cards)
    yield Answer(content=Content(said["info_open"], shown))


def _visible(event: CommandGiven, ctx: Context) -> list[Run]:
    runs = ctx.store.active_runs(event.place.team_id)
    return [run for run in runs if permissions.may_see(ctx, event.asker, run)]


def _links(ctx: Context, runs: Sequence[Run]) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for run in runs:
        standing = progress(ctx, run)
        found.append(
            {
                "name": run.name,
                "link": ctx.run_link(run),
                "number": run.id,
                "owner": ctx.username(run.owner_id),
                "done": standing.done,
                "total": standing.total,
                "late": run.is_update_late(ctx.now),
            }
        )
    return found
