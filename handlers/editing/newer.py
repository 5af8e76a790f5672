"""A newer version of a run's playbook: shown as a difference, and taken over line by line."""

import hashlib
from collections.abc import Sequence

from handlers.context import Context
from handlers.controls import NEWER_TAKE
from handlers.editing.cards import answer
from handlers.effects import Answer, Button, Effects, Menu, Option
from handlers.events import ButtonPressed, CommandGiven, Press
from handlers.messages.as_direct_message import told
from handlers.operations.take_newer import Newer, newer_of, take_newer
from handlers.payloads import LineOfRun
from handlers.playbooks.differences import Difference
from handlers.rules.permissions import is_offered
from handlers.text.words import plain, shorten
from handlers.views.editing import difference, in_lines
from handlers.views.listed import listed
from store import Run

ALL = "all"
MOST = 50
"""How many lines a menu offers one by one; all of them together are a button."""


def by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`newer`: what a newer version would change; `newer all` takes it over."""
    if words.strip().casefold() == ALL:
        newer = newer_of(ctx, run)
        yield from _taken(event, run, newer.lines if newer is not None else (), ctx)
    else:
        yield shown(event, run, ctx)


def by_menu(event: ButtonPressed, run: Run, ctx: Context) -> Effects:
    """*A newer version…* of the card's menu."""
    yield from told(event, [shown(event, run, ctx)])


def chosen(event: Press[LineOfRun], run: Run, ctx: Context) -> Effects:
    """A line that was chosen, or all of them."""
    newer = newer_of(ctx, run)
    lines = newer.lines if newer is not None else ()
    wanted = [one for one in lines if event.payload.line in (ALL, known_by(one))]
    yield from told(event, _taken(event, run, wanted, ctx))


def shown(event: ButtonPressed | CommandGiven, run: Run, ctx: Context) -> Answer:
    """Return what a newer version would change in a run, with a menu to take it over for who may."""
    newer = newer_of(ctx, run)
    if newer is None:
        return answer(ctx.say("editing", name=run.name, version=run.playbook_version)["newer_none"])
    said = ctx.say("editing", name=run.name, version=newer.version, title=newer.row.title)
    controls = _controls(ctx, run, newer) if run.is_active and is_offered(ctx, "change", event.asker, run) else ()
    return Answer(content=listed(ctx, in_lines(ctx, newer.lines), controls, above=said["newer_head"]), to_read=True)


def known_by(one: Difference) -> str:
    """Return a short word for a line, which stays as long as the line says the same."""
    said = "\n".join((one.sign, one.path, one.before, one.after))
    return hashlib.blake2b(said.encode(), digest_size=6).hexdigest()


def _controls(ctx: Context, run: Run, newer: Newer) -> tuple[Button | Menu, ...]:
    said = ctx.say("editing")
    options = tuple(Option(str(plain(shorten(flat(one), 90))), known_by(one)) for one in newer.lines[:MOST])
    every = NEWER_TAKE.button(said["newer_all"], LineOfRun(run.id, ALL), "primary")
    return every, NEWER_TAKE.menu(said["newer_menu"], options, LineOfRun(run.id))


def flat(one: Difference) -> str:
    """Return a line for a menu."""
    return f"{one.sign} {one.path} {one.after}".strip()


def _taken(event: ButtonPressed | CommandGiven, run: Run, lines: Sequence[Difference], ctx: Context) -> Effects:
    done = yield from take_newer(ctx, run, lines, event.asker)
    left = newer_of(ctx, run)
    words = [difference(ctx, one) for one in done[:3]]
    said = ctx.say("editing", said=words, more=len(done) - len(words), left=len(left.lines) if left is not None else 0)
    yield answer(said["newer_taken"])
