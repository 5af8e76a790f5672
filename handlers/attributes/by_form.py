"""A run's attributes by dialog and by the form of a page: asked for, and what was filled in."""

from handlers.attributes.telling import answered, told
from handlers.context import Context
from handlers.effects import Answer, Correct, Effects
from handlers.events import Acted, ButtonPressed, Press, Submission
from handlers.forms import Filled
from handlers.operations.edit_tasks import turn_tasks
from handlers.operations.set_attributes import set_attributes
from handlers.payloads import AttributesOfRun, OfRun
from handlers.rules.attribute_form import fields_of, filled_in, lacking, numbered
from handlers.rules.attributes import attributes_of, kept_values
from handlers.rules.progress import progress
from handlers.views.attribute_form import attributes_dialog
from store import Run

AT_ONCE = 10
"""How many attributes one dialog asks for: on a phone more is a long way to *Save*."""


def asked(event: ButtonPressed, run: Run, ctx: Context) -> Effects:
    """*Attributes…* in the card's menu: a dialog of them, those without a value first, where there are many."""
    fields, kept = fields_of(attributes_of(run)), kept_values(ctx, run)
    if not fields:
        yield Answer(content=told(ctx, run, event.asker))
        return
    if len(fields) > AT_ONCE:
        fields = sorted(fields, key=lambda one: (bool(kept[one[0].name]), not one[0].required))[:AT_ONCE]
    yield attributes_dialog(ctx, run, fields)


def by_button(event: Press[OfRun], run: Run, ctx: Context) -> Effects:
    """*Fill in…*."""
    yield from asked(event, run, ctx)


def saved(event: Submission[AttributesOfRun, Filled], run: Run, ctx: Context) -> Effects:
    """The dialog of attributes, saved; where a task needed them, it is done with that."""
    fields, kept = numbered(attributes_of(run), event.payload.shown), kept_values(ctx, run)
    values, wrong = filled_in(ctx, fields, event.form, kept, event.asker)
    one = progress(ctx, run).numbered(event.payload.task_id)
    if one is not None:
        wrong |= {name: words for name, words in lacking(ctx, fields, {**kept, **values}).items() if name not in wrong}
    if wrong:
        yield Correct(errors=wrong)
        return
    done = yield from set_attributes(ctx, run, values, event.asker)
    # The task may itself hang on what was said just now.
    if (still := progress(ctx, run).numbered(event.payload.task_id)) is not None:
        yield from turn_tasks(ctx, run, [still], "check", event.asker)
    yield answered(ctx, run, done)


def saved_on_page(event: Acted[Filled], run: Run, ctx: Context) -> Effects:
    """The form of a page, which shows all attributes."""
    fields = [(one, name) for one, name in fields_of(attributes_of(run)) if getattr(event.form, name) is not None]
    values, wrong = filled_in(ctx, fields, event.form, kept_values(ctx, run), event.asker)
    if wrong:
        yield Correct(errors=wrong)
        return
    done = yield from set_attributes(ctx, run, values, event.asker)
    yield answered(ctx, run, done)
