"""Starting a run by command: the playbook that is named, here or in a channel of its own, or a dialog that asks."""

import re
from collections.abc import Sequence

from handlers.context import Context
from handlers.effects import Answer, Effects
from handlers.events import ButtonPressed, CommandGiven
from handlers.operations.start_run import require_start, start_run
from handlers.payloads import StartedBy
from handlers.rules import pace, permissions
from handlers.rules.run_request import NAME_LIMIT, Wish, stored, stored_for
from handlers.text.arguments import first_word
from handlers.text.nearest import nearest
from handlers.text.words import Safe, one_line
from handlers.views.start_dialog import start_dialog, starting, which_dialog
from store import PlaybookRow

_HERE = re.compile(r"(?:here|in this channel)(?:\s+|$)", re.IGNORECASE)


def asked(event: ButtonPressed, ctx: Context) -> Effects:
    """*Start a run…* below the list of playbooks: what `run` alone does."""
    given = CommandGiven(at=event.at, text="run", asker=event.asker, place=event.place, trigger_id=event.trigger_id)
    yield from by_command(given, "", ctx)


def by_command(event: CommandGiven, words: str, ctx: Context) -> Effects:
    """`run [playbook] [here] [name]`."""
    rows = permissions.playbooks_for(ctx, event.asker, event.place.team_id)
    row, name = _named(rows, words) if words or len(rows) != 1 else (rows[0], "")
    here = _HERE.match(words) if row is None else None
    if here:
        row, name, words = (rows[0], words, words) if len(rows) == 1 else (None, "", "")
    if not event.place.team_id:
        raise ctx.refused("start", "no_team")
    if not rows:
        yield ctx.answer("start", "none")
        return
    if row is not None:
        yield from _start(event, row, name, ctx)
        return
    permissions.require_start(ctx, event.asker, event.place.team_id, stored(ctx, rows[0]))
    pace.require_start(ctx, event.asker)
    if words:
        word, _ = first_word(words)
        raise ctx.refused("start", "unknown", word=word, nearest=Safe(nearest(word, [one.key for one in rows])))
    if event.trigger_id:
        yield which_dialog(ctx, rows, event.place, StartedBy("here" if here else "command"))
    else:
        yield ctx.answer("start", "which", playbooks=rows)


def _start(event: CommandGiven, row: PlaybookRow, name: str, ctx: Context) -> Effects:
    said_here = _HERE.match(name)
    name = name[said_here.end() :] if said_here else name
    wish = _wish(event, row, name[:NAME_LIMIT], ctx)
    here = event.place if said_here else None
    if not name and wish.book.start == "dialog" and event.trigger_id:
        require_start(ctx, wish, here)
        by = StartedBy("here" if here else "command", None, row.id)
        yield start_dialog(ctx, wish, by, event.place)
    else:
        started = yield from start_run(ctx, wish, here)
        yield Answer(content=starting(ctx, started.run))


def _wish(event: CommandGiven, row: PlaybookRow, name: str, ctx: Context) -> Wish:
    """Return what a command wants to start; what all of a channel read in a message begins there."""
    asker, team_id = event.asker, event.place.team_id
    if not event.post_id:
        return Wish(row=row, book=stored(ctx, row), asker=asker, team_id=team_id, name=name)
    ctx.meet_place(event.place)
    book, said_in = stored_for(ctx, row, event.place.id), (event.place.id, event.post_id)
    return Wish(row=row, book=book, asker=asker, team_id=team_id, said_in=said_in, name=name)


def _named(rows: Sequence[PlaybookRow], words: str) -> tuple[PlaybookRow | None, str]:
    """Find the playbook whose key or title the words begin with; the rest is the run's name."""
    for row in sorted(rows, key=lambda row: -len(row.title)):
        for called in (row.key, row.title):
            if words.casefold().startswith(called.casefold()) and not words[len(called) : len(called) + 1].strip():
                return row, one_line(words[len(called) :])
    first, rest = first_word(words)
    beginnings = [row for row in rows if first and row.key.startswith(first.casefold())]
    return (beginnings[0], one_line(rest)) if len(beginnings) == 1 else (None, "")
