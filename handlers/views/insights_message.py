"""The message with what runs tell: its words, what is to be drawn for it, and the file behind a table."""

from dataclasses import dataclass
from datetime import date

from handlers.context import Context
from handlers.controls import CHANGES_SHOW
from handlers.effects import Card, Content, PostInsights
from handlers.figures.findings import findings_of
from handlers.figures.insights import Insights
from handlers.figures.many_runs import Question, Seen, asked_of
from handlers.figures.picture import Picture
from handlers.payloads import OfPlaybook
from handlers.text.periods import Period
from handlers.text.words import Safe
from handlers.views.insights import IN_CHAT, picture, title_of
from handlers.views.insights_table import as_csv, as_table
from handlers.views.insights_words import sentences
from store import PlaybookRow

TABLE_LINES = 80
"""How many lines a table in a message has; all of them are in the file that comes with it."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is posted: `content`, with a picture or a file of this name, and what stands `instead` without them."""

    content: Content
    instead: Content
    picture: Picture | None = None
    csv: bytes = b""
    name: str = ""


def told(ctx: Context, effect: PostInsights, seen: Seen) -> Told | None:
    """Return what an effect posts, to readers who see these runs; None where its playbook is gone."""
    row = ctx.store.playbook(effect.playbook_id) if effect.playbook_id is not None else None
    if row is None and effect.playbook_id is not None:
        return None
    ctx = ctx.to(ctx.everybody() if effect.place_id else ctx.reader_of(effect.person_id))
    first = date.fromisoformat(effect.first) if effect.first else None
    period = Period(first, date.fromisoformat(effect.last))
    found = asked_of(ctx, Question(row, period, effect.variable), seen)
    name = f"insights-{row.key if row is not None else 'all'}-{effect.last}"
    if effect.table:
        return _as_table(ctx, effect, row, found, name)
    return _as_picture(ctx, effect, row, found, name, seen)


def _as_table(ctx: Context, effect: PostInsights, row: PlaybookRow | None, found: Insights, name: str) -> Told:
    counts, *_ = sentences(ctx, row, found)
    who = ctx.say("insights")["seen_by_you"]
    content = Content(f"{counts} {who}\n\n{as_table(ctx, found, TABLE_LINES)}")
    return Told(content, content, csv=as_csv(ctx, found), name=f"{name}.csv")


def _as_picture(
    ctx: Context, effect: PostInsights, row: PlaybookRow | None, found: Insights, name: str, seen: Seen
) -> Told:
    days = f"{effect.first}..{effect.last}" if effect.first else "all"
    page = ctx.page_link(f"/insights/{row.key}" if row is not None else "/insights")
    said = ctx.say(
        "insights",
        key=Safe(row.key if row is not None else "all"),
        period=Safe(days),
        page=Safe(f"{page}?time={days}" if page else ""),
    )
    who = said["seen_by_many" if effect.place_id else "seen_by_you"]
    cards = _changes(ctx, row, seen)
    # Each sentence has a line of its own, so that a phone shows no block of words.
    head = [ctx.say("insights", title=title_of(ctx, row))["weekly"]] if effect.weekly else []
    text = "\n".join((*head, *sentences(ctx, row, found)))
    if effect.weekly and not found.started:
        return Told(Content(text), Content(text))
    drawn = picture(ctx, row, found, IN_CHAT) if found.started else None
    content = Content(f"{text}\n\n{who} {said['behind']}", cards)
    instead = Content(f"{text}\n\n{said['no_picture']} {who} {said['behind']}", cards) if drawn is not None else content
    return Told(content, instead, drawn, name=f"{name}.png")


def _changes(ctx: Context, row: PlaybookRow | None, seen: Seen) -> tuple[Card, ...]:
    """Return the button that leads to what to change in the playbook, where there is anything."""
    if row is None or not ctx.here.buttons:
        return ()
    count = len(findings_of(ctx, row, seen))
    if not count:
        return ()
    label = ctx.say("insights", count=count)["change_some"]
    return (Card(controls=(CHANGES_SHOW.button(label, OfPlaybook(row.id)),)),)
