"""Commands: finding the one that is meant, and those that only answer."""

import re
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from handlers import permissions
from handlers.assignees import named
from handlers.context import Context
from handlers.effects import Answer, Button, Card, Content, Effect, Menu, Option, Refuse
from handlers.events import ButtonPressed, CommandGiven, MessageHeard
from handlers.nearest import nearest
from handlers.permission_table import Action
from handlers.views.card import card
from handlers.views.progress import progress
from handlers.who import known
from handlers.words import Safe, plain, shorten, zone
from store import Run

SHOWN = 20
"""How many runs or tasks one answer names."""

LONGEST_ARG = 400
"""How many characters of a command a menu carries; a post's room for all of them is small on older servers."""

WITH_RUN = frozenset(
    {
        *("brief", "delete", "finish", "follow", "info", "join", "leave", "movehere", "owner", "restart", "roles"),
        *("summary", "timeline", "unfollow"),
    }
)
"""Commands behind which a number is always a run's."""

_MENTION = re.compile(r"@([a-z0-9][a-z0-9._-]*[a-z0-9_-])", re.IGNORECASE)
_RUN = re.compile(r"#([0-9]{1,9})(?:\s+|$)")


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


def addressed(event: CommandGiven, ctx: Context) -> CommandGiven:
    """Take the number of the run that is meant, such as `#12`, from a command.

    It stands before the command, or behind its first word where it can be nothing else: a checklist has a number, too.
    """
    if match := _RUN.match(event.text.strip()):
        return replace(event, text=event.text.strip()[match.end() :], run_id=int(match[1]))
    word, words = split(event.text)
    match = _RUN.match(words)
    here = {run.id for run in ctx.store.runs_in(event.place.id)} if match and word not in WITH_RUN else set()
    if match and (word in WITH_RUN or (len(here) > 1 and int(match[1]) in here)):
        return replace(event, text=f"{word} {words[match.end() :]}".strip(), run_id=int(match[1]))
    return event


def run_here(
    event: CommandGiven, ctx: Context, action: Action = "change", *, even_finished: bool = False
) -> Run | Refuse | Answer:
    """Return the run that a command is about, or say why there is none that may be changed, or ask which is meant."""
    run = _meant(event, ctx)
    if not isinstance(run, Run):
        return run
    if (refusal := permissions.refusal(ctx, action, event.asker, run)) is not None:
        return refusal
    return run if run.is_active or even_finished else permissions.finished(ctx, run, event.asker)


def of_chosen_run(event: ButtonPressed, ctx: Context) -> CommandGiven:
    """Return the command that was asked about, now with the run that was chosen from the menu."""
    found = (ctx.store.person_named(name) for name in _MENTION.findall(event.arg))
    return CommandGiven(
        at=event.at,
        text=event.arg,
        asker=event.asker,
        place=event.place,
        trigger_id=event.trigger_id,
        named={one.username: known(one) for one in found if one is not None},
        run_id=int(event.choice) if event.choice.isdecimal() else 0,
    )


def _meant(event: CommandGiven, ctx: Context) -> Run | Refuse | Answer:
    if event.run_id:
        run = ctx.store.run(event.run_id)
        if run is not None and permissions.may_see(ctx, event.asker, run):
            return run
        said = ctx.say("command", number=event.run_id)
        return Refuse(title=said["no_such_run_title"], text=said["no_such_run"])
    runs = ctx.store.runs_in(event.place.id)
    active = [run for run in runs if run.is_active]
    if not runs:
        said = ctx.say("command", runs=_links(ctx, _visible(event, ctx)[:5]))
        return Refuse(title=said["no_run_title"], text=said["no_run"])
    return _which(event, active, ctx) if len(active) > 1 else runs[0]


def _which(event: CommandGiven, runs: Sequence[Run], ctx: Context) -> Answer:
    """Several runs are in progress here: ask which one is meant, in words and with a menu that gives the command."""
    said = ctx.say("command", runs=[{"number": run.id, "name": run.name} for run in runs[:SHOWN]], given=event.text)
    options = tuple(Option(f"{run.id} · {shorten(plain(run.name), 80)}", str(run.id)) for run in runs[:SHOWN])
    menu = Menu(said["which_run_menu"], "run.which", event.text, options)
    controls = (menu,) if len(event.text) <= LONGEST_ARG else ()
    return Answer(content=Content("", (Card(colour="amber", text=said["which_run"], controls=controls),)))


def unknown(event: CommandGiven, word: str, known: Sequence[str], ctx: Context) -> Iterator[Effect]:
    """A word that is no command: name the nearest."""
    said = ctx.say("command", word=word, nearest=Safe(nearest(word, known)))
    yield Refuse(title=said["unknown_title"], text=said["unknown"])


def list_(event: CommandGiven, ctx: Context) -> Iterator[Effect]:
    """`list`: the team's playbooks and its runs in progress."""
    runs = _visible(event, ctx)
    books = permissions.playbooks_for(ctx, event.asker, event.place.team_id)
    said = ctx.say("command", playbooks=books, runs=_links(ctx, runs[:SHOWN]), more=max(0, len(runs) - SHOWN))
    controls: list[Button | Menu] = [Button(said["list_start"], "run.ask", style="primary")] if books else []
    controls.append(Button(said["list_checklist"], "bare.ask"))
    if runs:
        options = tuple(Option(f"{one.id} · {shorten(plain(one.name), 80)}", str(one.id)) for one in runs[:SHOWN])
        controls.append(Menu(said["list_look"], "run.look", options=options))
    ways = (Card(controls=tuple(controls)),)
    yield Answer(content=Content(f"{said['list_playbooks']}\n\n{said['list_runs']}", ways))


def info(event: CommandGiven, ctx: Context) -> Iterator[Effect]:
    """`info`: how this channel's run stands, finished or not, and what is open."""
    run = run_here(event, ctx, "see", even_finished=True)
    if not isinstance(run, Run):
        yield run
        return
    looks = card(ctx, run)
    still_open = progress(ctx, run).open
    tasks = [
        {
            "number": Safe(one.number),
            "title": one.task.title,
            "assignees": named(ctx, run, one.task.assignees),
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
    return [run for run in runs if permissions.is_listed(ctx, event.asker, run)]


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
