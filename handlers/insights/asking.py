"""`/playbook insights [playbook] [time] [by variable] [table]`: what it is about, and where it is posted."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from handlers.context import Context
from handlers.effects import Answer, Content, Effects, PostInsights
from handlers.events import CommandGiven, Place
from handlers.figures.many_runs import today_of
from handlers.insights import changes
from handlers.rules import permissions, playbook_lookup, start_team
from handlers.rules.run_request import stored
from handlers.text.nearest import nearest
from handlers.text.periods import Period, last_days, read_period
from handlers.text.plain_forms import bare
from handlers.text.words import Safe
from handlers.views.insights import span_of, title_of
from store import Message, PlaybookRow

USUAL = 30
"""How many days the figures are of where nothing is said."""
LONGEST = 100
"""How many letters the name of a variable has at most here."""
_ALL = re.compile(r"(?:all|every|all playbooks)(?:\s+|$)", re.IGNORECASE)
_BY = re.compile(r"(?:^|\s)by\s+([^\s]+)\s*$", re.IGNORECASE)
_CHANGES = re.compile(r"(?:^|\s)(?:changes|what to change|propose)\s*$", re.IGNORECASE)
_TABLE = re.compile(r"(?:^|\s)(?:as\s+)?(?:a\s+)?(?:table|csv|figures)\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for: of which playbook (None: of all), of which time, split by what, and whether as a table."""

    row: PlaybookRow | None
    period: Period
    variable: str
    table: bool


def by_command(event: CommandGiven, words: str, ctx: Context) -> Effects:
    """Post the figures in the channel; as a table, or of a private playbook, to who asked alone."""
    words = bare(words)
    if (asked := _CHANGES.search(words)) is not None:
        yield from changes.by_command(event, _one(event, words[: asked.start()].strip(), ctx), ctx)
        return
    wanted = _read(event, words, ctx)
    about = {"title": title_of(ctx, wanted.row), "span": span_of(ctx, wanted.period)}
    is_private = wanted.row is not None and stored(ctx, wanted.row).is_private
    alone = wanted.table or is_private or event.place.kind == "D"
    yield from ask_for(ctx, wanted, event, None if alone else event.place)
    if is_private and event.place.kind != "D":
        yield ctx.answer("insights", "private", **about)
    elif not alone or event.place.kind != "D":
        yield Answer(content=Content(ctx.say("insights", **about)["making_for_you" if alone else "making"]))


def ask_for(ctx: Context, wanted: Wanted, event: CommandGiven, place: Place | None) -> Effects:
    """Have the figures posted in a channel, or told to who asked where there is none."""
    message = None
    if place is not None:
        ctx.meet_place(place)
        message = ctx.store.add(Message(kind="insights", place_id=place.id))
    yield PostInsights(
        message_id=message.id if message is not None else None,
        person_id=event.asker.id,
        place_id=place.id if place is not None else "",
        root_id=event.root_id if place is not None else "",
        playbook_id=wanted.row.id if wanted.row is not None else None,
        first=wanted.period.first.isoformat() if wanted.period.first is not None else "",
        last=wanted.period.last.isoformat(),
        variable=wanted.variable,
        table=wanted.table,
    )


def offered(event: CommandGiven, ctx: Context) -> Sequence[PlaybookRow]:
    """Return the playbooks that somebody may ask about where they are."""
    teams = start_team.teams_at(ctx, event.asker, event.place)
    found = (row for one in teams for row in permissions.playbooks_for(ctx, event.asker, one))
    return list({row.id: row for row in found}.values())


def _one(event: CommandGiven, words: str, ctx: Context) -> PlaybookRow:
    """Return the playbook that words name, or that of this channel's run. Raises `Refused`."""
    rows = offered(event, ctx)
    row, _ = playbook_lookup.named(rows, words) if words else _here(event, rows, ctx)
    if row is None:
        raise ctx.refused("changes", "which", example=Safe(rows[0].key if rows else "incident-response"))
    return row


def _read(event: CommandGiven, words: str, ctx: Context) -> Wanted:
    rows = offered(event, ctx)
    table = _TABLE.search(words)
    left = words[: table.start()] if table is not None else words
    by = _BY.search(left)
    left = (left[: by.start()] if by is not None else left).strip()
    row, rest = playbook_lookup.named(rows, left) if left else _here(event, rows, ctx)
    period = _period(ctx, row, rest) if row is not None else None
    if row is None or period is None:
        row, period = (None, _period(ctx, None, _ALL.sub("", left, count=1) if not _is_all(left) else left))
    if period is None:
        first = bare(left.split(maxsplit=1)[0])
        near = nearest(first, [one.key for one in rows])
        example = Safe(rows[0].key if rows else "incident-response")
        raise ctx.refused("insights", "unknown", word=first, nearest=Safe(near), example=example)
    return Wanted(row, period, by[1][:LONGEST] if by is not None else "", table is not None)


def _is_all(words: str) -> bool:
    return words.casefold() in ("all", "every")


def _here(event: CommandGiven, rows: Sequence[PlaybookRow], ctx: Context) -> tuple[PlaybookRow | None, str]:
    """Return the playbook of the run of this channel, where nothing else is said."""
    here = {run.playbook_id for run in ctx.store.runs_in(event.place.id) if run.own_channel}
    return next(((row, "") for row in rows if row.id in here), (None, ""))


def _period(ctx: Context, row: PlaybookRow | None, words: str) -> Period | None:
    """Return the time that words name, the usual one where they name none; None where they are something else."""
    today = today_of(ctx, row, ctx.reader.zone)
    if not words.strip():
        return last_days(USUAL, today)
    try:
        return read_period(
            re.sub(r"^(?:of|for|in|last|since|the last)\s+", "", words.strip(), flags=re.IGNORECASE), today
        )
    except ValueError:
        return None
