"""The JSON schema of playbook files (draft-07, which editors understand), made from the models that read them."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from pydantic import BaseModel

from handlers.playbooks.playbook import Playbook

Schema = dict[str, Any]

_DIALECT: Final = "http://json-schema.org/draft-07/schema#"
_TEXT: Schema = {"type": "string"}
_WRITTEN: dict[tuple[str, str], Schema] = {
    ("Task", "due"): _TEXT,
    ("Rota", "every"): _TEXT,
    ("Updates", "every"): _TEXT,
    ("Retrospective", "remind"): _TEXT,
    ("Retrospective", "template"): {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]},
    ("Metric", "target"): {"type": ["string", "number"]},
    ("Task", "sets"): _TEXT,
    ("Working", "days"): {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]},
    ("Working", "hours"): {"anyOf": [_TEXT, {"type": "array", "items": _TEXT, "maxItems": 6}]},
    ("Weekly", "day"): _TEXT,
}
"""Values that people write otherwise than they are kept: a length of time in words, days as a range."""
_ALSO_TEXT = {("Checklist", "tasks"), ("Playbook", "roles"), ("Attribute", "options"), ("Task", "links")}
"""Lists whose entries may be just what they are known by."""
_ONE_OR_MORE = {("When", "is"), ("When", "is_not")}


def schema_text() -> str:
    """Return the schema as it stands in `docs/playbook.schema.json`."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def schema() -> Schema:
    """Return the schema of what a file may say."""
    made = Playbook.model_json_schema(by_alias=True, ref_template="#/definitions/{model}")
    definitions = made.pop("$defs")
    top = _object("Playbook", made, _docs(Playbook))
    named = {name: _object(name, one, _docs_of(name)) for name, one in sorted(definitions.items())}
    top["properties"]["insights"] = {"anyOf": [_TEXT, *top["properties"]["insights"]["anyOf"]]}
    return {"$schema": _DIALECT, "title": "A playbook of Muster"} | top | {"definitions": named}


def _object(name: str, said: Schema, docs: str) -> Schema:
    properties = {key: _property(name, key, one, docs) for key, one in said["properties"].items()}
    made = {"description": _first(docs), "type": "object", "additionalProperties": False, "properties": properties}
    return made | ({"required": said["required"]} if "required" in said else {})


def _property(name: str, key: str, said: Schema, docs: str) -> Schema:
    """Return what may stand under a key: nothing at all, too, which leaves it out."""
    shape: Schema = _WRITTEN.get((name, key)) or _shape(said)
    if (name, key) in _ALSO_TEXT:
        shape = shape | {"items": {"anyOf": [_TEXT, shape["items"]]}}
    if (name, key) in _ONE_OR_MORE:
        shape = {"anyOf": [_TEXT, shape]}
    found = _or_nothing(shape)
    if words := " ".join(one for one in _sentences(docs) if f"`{key}`" in one):
        found["description"] = words
    return found


def _or_nothing(shape: Schema) -> Schema:
    options: list[Schema] = [one for one in shape.get("anyOf", [shape]) if one != {"type": "null"}]
    if len(options) > 1 or "$ref" in options[0]:
        return {"anyOf": [*options, {"type": "null"}]}
    only = options[0]
    if "enum" in only:
        return {"enum": [*only["enum"], None]}
    kinds = only["type"] if isinstance(only["type"], list) else [only["type"]]
    return only | {"type": [*kinds, "null"]}


def _shape(said: Schema) -> Schema:
    """Return the form of a value, without the names of the program's own."""
    left = {key: one for key, one in said.items() if key not in ("title", "default")}
    if "items" in left:
        left["items"] = _shape(left["items"])
    if "anyOf" in left:
        left["anyOf"] = [_shape(one) for one in left["anyOf"]]
    return left


def _docs(model: type[BaseModel]) -> str:
    return " ".join((model.__doc__ or "").split())


def _docs_of(name: str) -> str:
    return next((_docs(model) for model in _models(Playbook, set()) if model.__name__ == name), "")


def _models(model: type[BaseModel], seen: set[type[BaseModel]]) -> Iterator[type[BaseModel]]:
    """Yield a model and all that it is made of."""
    if model in seen:
        return
    seen.add(model)
    yield model
    for field in model.model_fields.values():
        for one in _types_in(field.annotation):
            yield from _models(one, seen)


def _types_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for one in getattr(annotation, "__args__", ()):
        yield from _types_in(one)


def _sentences(docs: str) -> list[str]:
    return re.split(r"(?<=\.) ", docs)


def _first(docs: str) -> str:
    return _sentences(docs)[0]
