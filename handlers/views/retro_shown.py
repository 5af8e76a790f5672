"""The messages of a retrospective: the draft that asks for it, and what stands in the channel once it is published."""

from collections.abc import Iterator, Sequence

from handlers.context import Context
from handlers.controls import RETRO_MORE, RETRO_PUBLISH, RETRO_READ, RETRO_WRITE
from handlers.effects import Card, Content, Delete, Edit, Field, Menu, Option, Post, Redraw, Tell
from handlers.payloads import ItemOfRun, OfRun, SectionOfRun
from handlers.rules import permissions
from handlers.rules.progress import Progress
from handlers.rules.retrospective import is_answered, unanswered
from handlers.text.pages import pages
from handlers.text.words import plain, shorten
from handlers.views.keep import post, reader_of, show, take_away, tell
from handlers.views.menu_items import items
from handlers.views.retro_changes import Changed, changes
from handlers.views.retro_text import whole
from store import Message, RetroSection, Run

TITLE_LIMIT = 60
SHOWN_CHANGES = 3


def draft(ctx: Context, run: Run, message: Message, standing: Progress) -> Content | None:
    """Return the draft as it is now: who is asked for what, which questions are open, the facts, and all ways on."""
    row = ctx.store.retrospective(run.id)
    if row is None or not row.is_open:
        return None
    ctx = ctx.to(reader_of(ctx, message))
    sections = ctx.store.retro_sections(run.id)
    mine = [one for one in sections if one.kind != "facts" and (one.published_at is None)]
    said = ctx.say(
        "retro",
        run=run,
        link=ctx.run_link(run),
        owner=ctx.username(run.owner_id),
        is_again=row.has_more,
        sections=[_listed(one) for one in mine],
        open=len(unanswered(mine)),
        count=sum(one.kind == "lesson" for one in mine),
    )
    card = Card(
        colour="amber",
        text=_fitting(ctx, whole(ctx, run, [one for one in sections if one.published_at is None])),
        fields=(Field(said["questions"], said["questions_value"], short=False),),
        controls=(
            write_menu(ctx, run, sections),
            RETRO_PUBLISH.button(said["publish_button"], OfRun(run.id), "primary"),
            RETRO_READ.button(said["read_button"], OfRun(run.id)),
            RETRO_MORE.menu(said["more_button"], items(ctx, RETRO_MORE), ItemOfRun(run.id)),
        ),
    )
    text = said["draft"] if ctx.here.buttons else f"{said['draft']} {said['how_in_words']}"
    return Content(text, (card,))


def write_menu(ctx: Context, run: Run, sections: Sequence[RetroSection]) -> Menu:
    """Return the menu that opens a section to be written; the one to be answered first stands first."""
    options = [Option(_option(one), str(one.id)) for one in sections]
    return RETRO_WRITE.menu(ctx.say("retro")["write_button"], options, SectionOfRun(run.id))


def post_draft(ctx: Context, run: Run, by_id: str = "") -> Iterator[Post | Tell | Delete]:
    """Ask the owner for a retrospective, in the run's channel as long as that can be used; older ones go.

    An owner who ended the run is called by nobody.
    """
    yield from drop_draft(ctx, run)
    is_here = run.channel_id is not None and not run.closed_place
    if not is_here and permissions.is_over_for(ctx, run, run.owner_id):
        return
    place, person = (run.channel_id or "", "") if is_here else ("", run.owner_id)
    message = Message(kind="retro_draft", run_id=run.id, place_id=place, person_id=person)
    content = draft(ctx, run, message, Progress((), {}, (), {}, run.id))
    if content is not None and is_here:
        yield from post(ctx, message, content, calls={ctx.username(run.owner_id)} if by_id != run.owner_id else ())
    elif content is not None:
        yield from tell(ctx, message, content)


def drop_draft(ctx: Context, run: Run) -> Iterator[Delete]:
    """Take the draft's message away."""
    for message in ctx.store.messages("retro_draft", run_id=run.id):
        yield from take_away(ctx, message)


def close_draft(ctx: Context, run: Run, block: str, **values: object) -> Iterator[Edit]:
    """Leave one line of the draft's message, which says what became of it."""
    for message in ctx.store.messages("retro_draft", run_id=run.id):
        said = ctx.say("retro", reader_of(ctx, message), run=run, link=ctx.run_link(run), **values)
        yield from show(message, Content("", (Card(text=said[block]),)))
        message.kind = "retro_closed"


def published(ctx: Context, run: Run, message: Message, standing: Progress) -> Content | None:
    """Return a part of what is published, with what has changed in it since below the last one."""
    parts = published_parts(ctx, run)
    return parts[message.part - 1] if message.part <= len(parts) else None


def published_parts(ctx: Context, run: Run) -> list[Content]:
    """Return all that is published, in as many messages as it needs."""
    row = ctx.store.retrospective(run.id)
    if row is None or row.published_at is None:
        return []
    ctx = ctx.to(ctx.readers_of(run))
    sections = [one for one in ctx.store.retro_sections(run.id) if one.published_at is not None]
    said = ctx.say("retro", run=run, retro=row, who=ctx.username(row.published_by))
    text = "\n\n".join(part for part in (said["published"], whole(ctx, run, sections)) if part)
    later = [one for one in changes(ctx, run) if one.is_later]
    cards = (
        (Card(colour="blue", text=changes_told(ctx, run, later[:SHOWN_CHANGES], len(later), is_since=True)),)
        if later
        else ()
    )
    return list(pages(Content(text, cards), ctx.here.text_limit))


def changes_told(ctx: Context, run: Run, found: list[Changed], count: int, *, is_since: bool = False) -> str:
    """Say what has changed, or has `is_since` it was published, and how much more there is."""
    rows = [
        {
            "title": one.title,
            "who": ctx.username(one.by_id) if one.by_id else "",
            "at": one.at,
            "added": one.added[:2],
            "removed": one.removed[:2],
            "more": max(0, len(one.added) - 2) + max(0, len(one.removed) - 2),
        }
        for one in found
    ]
    return ctx.say("retro", run=run, changes=rows, more=max(0, count - len(found)), is_since=is_since)["changed"]


def refresh_retrospective(ctx: Context, run: Run) -> Iterator[Redraw | Post | Delete]:
    """Show in the draft's message, and in what is published, how things stand now."""
    for message in ctx.store.messages("retro_draft", run_id=run.id):
        yield Redraw(message_id=message.id)
    standing = {one.part: one for one in ctx.store.messages("retro", run_id=run.id)}
    if not standing or run.closed_place:
        return
    parts = published_parts(ctx, run)
    for at, content in enumerate(parts, 1):
        if at in standing:
            yield Redraw(message_id=standing[at].id)
        else:
            message = Message(kind="retro", run_id=run.id, part=at, place_id=run.channel_id or "")
            yield from post(ctx, message, content, under=standing.get(1))
    for part, message in standing.items():
        if part > len(parts):
            yield from take_away(ctx, message)


def _listed(section: RetroSection) -> dict[str, object]:
    return {"number": section.position, "title": section.title, "done": is_answered(section)}


def _option(section: RetroSection) -> str:
    mark = "☑" if is_answered(section) or section.by_hand else "☐" if section.kind != "facts" else "⚙"
    return f"{mark} {section.position} {plain(shorten(section.title, TITLE_LIMIT))}"


def _fitting(ctx: Context, text: str) -> str:
    """Return as much of a draft as a card holds, whole lines."""
    first, *more = pages(Content(text), ctx.here.message_budget // 2)
    return f"{first.text}\n{ctx.say('retro')['more_of_it']}" if more else first.text
