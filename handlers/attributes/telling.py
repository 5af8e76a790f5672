"""What is told of a run's attributes: all of them with the tasks that hang on them, and what became of a change."""

from handlers.context import Context
from handlers.controls import ATTRIBUTE_UNDO, ATTRIBUTES_ASK
from handlers.effects import Answer, Button, Card, Content
from handlers.events import Person
from handlers.operations.set_attributes import AttributesSet, Changed
from handlers.payloads import MomentOfRun, OfRun
from handlers.rules import permissions
from handlers.rules.assignees import role_of
from handlers.rules.attributes import attributes_of
from handlers.rules.task_lookup import what
from handlers.text.words import Safe
from handlers.views.attributes import hidden_rows, rows_of, value_in_words
from handlers.views.listed import listed
from store import Run


def told(ctx: Context, run: Run, asker: Person) -> Content:
    """Return all attributes of a run with their values, and the tasks that are hidden by their conditions."""
    rows = rows_of(ctx, run)
    if not rows:
        return Content(ctx.say("attribute")["none"])
    first = attributes_of(run)[0]
    said = ctx.say(
        "attribute",
        rows=rows,
        hidden=hidden_rows(ctx, run),
        name=run.name,
        example=role_of(first.name),
        like=first.choices[0] if first.choices else Safe(ctx.say("attribute")[f"like_{first.type}"]),
    )
    may_set = permissions.is_offered(ctx, "change", asker, run)
    controls = (ATTRIBUTES_ASK.button(said["ask"], OfRun(run.id)),) if may_set else ()
    return listed(ctx, f"{said['rows']}\n\n{said['foot']}", controls, above=said["title"])


def answered(ctx: Context, run: Run, done: AttributesSet) -> Answer:
    """Return what became of a change, with a button that takes it back where it was of one attribute."""
    if not done.changed:
        return ctx.answer("attribute", "unchanged")
    said = ctx.say(
        "attribute",
        lines=[Safe(_line(ctx, one)) for one in done.changed],
        appeared=what(ctx, done.appeared) if done.appeared else "",
        count=len(done.appeared),
        gone=done.hidden,
    )
    return Answer(content=Content(said["changed"], _undo(ctx, run, done.changed, said["undo"])))


def _line(ctx: Context, one: Changed) -> str:
    before, value = (value_in_words(ctx, one.attribute, each) for each in (one.before, one.values))
    said = ctx.say("attribute", attribute=one.attribute, before=before, value=value)
    return said["set" if one.values else "unset"]


def _undo(ctx: Context, run: Run, changed: tuple[Changed, ...], label: str) -> tuple[Card, ...]:
    is_possible = len(changed) == 1 and (changed[0].before or not changed[0].attribute.required)
    button: Button = ATTRIBUTE_UNDO.button(label, MomentOfRun(run.id, changed[0].moment_id))
    return (Card(controls=(button,)),) if is_possible else ()
