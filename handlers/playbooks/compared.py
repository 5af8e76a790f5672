"""What conditions compare attributes with: values that these can have, written as they are kept."""

from datetime import date

from handlers.playbooks.attributes import Attribute
from handlers.playbooks.conditions import When
from handlers.playbooks.mistakes import sentence
from handlers.text.amounts import Unfit, read_number
from handlers.text.nearest import nearest


def never_met(one: When, attribute: Attribute) -> str:
    """Return what is wrong with a comparison, whose attribute can never have one of the values; empty for nothing.

    An empty value stands for none, which each attribute can have.
    """
    for value in filter(None, (*(one.among or ()), *(one.not_among or ()))):
        if attribute.options and value.casefold() not in map(str.casefold, attribute.choices):
            like = nearest(value, attribute.choices)
            said = {"name": attribute.name, "value": value, "nearest": like, "known": list(attribute.choices)}
            return sentence("when_option", **said)
        if (meant := _as_kept(value, attribute)) != value:
            return sentence(f"when_{attribute.type}", name=attribute.name, value=value, nearest=meant)
    return ""


def _as_kept(value: str, attribute: Attribute) -> str:
    """Return how an attribute of a type keeps a value, empty where it cannot have it."""
    match attribute.type:
        case "number":
            try:
                return read_number(value)
            except Unfit:
                return ""
        case "date":
            try:
                return date.fromisoformat(value).isoformat()
            except ValueError:
                return ""
        case "person":
            return value if value.startswith("@") else ""
        case _:
            return value
