"""Starting a run by command: the playbook that is named, here or in a channel of its own, or a dialog that asks."""

import re
from collections.abc import Iterator, Sequence

from handlers.context import Context
from handlers.effects import Answer, Ask, Content, Effect, Refuse
from handlers.events import ButtonPressed, CommandGiven
from handlers.operations.create_run import make_run
from handlers.operations.place_run import begin, not_here, starting
from handlers.payloads import StartedBy
from handlers.rules import pace, permissions
from handlers.rules.places import is_member
from handlers.rules.run_request import NAME_LIMIT, Wish, stored, stored_for
from handlers.text.arguments import first_word
from handlers.text.nearest import nearest
from handlers.text.words import Safe, one_line
from handlers.views.start_dialog import start_dialog, which_dialog
from store import PlaybookRow

_HERE = re.compile(r"(?:here|in this channel)(?:\s+|$)", re.IGNORECASE)


def asked(event: ButtonPressed, ctx: Context) -> Iterator[Effect]:
    """*Start a run…* below the list of playbooks: what `run` alone does."""
    given = CommandGiven(at=event.at, text="run", asker=event.asker, place=event.place, trigger_id=event.trigger_id)
    yield from by_command(given, "", ctx)


def by_command(event: CommandGiven, words: str, ctx: Context) -> Iterator[Effect]:
    """`run [playbook] [here] [name]`."""
    rows = permissions.playbooks_for(ctx, event.asker, event.place.team_id)
    said = ctx.say("start", playbooks=rows)
    row, name = _named(rows, words) if words or len(rows) != 1 else (rows[0], "")
    here = _HERE.match(words) if row is None else None
    if here:
        row, name, words = (rows[0], words, words) if len(rows) == 1 else (None, "", "")
    if not event.place.team_id:
        yield Refuse(title=said["no_team_title"], text=said["no_team"])
    elif not rows:
        yield Answer(content=Content(said["none"]))
    elif not permissions.may_start(ctx, event.asker, event.place.team_id):
        yield permissions.not_started(ctx, event.asker, stored(ctx, row or rows[0]))
    elif (refusal := pace.started_too_many(ctx, event.asker)) is not None:
        yield refusal
    elif words and row is None:
        yield _unknown(ctx, rows, words)
    elif row is None and event.trigger_id:
        yield Ask(dialog=which_dialog(ctx, rows, event.place, StartedBy("here" if here else "command")))
    elif row is None:
        yield Answer(content=Content(said["which"]))
    else:
        yield from _start_by_command(event, row, name, ctx)


def _start_by_command(event: CommandGiven, row: PlaybookRow, name: str, ctx: Context) -> Iterator[Effect]:
    here = _HERE.match(name)
    name = name[here.end() :] if here else name
    wish = _wish(event, row, name[:NAME_LIMIT], ctx)
    if here and not is_member(ctx, event.place):
        yield not_here(ctx)
        return
    if not name and wish.book.start == "dialog" and event.trigger_id:
        yield Ask(dialog=start_dialog(ctx, wish, StartedBy("here" if here else "command", None, row.id), event.place))
        return
    run = make_run(ctx, wish)
    yield from begin(ctx, run, event.place if here else None)
    yield Answer(content=starting(ctx, run))


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


def _unknown(ctx: Context, rows: Sequence[PlaybookRow], words: str) -> Refuse:
    word, _ = first_word(words)
    said = ctx.say("start", word=word, nearest=Safe(nearest(word, [row.key for row in rows])))
    return Refuse(title=said["unknown_title"], text=said["unknown"])
