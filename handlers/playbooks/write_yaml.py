"""A playbook as YAML that people read and change: it reads back as the same playbook."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import yaml

from handlers.playbooks.metrics import Metric
from handlers.playbooks.playbook import Playbook
from handlers.playbooks.values import Part

SCHEMA_LINE = "# yaml-language-server: $schema=playbook.schema.json\n"
"""Where editors look for the schema: beside the file, where `muster playbooks schema` was written to."""

JUST = {"tasks": "title", "roles": "name", "options": "name", "links": "url"}
"""What an entry of a list may be alone, where it says no more."""
_LENGTHS = frozenset({"due", "every", "remind", "target"})
_LENGTH = re.compile(r"[0-9]+ (?:d|h|min|s)(?: [0-9]+ (?:h|min|s))*")
_IN_ONE_LINE = frozenset(
    {"when", "all", "any", "is", "is_not", "done_when", "says", "by", "rota", "people", "needs", "assignees"}
    | {"links", "events", "options", "teams", "days", "hours", "working", "insights", "rota"}
)
_LONGEST = 80
# Readers of other versions of YAML take these for numbers or true, too.
_ELSEWHERE = re.compile(r"[-+]?(?:0o[0-7]+|[0-9]+(?:\.[0-9]*)?(?:e[-+]?[0-9]+)?|\.[0-9]+)|[yn]", re.IGNORECASE)
_UNSEEN = re.compile("[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


def written(book: Playbook) -> str:
    """Return a playbook as YAML, with all that is not as it would be anyway."""
    return SCHEMA_LINE + as_yaml(said_of(book))


def said_of(book: Playbook) -> dict[str, Any]:
    """Return what a file says of a playbook, as its author would write it."""
    said = book.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    # Who changes the title later means the same playbook.
    said = {"title": said.pop("title"), "key": said.pop("key")} | said
    if book.retrospective.enabled:
        said["retrospective"] = {"enabled": True} | said.get("retrospective", {})
    return {key: as_written(key, value) for key, value in said.items()}


def as_yaml(said: object) -> str:
    """Return texts, lists and groups of keys as YAML, each text in the plainest way that means the same everywhere."""
    return yaml.serialize(_node(said), Dumper=_Dumper, allow_unicode=True, width=2**20)


def in_one_line(part: Part) -> str:
    """Return a part of a playbook as one line: `{attribute: Severity, is: high}`, or its title if it says no more."""
    said = as_written("", part.model_dump(mode="json", by_alias=True, exclude_defaults=True))
    if len(said) == 1 and isinstance(only := next(iter(said.values())), str):
        return only
    return inside(said)


def inside(said: object) -> str:
    """Return texts, lists and groups of keys as they stand in one line, also within brackets."""
    made: str = yaml.serialize(_node([said], flow=True), Dumper=_Dumper, allow_unicode=True, width=2**20)
    return made.rstrip("\n")[1:-1]


class _Key(str):
    """A key, of which everybody knows that it is a word: `on` as well."""

    __slots__ = ()


class _Dumper(yaml.SafeDumper):
    """Writes lists further in than their keys."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def resolve(self, kind: type[yaml.Node], value: Any, implicit: Any) -> Any:
        resolve: Callable[..., Any] = super().resolve
        return "tag:yaml.org,2002:str" if isinstance(value, _Key) else resolve(kind, value, implicit)

    def analyze_scalar(self, scalar: str) -> Any:
        # Spaces at the end of a line, as Markdown has them, and tabs mean the same in a block.
        found = super().analyze_scalar(scalar)
        found.allow_block = found.allow_block or (found.multiline and not _UNSEEN.search(scalar))
        return found


def _derived(title: str) -> str:
    try:
        return Metric(title=title).key
    except ValueError:
        return ""


def as_written(key: str, value: Any) -> Any:
    """Return a value as its author would write it below a key: just a title, 1h 30m rather than 1 h 30 min."""
    if isinstance(value, Mapping):
        inside = {name: as_written(name, one) for name, one in value.items() if one is not None}
        if key == "metrics" and inside["key"] == _derived(inside["title"]):
            del inside["key"]
        return inside["channel"] if key == "insights" and list(inside) == ["channel"] else inside
    if isinstance(value, list):
        entries = [as_written(key, one) for one in value]
        if key in ("is", "is_not") and len(entries) == 1:
            return entries[0]
        return [just(key, one) for one in entries]
    if key in _LENGTHS and isinstance(value, str) and _LENGTH.fullmatch(value):
        return re.sub(r" (d|h|min|s)\b", lambda found: found[1][0], value)
    return value


def just(key: str, entry: Any) -> Any:
    """Return an entry of a list as what it is known by alone, where it says no more."""
    only = JUST.get(key)
    return entry[only] if isinstance(entry, Mapping) and list(entry) == [only] else entry


def _node(value: object, key: str = "", *, flow: bool = False) -> yaml.Node:
    if isinstance(value, bool):
        return yaml.ScalarNode("tag:yaml.org,2002:bool", "true" if value else "false")
    flow = flow or _fits(key, value)
    if isinstance(value, Mapping):
        pairs = [(_scalar(_Key(name), flow=flow), _node(one, str(name), flow=flow)) for name, one in value.items()]
        return yaml.MappingNode("tag:yaml.org,2002:map", pairs, flow_style=flow)
    if isinstance(value, Sequence) and not isinstance(value, str):
        entries = [_node(one, key if key in _IN_ONE_LINE else "", flow=flow) for one in value]
        return yaml.SequenceNode("tag:yaml.org,2002:seq", entries, flow_style=flow or not value)
    return _scalar(str(value), flow=flow)


def _fits(key: str, value: object) -> bool:
    words = str(value)
    return key in _IN_ONE_LINE and len(words) <= _LONGEST and "\\n" not in words


def _scalar(text: str, *, flow: bool) -> yaml.ScalarNode:
    is_odd = _UNSEEN.search(text) or _ELSEWHERE.fullmatch(text)
    is_long = "\n" in text and not is_odd and not flow
    style = "|" if is_long else '"' if is_odd or "\n" in text else None
    return yaml.ScalarNode("tag:yaml.org,2002:str", f"{text}\n" if is_long else text, style=style)
