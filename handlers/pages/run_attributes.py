"""The attributes of a run as a page shows them, with the fields of its form, and the tasks that hang on them."""

from dataclasses import dataclass

from handlers.context import Context
from handlers.rules.attribute_form import fields_of, in_field
from handlers.rules.attributes import attributes_of, kept_values
from handlers.text.words import Safe
from handlers.views.attributes import hidden_rows, value_in_words
from store import Run


@dataclass(frozen=True, slots=True)
class AttributeShown:
    """An attribute: its `value` as Markdown, `written` as its `field` has it, `choices` what it can be.

    It `is_shown` beside how the run stands, or among the fields alone.
    """

    name: str
    type: str
    description: str
    value: Safe
    field: str
    written: str
    choices: tuple[str, ...]
    required: bool
    is_shown: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """A task that is hidden, and the condition on which it is to be done, as Markdown."""

    number: str
    title: str
    when: Safe


@dataclass(frozen=True, slots=True)
class Attributes:
    """All attributes of a run, and the tasks that are hidden by them."""

    all: tuple[AttributeShown, ...]
    hidden: tuple[Waiting, ...]

    @property
    def shown(self) -> list[AttributeShown]:
        return [one for one in self.all if one.is_shown]


def attributes_shown(ctx: Context, run: Run) -> Attributes:
    """Return a run's attributes."""
    kept, found = kept_values(ctx, run), []
    for one, field in fields_of(attributes_of(run)):
        values = kept[one.name]
        found.append(
            AttributeShown(
                name=one.name,
                type=one.type,
                description=one.description,
                value=value_in_words(ctx, one, values),
                field=field,
                written=in_field(ctx, one, values),
                choices=one.choices,
                required=one.required,
                is_shown=one.show == "always" or (one.show == "filled" and bool(values)),
            )
        )
    return Attributes(tuple(found), tuple(Waiting(**one) for one in hidden_rows(ctx, run)))
