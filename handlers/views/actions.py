"""What a run's playbook does by itself, told to who asks: what was done, what was not and why, and what is to come."""

from itertools import groupby

from handlers.context import Context
from handlers.controls import ACTION_AGAIN
from handlers.effects import Button, Card, Content, Menu, Option, unfolded
from handlers.payloads import ActionOfRun
from handlers.text.words import Safe
from handlers.views.action_words import ActionShown, shown_actions
from store import Run

MOST_OPTIONS = 50
"""How many actions the menu has at most, the first ones."""


def actions_of(ctx: Context, run: Run, *, may_change: bool) -> Content:
    """Return all that happens by itself in a run, by its occasions, with the menu that repeats one."""
    rows = shown_actions(ctx, run)
    if not rows:
        return Content(ctx.say("why", run=run)["none" if run.playbook_id is not None else "no_playbook_here"])
    said = ctx.say("why", run=run)
    parts = [f"**{head}**\n{_lines(ctx, list(some))}" for head, some in groupby(rows, lambda row: row.heading)]
    card = Card(
        colour="red" if any(row.state == "failed" for row in rows) else "blue",
        title=said["title"],
        fields=tuple(field for part in parts for field in unfolded(part)),
        controls=_menu(ctx, run, rows) if may_change else (),
    )
    return Content("", (card,))


def _lines(ctx: Context, rows: list[ActionShown]) -> str:
    return "\n".join(line(ctx, row) for row in rows)


def line(ctx: Context, row: ActionShown) -> str:
    """Return how one action stands, as a line or two."""
    return ctx.say(
        "why",
        icon=Safe(row.icon),
        position=row.position,
        what=row.what,
        state=row.stands,
        condition=row.condition,
    )["line"]


def _menu(ctx: Context, run: Run, rows: list[ActionShown]) -> tuple[Button | Menu, ...]:
    options = tuple(
        Option(ctx.say("why", position=row.position, what=row.what)["again_one"], str(row.id))
        for row in rows
        if row.may_again
    )
    if not options:
        return ()
    return (ACTION_AGAIN.menu(ctx.say("why")["again_menu"], options[:MOST_OPTIONS], ActionOfRun(run.id)),)
