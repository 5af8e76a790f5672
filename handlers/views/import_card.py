"""The message that shows what an import would do, with what is to be decided; and what became of it."""

from collections.abc import Iterator, Sequence
from functools import partial

from handlers.context import Context
from handlers.controls import IMPORT_CANCEL, IMPORT_CONFIRM, IMPORT_DO, IMPORT_HOW, IMPORT_LEAVE, IMPORT_TEAM
from handlers.effects import Button, Card, Colour, Content, Menu, Option
from handlers.events import Person
from handlers.exchange.plan import ON_CONFLICT, Imported, Plan, Step, What
from handlers.payloads import OfImport, ToConfirm
from handlers.playbooks.playbook import Playbook
from handlers.rules import teams
from handlers.rules.held import held_of, mark_of
from handlers.text.sentences import Said
from handlers.views.import_plan import details_of, head_of, title_of
from store import Import, PlaybookRow

SHOWN = 25
"""How many lines of details a message shows of each playbook."""
MOST_CARDS = 15
"""How many playbooks a message shows."""
_COLOURS: dict[What, Colour] = {"create": "green", "update": "blue", "skip": "grey", "conflict": "red"}


def planning(ctx: Context, kept: Import, plan: Plan, asker: Person) -> Content:
    """Return the message with a plan, and what is to be decided before it is carried out."""
    say = partial(ctx.say, "exchange", None)
    cards = [_card(step, say) for step in plan.steps[:MOST_CARDS]]
    more = len(plan.steps) - len(cards)
    said = say(more=more)
    text = f"**{head_of(plan, say)}**" + (f"\n{said['more']}" if more else "")
    return Content(text, (*cards, Card(text=_asked(ctx, plan), controls=tuple(_controls(ctx, kept, plan, asker)))))


def done_of(ctx: Context, found: Sequence[Imported]) -> Content:
    """Return what was imported."""
    if not found:
        return Content(ctx.say("exchange")["nothing"])
    return Content("\n".join(_done(ctx, one) for one in found))


def confirming(ctx: Context, row: PlaybookRow, book: Playbook) -> Content:
    """Return which commands and webhooks of a playbook are off, with the button that has them on."""
    said = ctx.say("exchange", title=row.title)
    lines = "\n".join(ctx.say("exchange", about=one)["held_line"] for one in held_of(row, book))
    button = IMPORT_CONFIRM.button(said["confirm"], ToConfirm(row.id, mark_of(row, book)), style="primary")
    return Content(said["held"], (Card(text=lines, controls=(button,)),))


def _card(step: Step, say: partial[Said]) -> Card:
    lines = list(details_of(step, say))
    shown = [f"- {line}" for line in lines[:SHOWN]]
    if len(lines) > SHOWN:
        shown.append(say(count=len(lines) - SHOWN)["more_details"])
    return Card(colour=_COLOURS[step.what], text="\n".join([f"**{title_of(step, say)}**", *shown]))


def _asked(ctx: Context, plan: Plan) -> str:
    said = ctx.say("exchange")
    if plan.lacks_team:
        return said["which_team"]
    if any(step.what == "conflict" for step in plan.steps):
        return said["settle_conflict"]
    if not plan.is_settled:
        return said["settle_unknown"]
    return said["ready" if plan.changes else "nothing_to_do"]


def _controls(ctx: Context, kept: Import, plan: Plan, asker: Person) -> Iterator[Button | Menu]:
    said, of = ctx.say("exchange"), OfImport(kept.id)
    if plan.is_settled and plan.changes and not plan.lacks_team:
        yield IMPORT_DO.button(said["do"], of, style="primary")
    if any(step.why == "there" for step in plan.steps):
        how = [Option(said[f"how_{one.replace('-', '_')}"], one) for one in ON_CONFLICT[1:]]
        yield IMPORT_HOW.menu(said["how"], how, of)
    if any(one.how == "to_be_mapped" for step in plan.steps for one in step.named):
        yield IMPORT_LEAVE.button(said["leave"], of)
    own = teams.of_person(ctx, asker)
    if len(own) > 1:
        yield IMPORT_TEAM.menu(said["team"], [Option(one.title or one.name, one.name) for one in own], of)
    yield IMPORT_CANCEL.button(said["cancel"], of)


def _done(ctx: Context, one: Imported) -> str:
    said = ctx.say(
        "exchange",
        title=one.row.title,
        key=one.row.key,
        version=one.row.version,
        held=bool(one.row.held),
    )
    return said["created" if one.step.what == "create" else "updated"]
