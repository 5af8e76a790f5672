"""A playbook as YAML that people read and change: it reads back as the same playbook."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from handlers.playbooks.metrics import Metric
from handlers.playbooks.playbook import Playbook

SCHEMA_LINE = "# yaml-language-server: $schema=playbook.schema.json\n"
"""Where editors look for the schema: beside the file, where `muster playbooks schema` was written to."""

_JUST = {"tasks": "title", "roles": "name", "options": "name", "links": "url"}
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
    for metric in said.get("retrospective", {}).get("metrics", ()):
        if metric["key"] == _derived(metric["title"]):
            del metric["key"]
    return {key: _plainer(key, value) for key, value in said.items()}


def as_yaml(said: object) -> str:
    """Return texts, lists and groups of keys as YAML, each text in the plainest way that means the same everywhere."""
    return yaml.serialize(_node(said), Dumper=_Dumper, allow_unicode=True, width=2**20)


def short_length(words: str) -> str:
    """Return a length of time as people write it into a file: 1h 30m rather than 1 h 30 min."""
    return re.sub(r" (d|h|min|s)\b", lambda found: found[1][0], words)


class _Dumper(yaml.SafeDumper):
    """Writes lists further in than their keys."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

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


def _plainer(key: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        inside = {name: _plainer(name, one) for name, one in value.items() if one is not None}
        return inside["channel"] if key == "insights" and list(inside) == ["channel"] else inside
    if isinstance(value, list):
        entries = [_plainer(key, one) for one in value]
        if key in ("is", "is_not") and len(entries) == 1:
            return entries[0]
        return [_just(key, one) for one in entries]
    if key in _LENGTHS and isinstance(value, str) and _LENGTH.fullmatch(value):
        return short_length(value)
    return value


def _just(key: str, entry: Any) -> Any:
    only = _JUST.get(key)
    return entry[only] if isinstance(entry, Mapping) and list(entry) == [only] else entry


def _node(value: object, key: str = "") -> yaml.Node:
    if isinstance(value, bool):
        return yaml.ScalarNode("tag:yaml.org,2002:bool", "true" if value else "false")
    if isinstance(value, Mapping):
        pairs = [(_node(name), _node(one, str(name))) for name, one in value.items()]
        return yaml.MappingNode("tag:yaml.org,2002:map", pairs, flow_style=_fits(key, value))
    if isinstance(value, Sequence) and not isinstance(value, str):
        entries = [_node(one, key if key in _IN_ONE_LINE else "") for one in value]
        return yaml.SequenceNode("tag:yaml.org,2002:seq", entries, flow_style=not value or _fits(key, value))
    return _scalar(str(value))


def _fits(key: str, value: object) -> bool:
    words = str(value)
    return key in _IN_ONE_LINE and len(words) <= _LONGEST and "\\n" not in words


def _scalar(text: str) -> yaml.ScalarNode:
    is_odd = _UNSEEN.search(text) or _ELSEWHERE.fullmatch(text)
    is_long = "\n" in text and not is_odd
    style = "|" if is_long else '"' if is_odd else None
    return yaml.ScalarNode("tag:yaml.org,2002:str", f"{text}\n" if is_long else text, style=style)
