"""Showing a retrospective to who asks: all of it as it is now, with the ways to write, publish or skip it."""

from collections.abc import Iterator

from handlers.context import Context
from handlers.controls import RETRO_MORE, RETRO_PUBLISH, RETRO_SETTLE, RETRO_SWITCH
from handlers.effects import Answer, Button, Card, Content, Effects, Menu, Option
from handlers.events import ButtonPressed, CommandGiven, Person
from handlers.messages.as_direct_message import told
from handlers.payloads import CommentOfRun, ItemOfRun, OfRun, SwitchOfRun
from handlers.rules import permissions
from handlers.rules.retrospective import drafted, is_wanted
from handlers.text.sentences import Said
from handlers.text.words import plain, shorten
from handlers.views.listed import listed
from handlers.views.menu_items import items
from handlers.views.retro_changes import changes
from handlers.views.retro_shown import changes_told, write_menu
from handlers.views.retro_text import whole
from store import Retrospective, Run

OPTION_LIMIT = 60
_BEFORE = frozenset({"retro.review", "retro.comment", "retro.skip", "retro.off"})
"""What is done only as long as there is something to be published."""

MOST = 20
"""How many changes one answer tells."""


def shown(event: ButtonPressed | CommandGiven, run: Run, ctx: Context) -> Effects:
    """`retro`, *Read it*, and *Retrospective…* in the card's menu."""
    yield from told(event, [Answer(content=_whole(ctx, run, event.asker), to_read=True)])


def _whole(ctx: Context, run: Run, asker: Person) -> Content:
    row, sections = ctx.store.retrospective(run.id), ctx.store.retro_sections(run.id)
    if row is None or row.drafted_at is None:
        return _not_there(ctx, run, asker)
    who = row.published_by if row.state == "published" else row.skipped_by
    said = ctx.say("retro", run=run, retro=row, who=ctx.username(who) if who else "")
    controls: list[Button | Menu] = []
    if permissions.is_offered(ctx, "change", asker, run):
        controls += [write_menu(ctx, run, sections), *_comments(ctx, run, said)]
    if row.is_open and permissions.is_offered(ctx, "finish", asker, run):
        controls.append(RETRO_PUBLISH.button(said["publish_button"], OfRun(run.id), "primary"))
    controls.append(RETRO_MORE.menu(said["more_button"], _more(ctx, row), ItemOfRun(run.id)))
    text = whole(ctx, run, sections, unanswered=True, numbered=True)
    return listed(ctx, text, controls, above=said[f"head_{row.state}"])


def _more(ctx: Context, row: Retrospective) -> tuple[Option, ...]:
    """Return the ways on; of what is published or skipped only those that mean something then."""
    return tuple(one for one in items(ctx, RETRO_MORE) if row.is_open or one.value not in _BEFORE)


def _not_there(ctx: Context, run: Run, asker: Person) -> Content:
    said, comes = ctx.say("retro", run=run), is_wanted(ctx, run)
    turn = RETRO_SWITCH.button(
        said["want_none" if comes else "want_one"], SwitchOfRun(run.id, "off" if comes else "on")
    )
    cards = (Card(controls=(turn,)),) if permissions.is_offered(ctx, "finish", asker, run) else ()
    return Content(said["comes" if comes else "does_not_come"], cards)


def _comments(ctx: Context, run: Run, said: Said) -> Iterator[Menu]:
    """Return the menu that settles what nobody has settled."""
    options = [
        Option(f"{number} · {plain(shorten(one.text, OPTION_LIMIT))}", str(one.id))
        for number, one in enumerate(ctx.store.retro_comments(run.id), 1)
        if one.settled_at is None
    ]
    if options:
        yield RETRO_SETTLE.menu(said["settle_menu"], options, CommentOfRun(run.id))


def history(event: ButtonPressed | CommandGiven, run: Run, ctx: Context) -> Effects:
    """*What has changed* in the draft's menu."""
    drafted(ctx, run)
    found = changes(ctx, run)
    text = changes_told(ctx, run, found[:MOST], len(found)) if found else ctx.say("retro", run=run)["no_changes"]
    yield from told(event, [Answer(content=listed(ctx, text), to_read=True)])


def history_by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`retro history`."""
    yield from history(event, run, ctx)
