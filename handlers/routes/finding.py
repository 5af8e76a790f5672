"""Finding the command that is meant, and the run that it is about."""

import re
from collections.abc import Mapping, Sequence
from typing import NoReturn, assert_never

from msgspec.structs import replace

from handlers.context import Context, known_person
from handlers.effects import Answer
from handlers.events import CommandGiven, MessageHeard, Press
from handlers.payloads import KeptCommand, KeptList
from handlers.routes.rows import Command
from handlers.rules import permissions, places
from handlers.rules.admission import require_open
from handlers.rules.permission_table import Action
from handlers.rules.run_named import is_number, leading_run
from handlers.rules.run_named import run_id as run_id_of
from handlers.text.arguments import first_word
from handlers.text.nearest import nearest
from handlers.text.plain_forms import bare, plainly
from handlers.text.words import Safe
from handlers.views.run_lists import in_progress, linked, which_run
from store import Run

LONGEST_KEPT = 4000
"""How many characters of a command are kept until somebody says which run it is about."""

KEPT = "q:"
"""What stands before the key of a command that is kept."""

_MENTION = re.compile(r"[@＠]([a-z0-9][a-z0-9._-]*[a-z0-9_-])", re.IGNORECASE)


def split(text: str) -> tuple[str, str]:
    """Return a command's first word, small and plain, and the rest."""
    word, words = first_word(text)
    return bare(word).casefold().lstrip("/"), words


def without_call(text: str, ctx: Context) -> str:
    """Return a command without what calls the bot, `/playbook` or `@muster`, wherever it was said."""
    calls = (f"/{ctx.here.trigger}", f"@{ctx.here.bot.username}")
    for _ in calls:
        word, words = first_word(text)
        text = words if bare(word).casefold() in calls else text
    return text.strip()


def from_message(event: MessageHeard) -> CommandGiven:
    """Read a message to the bot as a command; no dialog can be opened for it."""
    return CommandGiven(
        at=event.at,
        text=event.command or "",
        asker=event.author,
        place=event.place,
        post_id=event.post_id,
        root_id=event.root_id,
        named=event.named,
        files=event.files,
    )


def addressed(event: CommandGiven, words: Mapping[str, Command], ctx: Context) -> CommandGiven:
    """Take the number of the run that is meant, such as `#12` or `INC-0042`, from a command, and what calls the bot.

    It stands before the command, or behind it where its row says so. A checklist, and an entry of a timeline, has a
    number, too.
    """
    text = without_call(event.text, ctx)
    run_id, rest = leading_run(ctx, text)
    if not run_id:
        word, said = split(text)
        row = words.get(word)
        run_id, rest = _number_behind(event, row, said, ctx) if row is not None else (0, "")
        rest = f"{word} {rest}".strip()
    return replace(event, text=rest if run_id else text, run_id=run_id or event.run_id)


def _number_behind(event: CommandGiven, row: Command, words: str, ctx: Context) -> tuple[int, str]:
    """Return the number of a run that stands in a command's words, and the other words; 0 where none does."""
    run_id, rest = leading_run(ctx, words)
    match row.numbered:
        case "nowhere":
            return 0, ""
        case "of here" | "of several":
            here = {run.id for run in runs_of(event, ctx)} if run_id else set()
            is_it = run_id in here and (len(here) > 1 or row.numbered == "of here")
            return (run_id, rest) if is_it or not here else (0, "")
        case "first":
            return run_id, rest
        case "around" if run_id:
            return run_id, rest
        case "around":
            return (run_id_of(ctx, words), "") if row.alone else _last_number(event, row, words, ctx)
        case _:
            assert_never(row.numbered)


def _last_number(event: CommandGiven, row: Command, words: str, ctx: Context) -> tuple[int, str]:
    *before, last = words.split() or [""]
    if not is_number(last) or len(before) < row.own:
        return 0, ""
    titles = (task.title for run in ctx.store.runs_in(event.place.id) for task in ctx.store.tasks(run.id))
    is_of_a_title = any(plainly(last) in plainly(title) for title in titles)
    return (0, "") if is_of_a_title else (run_id_of(ctx, last), words.strip().removesuffix(last).strip())


def run_here(
    event: CommandGiven,
    ctx: Context,
    action: Action = "change",
    *,
    even_finished: bool = False,
    follow_ups: bool = False,
) -> Run | Answer:
    """Return the run that a command is about, or ask which is meant. Raises `Refused` where none may be changed."""
    run = _meant(event, ctx, even_finished=even_finished)
    if not isinstance(run, Run):
        return run
    permissions.require(ctx, action, event.asker, run, event.place.id)
    require_open(ctx, run, event.asker, even_finished=even_finished, follow_ups=follow_ups)
    return run


def of_chosen_run(event: Press[KeptCommand], ctx: Context) -> CommandGiven:
    """Return the command that was asked about, now with the run that was chosen from the menu.

    A menu of an older version carries the command itself.
    """
    asked = event.payload.asked
    text = ctx.store.question(asked.removeprefix(KEPT)) if asked.startswith(KEPT) else asked
    if text is None:
        raise permissions.gone(ctx)
    found = (ctx.store.person_named(name) for name in _MENTION.findall(text))
    return CommandGiven(
        at=event.at,
        text=text,
        asker=event.asker,
        place=event.place,
        trigger_id=event.trigger_id,
        named={one.username: known_person(one) for one in found if one is not None},
        run_id=event.payload.run_id or 0,
    )


def of_chosen_place(event: Press[KeptList], ctx: Context) -> CommandGiven:
    """Return the command that makes the checklist that was asked about: in the run that was chosen, or of its own."""
    words = ctx.store.question(event.payload.key)
    if words is None:
        raise permissions.gone(ctx)
    verb = "add" if event.payload.run_id else "new"
    return CommandGiven(
        at=event.at,
        text=f"checklist {verb} {words}",
        asker=event.asker,
        place=event.place,
        trigger_id=event.trigger_id,
        run_id=event.payload.run_id,
    )


def runs_of(event: CommandGiven, ctx: Context) -> Sequence[Run]:
    """Return the runs that a command may be about: those of its channel, in a direct message to the bot one's own."""
    here = ctx.store.runs_in(event.place.id)
    if not places.is_with_bot(ctx, event.place):
        return here
    mine = (
        run for run in ctx.store.runs_of(event.asker.id, by_role=True) if permissions.may_see(ctx, event.asker, run)
    )
    return list({run.id: run for run in (*here, *mine)}.values())


def _meant(event: CommandGiven, ctx: Context, *, even_finished: bool) -> Run | Answer:
    if event.run_id:
        run = ctx.store.run(event.run_id)
        if run is not None and permissions.may_see(ctx, event.asker, run):
            return run
        raise ctx.refused("command", "no_such_run", number=event.run_id)
    runs, is_direct = runs_of(event, ctx), places.is_with_bot(ctx, event.place)
    if not runs:
        seen = linked(ctx, in_progress(ctx, event.asker, event.place.team_id)[:5])
        raise ctx.refused("command", "no_run_of_yours" if is_direct else "no_run", "no_run", runs=seen)
    active = [run for run in runs if run.is_active]
    found = _own(event, runs, active) if is_direct else _likely(runs, active, even_finished=even_finished)
    return _which(event, found, ctx) if len(found) > 1 else found[0]


def _own(event: CommandGiven, runs: Sequence[Run], active: Sequence[Run]) -> Sequence[Run]:
    """Return which of somebody's runs a command in a direct message can be about: the one that lives there, if any."""
    lives_here = [run for run in active if run.channel_id == event.place.id]
    return lives_here if len(lives_here) == 1 else active or runs[:1]


def _likely(runs: Sequence[Run], active: Sequence[Run], *, even_finished: bool) -> Sequence[Run]:
    """Return which of a channel's runs a command can be about that names none.

    A bare checklist beside the run of a playbook is never meant by itself. Where that run is over, and the channel was
    opened for it, what can be about a finished one asks.
    """
    of_books = [run for run in active if run.playbook_id is not None]
    if of_books:
        return active if len(of_books) > 1 else of_books
    whose = [run for run in runs if run.own_channel and even_finished][:1]
    return [*active, *whose] if active else runs[:1]


def _which(event: CommandGiven, runs: Sequence[Run], ctx: Context) -> Answer:
    """Several runs are in progress here: ask which one is meant, in words and with a menu that gives the command."""
    key = ctx.store.keep_question(event.text, ctx.now) if len(event.text) <= LONGEST_KEPT and ctx.here.buttons else ""
    kept, is_direct = KeptCommand(f"{KEPT}{key}") if key else None, places.is_with_bot(ctx, event.place)
    return Answer(content=which_run(ctx, runs, event.text, kept, direct=is_direct))


def unknown(event: CommandGiven, word: str, known: Sequence[str], ctx: Context) -> NoReturn:
    """A word that is no command: raise `Refused` and name the nearest, or say what a file that came with it is for."""
    if event.files:
        raise ctx.refused("command", "file_alone")
    raise ctx.refused("command", "unknown", word=word, nearest=Safe(nearest(word, known)))
