"""What a playbook keeps that a file in its place says nothing of, as it has no words for it."""

from typing import Any

from pydantic import ValidationError

from handlers.exchange.found import Findings
from handlers.playbooks.playbook import Playbook

ALWAYS = (
    *("match", "start", "timezone", "roles", "start_by", "see_runs", "working", "insights", "actions", "starter"),
    *("name_fixed",),
)
"""Keys that neither its files nor its REST API say anything of."""
IN_FILES = ("owner", "invite", "admins", "members", "teams", "visibility", "edit_by", "webhooks")
"""Keys that its files say nothing of."""


def carried(book: Playbook, before: Playbook, findings: Findings, *, is_file: bool) -> Playbook:
    """Return a playbook of that product's with all that the one before it says and it has no words for."""
    said = book.definition()
    old = before.definition()
    said |= {key: old[key] for key in (*ALWAYS, *(IN_FILES if is_file else ()))}
    said["key"] = before.key
    said["admins"] = list(dict.fromkeys([*said["admins"], *old["admins"]]))
    said["channel"] |= {"header": old["channel"]["header"]}
    if is_file:
        said["channel"] |= {key: said["channel"][key] or old["channel"][key] for key in ("use",)}
        said["channel"]["visibility"] = old["channel"]["visibility"]
        said["updates"] |= {key: value for key, value in old["updates"].items() if key.startswith("broadcast")}
    return _valid(said, findings)


def _valid(said: dict[str, Any], findings: Findings) -> Playbook:
    try:
        return Playbook.model_validate(said)
    except ValidationError:
        # Actions are about tasks, roles and attributes, which the file may have no more.
        findings.note("actions_dropped")
        return Playbook.model_validate(said | {"actions": []})
