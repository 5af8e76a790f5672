"""A run's attributes by command: shown, given values one by one, and taken away."""

from handlers.attributes.telling import answered, told
from handlers.context import Context
from handlers.effects import Answer, Effects
from handlers.events import CommandGiven, Press
from handlers.operations.set_attributes import set_attributes, undo_attribute
from handlers.payloads import MomentOfRun
from handlers.playbooks.attributes import Attribute
from handlers.rules import permissions
from handlers.rules.assignees import role_of
from handlers.rules.attribute_form import fields_of
from handlers.rules.attribute_reading import read_values
from handlers.rules.attributes import attributes_of
from handlers.text.arguments import first_part
from handlers.text.nearest import nearest
from handlers.text.plain_forms import aligned, bare
from handlers.text.words import Safe, shorten
from handlers.views.attribute_form import attributes_dialog
from store import Run


def by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`attribute`, `attribute Severity High`, `attribute Severity = High`, `attribute Severity none`."""
    if not words:
        yield Answer(content=told(ctx, run, event.asker))
        return
    permissions.require(ctx, "change", event.asker, run)
    attribute, rest = _named(ctx, run, words)
    if not rest:
        if event.trigger_id:
            yield attributes_dialog(ctx, run, [one for one in fields_of(attributes_of(run)) if one[0] == attribute])
        else:
            yield Answer(content=told(ctx, run, event.asker))
        return
    values = read_values(ctx, attribute, rest, event.asker, event.named)
    done = yield from set_attributes(ctx, run, {attribute.name: values}, event.asker)
    yield answered(ctx, run, done)


def undone(event: Press[MomentOfRun], run: Run, ctx: Context) -> Effects:
    """*Undo* behind an attribute: its value before, unless it was given another one since."""
    moment = ctx.store.moment(event.payload.moment_id or 0)
    if moment is None or moment.run_id != run.id or moment.kind != "attribute":
        raise permissions.gone(ctx)
    done = yield from undo_attribute(ctx, run, moment, event.asker)
    yield answered(ctx, run, done)


def _named(ctx: Context, run: Run, words: str) -> tuple[Attribute, str]:
    """Return the attribute that words begin with, and what stands behind it. Raises `Refused`.

    It is called by its name, or by that with hyphens, as `incident-lead`; or by how it begins, if no other does so.
    """
    attributes = attributes_of(run)
    # The longest first, as one's name may begin with another's.
    for one in sorted(attributes, key=lambda each: len(each.name), reverse=True):
        behind = aligned(words)[len(one.name) :]
        if words[: len(one.name)].casefold() == one.name.casefold() and behind[:1] in ("", " ", "=", ":"):
            return one, _value(words[len(one.name) :])
    first, rest = first_part(words)
    head, _, behind = first.partition("=")
    called = bare(head).casefold()
    begun = [one for one in attributes if called and one.name.casefold().startswith(called)]
    found = [one for one in attributes if called == role_of(one.name)] or (begun if len(begun) == 1 else [])
    if not found:
        names = [one.name for one in attributes]
        said = {"words": shorten(head, 60), "names": names, "nearest": nearest(head, names)}
        raise ctx.refused("attribute", "which", **said, example=Safe(role_of(names[0])) if names else "")
    return found[0], _value(f"{behind} {rest}")


def _value(words: str) -> str:
    """Return what stands behind an attribute's name, without the sign between them."""
    return words.strip().removeprefix("=").removeprefix(":").strip()
