"""Starting a run by command: the playbook that is named, here or in a channel of its own, or a dialog that asks."""

import re

from handlers.context import Context
from handlers.effects import Answer, Effects
from handlers.events import ButtonPressed, CommandGiven
from handlers.operations.start_run import require_start, start_run
from handlers.payloads import StartedBy
from handlers.rules import pace, permissions, playbook_lookup, start_team
from handlers.rules.drafts import ruling
from handlers.rules.playbook_rights import may_see
from handlers.rules.run_request import NAME_LIMIT, Wish, stored, stored_for
from handlers.text.arguments import first_word
from handlers.text.nearest import nearest
from handlers.text.words import Safe
from handlers.views.start_dialog import is_asked, start_dialog, starting, which_dialog
from store import PlaybookRow

_HERE = re.compile(r"(?:here|in this channel)(?:[\s:,;]+|$)", re.IGNORECASE)


def asked(event: ButtonPressed, ctx: Context) -> Effects:
    """*Start a run…* below the list of playbooks: what `run` alone does."""
    given = CommandGiven(at=event.at, text="run", asker=event.asker, place=event.place, trigger_id=event.trigger_id)
    yield from by_command(given, "", ctx)


def by_command(event: CommandGiven, words: str, ctx: Context) -> Effects:
    """`run [playbook] [here] [name]`; in a direct message to the bot `run [playbook] [in team] [name]`."""
    teams, rows = _offered(event, ctx)
    row, name = playbook_lookup.named(rows, words) if words or len(rows) != 1 else (rows[0], "")
    here = _HERE.match(words) if row is None else None
    if here:
        row, name, words = (rows[0], words, words) if len(rows) == 1 else (None, "", "")
    if not teams:
        raise ctx.refused("start", "no_team")
    if row is None:
        _require_no_other(event, words, ctx)
    if not rows:
        yield ctx.answer("start", "none", page=ctx.page_link("/playbooks/new"))
        return
    if row is not None:
        team_id, name = start_team.with_playbook(ctx, event.asker, event.place, row, name)
        yield from _start(event, team_id, row, name, ctx)
        return
    permissions.require_start(ctx, event.asker, teams[0], stored(ctx, rows[0]))
    pace.require_start(ctx, event.asker)
    if words:
        word, _ = first_word(words)
        raise ctx.refused("start", "unknown", word=word, nearest=Safe(nearest(word, [one.key for one in rows])))
    if event.trigger_id:
        yield which_dialog(ctx, rows, event.place, StartedBy("here" if here else "command"))
    else:
        yield ctx.answer("start", "which", playbooks=rows)


def is_playbook(event: CommandGiven, words: str, ctx: Context) -> bool:
    """Return whether words begin with the whole name of a playbook."""
    return playbook_lookup.whole(_offered(event, ctx)[1], words)[0] is not None


def _offered(event: CommandGiven, ctx: Context) -> tuple[list[str], list[PlaybookRow]]:
    """Return the teams that may be meant, and the playbooks that the asker may use in them."""
    teams = start_team.teams_at(ctx, event.asker, event.place)
    found = (row for one in teams for row in permissions.playbooks_for(ctx, event.asker, one))
    return teams, list({row.id: row for row in found}.values())


def _require_no_other(event: CommandGiven, words: str, ctx: Context) -> None:
    """Raise `Refused` where words name a playbook that somebody may see, and that is a draft, or archived."""
    rows = [row for row in ctx.store.all_playbooks() if row.archived_at is not None or not row.version]
    row, _ = playbook_lookup.whole(rows, words)
    if row is not None and may_see(ctx, event.asker, ruling(ctx, row)):
        block = "is_archived" if row.archived_at is not None else "is_draft"
        raise ctx.refused("start", block, "unknown", title=row.title, key=Safe(row.key))


def _start(event: CommandGiven, team_id: str, row: PlaybookRow, name: str, ctx: Context) -> Effects:
    said_here = _HERE.match(name)
    name = name[said_here.end() :] if said_here else name
    wish = _wish(event, team_id, row, name[:NAME_LIMIT], ctx)
    here = event.place if said_here else None
    if is_asked(wish.book, is_named=bool(name)) and event.trigger_id:
        require_start(ctx, wish, here)
        by = StartedBy("here" if here else "command", None, row.id)
        yield start_dialog(ctx, wish, by, event.place)
    else:
        started = yield from start_run(ctx, wish, here)
        yield Answer(content=starting(ctx, started.run, wish.name))


def _wish(event: CommandGiven, team_id: str, row: PlaybookRow, name: str, ctx: Context) -> Wish:
    """Return what a command wants to start; what all of a channel read in a message begins there."""
    asker, here = event.asker, event.place.id
    if not event.post_id:
        return Wish(row=row, book=stored(ctx, row), asker=asker, team_id=team_id, asked_in=here, name=name)
    ctx.meet_place(event.place)
    book, said_in = stored_for(ctx, row, here), (here, event.post_id)
    return Wish(row=row, book=book, asker=asker, team_id=team_id, asked_in=here, said_in=said_in, name=name)
