"""Conditions as that product writes them, both ways: by the ids of fields and options, in a list of their own."""

from collections.abc import Mapping, Sequence
from typing import Any

from handlers.exchange.attributes import FieldOf, id_for
from handlers.exchange.saying import Saying
from handlers.exchange.words import line_of
from handlers.playbooks.conditions import DEEPEST, When

_COMPARABLE = ("text", "link", "select", "multiselect")
"""The types that conditions are about in that product."""


def whens_of(said: Sequence[Saying], fields: Mapping[str, FieldOf]) -> dict[str, When | None]:
    """Return by their ids what the conditions of a file are; None for one that says nothing that can be met here."""
    by_id = {one.id: one for one in fields.values()}
    found = {}
    for one in said:
        usual = one.values.get("version", 1) == 1
        found[one.text("id")] = _when(one.group("condition_expr").values, by_id) if usual else None
    return found


def expression_of(when: When, fields: Mapping[str, FieldOf]) -> dict[str, Any] | None:
    """Return a condition as that product writes it; None where it has no words for it, such as one on a number."""
    if when.attribute is not None:
        return _comparison(when, fields)
    word, several = ("and", when.all) if when.all else ("or", when.any)
    # It puts no condition into another that is in one already.
    if when.depth > 2:
        return None
    parts = [expression_of(one, fields) for one in several]
    return {word: parts} if None not in parts else None


def condition_id(when: When) -> str:
    """Return the id of a condition that came from no file."""
    return id_for("condition", when.model_dump_json())


def _when(said: Any, fields: Mapping[str, FieldOf], depth: int = 1) -> When | None:
    if not isinstance(said, dict) or len(said) != 1 or depth > DEEPEST:
        return None
    ((word, value),) = said.items()
    if word in ("is", "isNot"):
        return _compared(word, value, fields)
    if word not in ("and", "or") or not isinstance(value, list):
        return None
    parts = [_when(one, fields, depth + 1) for one in value[:51]]
    several = tuple(one for one in parts if one is not None)
    if not several or len(several) < len(value):
        return None
    return When(all=several) if word == "and" else When(any=several)


def _compared(word: str, said: Any, fields: Mapping[str, FieldOf]) -> When | None:
    field = fields.get(str(said.get("field_id", ""))) if isinstance(said, dict) else None
    if field is None or field.attribute.type not in _COMPARABLE:
        return None
    wanted = said.get("value")
    values = tuple(wanted) if isinstance(wanted, list) else (wanted,)
    if not values or len(values) > 100 or not all(isinstance(one, str) for one in values):
        return None
    if field.attribute.options:
        names = {key: name for name, key in field.options.items()}
        values = tuple(names.get(one, "") for one in values)
        if "" in values:
            return None
    elif any(line_of(one, 1000) != one.strip() for one in values):
        return None
    return _asked(field.attribute.name, word, values)


def _asked(name: str, word: str, values: tuple[str, ...]) -> When:
    return When.model_validate({"attribute": name, "is" if word == "is" else "is_not": values})


def _comparison(when: When, fields: Mapping[str, FieldOf]) -> dict[str, Any] | None:
    field = fields.get(when.attribute or "")
    word, values = ("is", when.among) if when.among is not None else ("isNot", when.not_among or ())
    if field is None or field.attribute.type not in _COMPARABLE:
        return None
    if field.attribute.options:
        ids = [field.options.get(name, "") for name in values]
        return {word: {"field_id": field.id, "value": ids}} if all(ids) else None
    each = [{word: {"field_id": field.id, "value": one}} for one in values]
    # A text is compared with one value there: it is any of several, or none of them.
    return each[0] if len(each) == 1 else {"or" if word == "is" else "and": each}
