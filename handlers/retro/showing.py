"""Showing a retrospective to who asks: all of it as it is now, with the ways to write, publish or skip it."""

from handlers.context import Context
from handlers.controls import RETRO_MORE, RETRO_PUBLISH
from handlers.effects import Answer, Button, Content, Effects, Menu
from handlers.events import ButtonPressed, CommandGiven, Person
from handlers.messages.as_direct_message import told
from handlers.payloads import ItemOfRun, OfRun
from handlers.rules import permissions
from handlers.rules.retrospective import drafted, is_wanted
from handlers.views.listed import listed
from handlers.views.menu_items import items
from handlers.views.retro_changes import changes
from handlers.views.retro_shown import changes_told, write_menu
from handlers.views.retro_text import whole
from store import Run

MOST = 20
"""How many changes one answer tells."""


def shown(event: ButtonPressed | CommandGiven, run: Run, ctx: Context) -> Effects:
    """`retro`, *Read it*, and *Retrospective…* in the card's menu."""
    yield from told(event, [Answer(content=_whole(ctx, run, event.asker), to_read=True)])


def _whole(ctx: Context, run: Run, asker: Person) -> Content:
    row, sections = ctx.store.retrospective(run.id), ctx.store.retro_sections(run.id)
    if row is None or row.drafted_at is None:
        block = "comes" if is_wanted(ctx, run) else "does_not_come"
        return Content(ctx.say("retro", run=run)[block])
    who = row.published_by if row.state == "published" else row.skipped_by
    said = ctx.say("retro", run=run, retro=row, who=ctx.username(who) if who else "")
    controls: list[Button | Menu] = []
    if permissions.is_offered(ctx, "change", asker, run):
        controls.append(write_menu(ctx, run, sections))
    if row.is_open and permissions.is_offered(ctx, "finish", asker, run):
        controls.append(RETRO_PUBLISH.button(said["publish_button"], OfRun(run.id), "primary"))
    controls.append(RETRO_MORE.menu(said["more_button"], items(ctx, RETRO_MORE), ItemOfRun(run.id)))
    text = whole(ctx, run, sections, unanswered=True, numbered=True)
    return listed(ctx, text, controls, above=said[f"head_{row.state}"])


def history(event: ButtonPressed | CommandGiven, run: Run, ctx: Context) -> Effects:
    """*What has changed* in the draft's menu."""
    drafted(ctx, run)
    found = changes(ctx, run)
    text = changes_told(ctx, run, found[:MOST], len(found)) if found else ctx.say("retro", run=run)["no_changes"]
    yield from told(event, [Answer(content=listed(ctx, text), to_read=True)])


def history_by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`retro history`."""
    yield from history(event, run, ctx)
