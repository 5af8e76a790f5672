"""What a dialog or a page's form of attributes was filled in with: read by each one's type, or refused at its field."""

from collections.abc import Sequence
from typing import Annotated

import msgspec

from handlers.context import Context
from handlers.effects import Refused
from handlers.events import Person
from handlers.forms import Filled, Text
from handlers.playbooks.attributes import MOST, Attribute
from handlers.playbooks.playbook import Playbook
from handlers.playbooks.templates import attributes_used
from handlers.rules.attribute_reading import VALUE_LIMIT, read_values
from handlers.rules.conditions import Values
from handlers.rules.people_named import chosen
from handlers.text.numbers import number

FIELDS = tuple(f"attribute{at}" for at in range(1, MOST + 1))
"""The fields of a form for attributes, each by its number among the playbook's attributes."""

AS_FIELDS = [(name, Annotated[str | None, Text(VALUE_LIMIT)]) for name in FIELDS]
AttributesForm = msgspec.defstruct("AttributesForm", AS_FIELDS, bases=(Filled,), frozen=True)
"""The form of attributes; one that it does not show is None."""

Fields = Sequence[tuple[Attribute, str]]


def fields_of(attributes: Sequence[Attribute]) -> Fields:
    """Return attributes, each with the name of its field."""
    return list(zip(attributes, FIELDS, strict=False))


def asked_at_start(book: Playbook) -> Fields:
    """Return what is asked for before a run starts: what has to be said, and what the run's name is made of."""
    named = attributes_used(book, book.name)
    return [(one, name) for one, name in fields_of(book.attributes) if one.required or one.name in named]


def needed_at_start(book: Playbook) -> Fields:
    """Return those without which no run starts.

    Where texts are those of Mattermost's own product, what the name is made of is among them, as it is there.
    """
    is_named = book.templates == "tokens"
    return [(one, name) for one, name in asked_at_start(book) if one.required or is_named]


def numbers_of(fields: Fields) -> str:
    """Return which fields a form shows, for it to say so when it comes back: clients leave out what is empty."""
    return ",".join(name.removeprefix("attribute") for _, name in fields)


def numbered(attributes: Sequence[Attribute], numbers: str) -> Fields:
    """Return the fields that a form showed."""
    shown = {number(one) for one in numbers.split(",")}
    return [(one, name) for at, (one, name) in enumerate(fields_of(attributes), 1) if at in shown]


def in_field(ctx: Context, attribute: Attribute, values: tuple[str, ...]) -> str:
    """Return values as they stand in a field, in which they are read again."""
    if attribute.type == "person":
        return ", ".join(f"@{ctx.username(one)}" for one in values)
    return ", ".join(values)


def filled_in(
    ctx: Context, fields: Fields, form: Filled, before: Values, asker: Person
) -> tuple[Values, dict[str, str]]:
    """Return the values that a form gives to attributes, and by field what cannot be; what was left as it was stays."""
    values: dict[str, tuple[str, ...]] = {}
    wrong: dict[str, str] = {}
    for attribute, name in fields:
        words = getattr(form, name) or ""
        kept = before.get(attribute.name, ())
        if words in (in_field(ctx, attribute, kept), *kept[:1]):
            continue
        try:
            values[attribute.name] = _read(ctx, attribute, words, asker)
        except Refused as refused:
            wrong[name] = refused.refusal.text
    return values, wrong


def lacking(ctx: Context, fields: Fields, values: Values) -> dict[str, str]:
    """Return by field what has no value, where all have to have one."""
    said = ctx.say("attribute")
    return {name: said["field_needed"] for one, name in fields if not values.get(one.name)}


def _read(ctx: Context, attribute: Attribute, words: str, asker: Person) -> tuple[str, ...]:
    # A dialog gives the id of whom somebody has chosen, a page what they wrote.
    if attribute.type == "person" and (person := chosen(ctx, words)) is not None:
        words = f"@{person.username}"
    return read_values(ctx, attribute, words, asker)
