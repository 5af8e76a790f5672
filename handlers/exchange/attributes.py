"""Attributes as that product writes them, both ways: its `properties`, with ids for fields and options."""

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from handlers.exchange.found import Findings
from handlers.exchange.kept import kept_of, restored
from handlers.exchange.saying import Saying
from handlers.exchange.words import line_of
from handlers.playbooks.attributes import RESERVED, WITH_OPTIONS, Attribute, AttributeType, Choice

_TYPES: Mapping[str, AttributeType] = {
    "text": "text",
    "select": "select",
    "multiselect": "multiselect",
    "date": "date",
    "user": "person",
}
_AS_TYPE: Mapping[AttributeType, str] = {
    "text": "text",
    "link": "text",
    "number": "text",
    "select": "select",
    "multiselect": "multiselect",
    "date": "date",
    "person": "user",
}
_SHOW: Mapping[str, Literal["always", "never"]] = {"always": "always", "hidden": "never"}
_AS_VISIBILITY = {"always": "always", "never": "hidden", "filled": "when_set"}

MOST_IN_OPTION = 120
"""How many characters of an option's name are taken, so that a number may still stand behind it."""


@dataclass(frozen=True, slots=True)
class FieldOf:
    """An attribute with the ids that a file has for it: its own, and of each option by the option's name."""

    attribute: Attribute
    id: str
    options: Mapping[str, str]


def id_for(*words: str) -> str:
    """Return an id of that product's shape, the same for the same words."""
    made = hashlib.sha256("\n".join(words).encode("utf-8", "surrogatepass")).digest()
    return base64.b32encode(made).decode().lower()[:26]


def attributes_of(said: Sequence[Saying], findings: Findings) -> tuple[Attribute, ...]:
    """Return the attributes that the properties of a file are."""
    made: list[Attribute] = []
    for at, one in enumerate(said):
        name = _name(one.text("name"), made, findings)
        if (called := one.text("name").strip()) != name:
            findings.tokens.setdefault(called.casefold(), name)
        bare = _attribute(one, name, findings)
        made.append(bare.model_copy(update={"kept": kept_of(one.values, _bare_property(bare, at))}))
    return tuple(made)


def properties_of(attributes: Sequence[Attribute]) -> list[dict[str, Any]]:
    """Return attributes as properties of a file."""
    return [restored(_bare_property(one, at), one.kept) for at, one in enumerate(attributes)]


def fields_of(attributes: Sequence[Attribute]) -> dict[str, FieldOf]:
    """Return attributes by their names, with the ids that their properties have."""
    found = {}
    for one, written in zip(attributes, properties_of(attributes), strict=True):
        options = _listed(_group(written.get("attrs")).get("options"))
        ids = {name: str(option.get("id", "")) for name, option in zip(one.choices, options, strict=False)}
        found[one.name] = FieldOf(one, str(written.get("id", "")), ids)
    return found


def _name(wanted: str, made: Sequence[Attribute], findings: Findings) -> str:
    name = line_of(findings.renamed.get(wanted, wanted), 90, "Attribute")
    taken = {*RESERVED, *(one.name.casefold() for one in made)}
    free = _free(name, taken)
    if free != wanted.strip() and wanted not in findings.renamed:
        findings.note("attribute_renamed", wanted, free)
    return free


def _free(name: str, taken: Iterable[str]) -> str:
    """Return a name that is not taken yet, with a number behind it where it has to be."""
    seen = set(taken)
    return next(one for one in (name, *(f"{name} {n}" for n in range(2, len(seen) + 3))) if one.casefold() not in seen)


def _attribute(said: Saying, name: str, findings: Findings) -> Attribute:
    attrs = said.group("attrs")
    wanted = said.text("type")
    kind: AttributeType = _TYPES.get(wanted, "text")
    choices = tuple(_choices(attrs.groups("options"), name, findings)) if kind in WITH_OPTIONS else ()
    if kind in WITH_OPTIONS and not choices:
        kind = "text"
    if wanted not in _TYPES or (kind == "text" and wanted != "text"):
        findings.note("attribute_type", name, wanted)
    if kind == "text" and attrs.text("value_type") == "url":
        kind = "link"
    return Attribute(
        name=name,
        type=kind,
        options=choices,
        show=_SHOW.get(attrs.text("visibility"), "filled"),
    )


def _choices(options: Sequence[Saying], attribute: str, findings: Findings) -> Iterable[Choice]:
    taken: set[str] = set()
    for one in options:
        name = _free(line_of(one.text("name"), MOST_IN_OPTION, "Option"), taken)
        taken.add(name.casefold())
        if name != line_of(one.text("name"), len(one.text("name"))):
            findings.note("option_renamed", attribute, name)
        yield Choice(name=name, color=line_of(one.text("color"), 128) or None)


def _bare_property(attribute: Attribute, at: int) -> dict[str, Any]:
    """Return an attribute as a property of a file, as if it came from none; `at` is its place, from 0."""
    name = attribute.name
    options = [
        {"id": id_for("option", name, one.name), "name": one.name} | ({"color": one.color} if one.color else {})
        for one in attribute.options
    ]
    return {
        "id": id_for("field", name),
        "name": name,
        "type": _AS_TYPE[attribute.type],
        "attrs": {
            "visibility": _AS_VISIBILITY[attribute.show],
            "sort_order": at + 1,
            "options": options or None,
            "parent_id": "",
            "value_type": "url" if attribute.type == "link" else "",
        },
    }


def _group(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _listed(value: object) -> list[dict[str, Any]]:
    return [_group(one) for one in value] if isinstance(value, list) else []
