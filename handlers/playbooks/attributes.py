"""Attributes of a playbook's runs: typed values such as a severity, which people give at the start or later."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator

from handlers.playbooks import values as of
from handlers.playbooks.mistakes import sentence

AttributeType = Literal["text", "link", "number", "select", "multiselect", "date", "person"]
WITH_OPTIONS: frozenset[AttributeType] = frozenset({"select", "multiselect"})
RESERVED = frozenset({"seq", "owner", "creator", "number", "prefix", "date", "message", "keyword", "playbook"})
"""Names that templates know already, in small letters."""
MOST = 50
MOST_OPTIONS = 100


def _free(name: str) -> str:
    if name.casefold() in RESERVED:
        raise ValueError(sentence("attribute_taken", name=name))
    return name


AttributeName = Annotated[of.Line, StringConstraints(max_length=100), AfterValidator(_free)]


class Choice(of.Part):
    """One of the values that a select offers; `color` is a word of the importing product's, which we only keep."""

    name: Annotated[of.Line, StringConstraints(max_length=128)]
    color: Annotated[of.Line, StringConstraints(max_length=128)] | None = None


def _choice(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


class Attribute(of.Part):
    """A typed value of each run; it is asked for at the start where it is `required`.

    `options` are what a select or multiselect offers. `show` tells whether cards and pages show it always, when it has
    a value, or never. `kept` is what an imported file said besides, as a JSON object.
    """

    name: AttributeName
    type: AttributeType = "text"
    description: of.Text = ""
    options: tuple[Annotated[Choice, BeforeValidator(_choice)], ...] = Field(default=(), max_length=MOST_OPTIONS)
    required: bool = False
    show: Literal["always", "filled", "never"] = "filled"
    kept: of.Json = ""

    @property
    def choices(self) -> tuple[str, ...]:
        return tuple(one.name for one in self.options)

    @model_validator(mode="after")
    def _has_options(self) -> Self:
        if bool(self.options) != (self.type in WITH_OPTIONS):
            raise ValueError(sentence("attribute_options", type=self.type))
        if len({name.casefold() for name in self.choices}) < len(self.choices):
            raise ValueError(sentence("option_twice"))
        return self
