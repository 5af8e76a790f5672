"""Checklists and their tasks as that product writes them, both ways."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from handlers.exchange.attributes import FieldOf
from handlers.exchange.conditions import condition_id, expression_of
from handlers.exchange.found import Findings, Names
from handlers.exchange.kept import kept_of, restored
from handlers.exchange.parts import OF_SERVER
from handlers.exchange.saying import Saying
from handlers.exchange.words import line_of
from handlers.playbooks.conditions import When
from handlers.playbooks.keywords import unheard
from handlers.playbooks.playbook import Checklist, DoneWhen, Task
from handlers.text.durations import LONGEST

KNOWN = frozenset({
    *("title", "description", "command", "due_date", "assignee_type", "assignee_property_field_id", "assignee_id"),
    *("condition_id", "condition_action", "condition_reason", "task_actions"),
})  # fmt: skip
"""The keys of a task that mean something here, or say how it stands in a run."""


@dataclass(frozen=True, slots=True)
class Around:
    """What tasks refer to: attributes by name, conditions by their ids, and people."""

    fields: Mapping[str, FieldOf]
    whens: Mapping[str, When | None] = field(default_factory=dict)
    names: Names = field(default_factory=Names)


def checklists_of(said: Sequence[Saying], around: Around, findings: Findings) -> tuple[Checklist, ...]:
    """Return the checklists of a file."""
    return tuple(_checklist(one, around, findings) for one in said)


def written_checklists(checklists: Sequence[Checklist], around: Around) -> list[dict[str, Any]]:
    """Return checklists as a file has them."""
    return [restored(_bare_checklist(one, around), one.kept) for one in checklists]


def written_item(task: Task, around: Around) -> dict[str, Any]:
    """Return a task as a file has it."""
    return restored(_bare_item(task, around), task.kept)


def _checklist(said: Saying, around: Around, findings: Findings) -> Checklist:
    tasks = tuple(_task(one, around, findings) for one in said.groups("items"))
    bare = Checklist(title=findings.line(said.text("title"), 200, "Tasks", "title"), tasks=tasks)
    return bare.model_copy(update={"kept": kept_of(said.values, _bare_checklist(bare, around))})


def _bare_checklist(checklist: Checklist, around: Around) -> dict[str, Any]:
    return {"title": checklist.title, "items": [written_item(one, around) for one in checklist.tasks]}


def _task(said: Saying, around: Around, findings: Findings) -> Task:
    title = findings.line(said.text("title"), 200, "Untitled", "title")
    for key in said.values.keys() - KNOWN - OF_SERVER:
        findings.note("unknown_in_task", key)
    bare = Task(
        title=title,
        description=findings.text(said.text("description"), 4000, title),
        due=_due(said.number("due_date"), title, findings),
        command=_command(said.text("command"), title, findings),
        when=_when(said.text("condition_id"), title, around, findings),
        done_when=_done_when(said.groups("task_actions"), title, findings),
        **_assigned(said, title, around, findings),
    )
    return bare.model_copy(update={"kept": kept_of(said.values, _bare_item(bare, around))})


def _due(milliseconds: int, title: str, findings: Findings) -> int | None:
    """Return after how many seconds a task is due; its times are relative to the start of a run."""
    if milliseconds and not 1000 <= milliseconds <= LONGEST * 1000:
        findings.note("due_lost", title)
        return None
    return milliseconds // 1000 or None


def _command(said: str, title: str, findings: Findings) -> str | None:
    command = line_of(said, 201)
    if not command:
        return None
    if not command.startswith("/") or len(command) > 200 or command[1:2].isspace() or len(command) < 2:
        findings.note("command_unfit", title, said)
        return None
    return command


def _when(key: str, title: str, around: Around, findings: Findings) -> When | None:
    when = around.whens.get(key)
    if key and when is None:
        findings.note("condition_lost", title)
    return when


def _assigned(said: Saying, title: str, around: Around, findings: Findings) -> dict[str, Any]:
    match said.text("assignee_type"):
        case "owner" | "creator" as role:
            return {"assignee": role}
        case "property_user":
            wanted = said.text("assignee_property_field_id")
            fields = [one.attribute for one in around.fields.values() if one.id == wanted]
            # Only an attribute that names one person can say whose a task is.
            names = [one.name for one in fields if one.type == "person"]
            if not names:
                findings.note("assignee_lost", title)
            return {"assignee_attribute": names[0] if names else None}
        case _:
            return {"assignee": findings.name("person", said.text("assignee_id")) or None}


def _done_when(actions: Sequence[Saying], title: str, findings: Findings) -> DoneWhen | None:
    """Return the words that complete a task, of its first action of that kind that is on."""
    if len(actions) > 1:
        findings.note("words_several", title)
    for action in actions:
        trigger, says = action.group("trigger"), _payload(action.group("trigger"))
        does = [_payload(one).get("enabled") for one in action.groups("actions")]
        if trigger.text("type") != "keywords_by_users" or not any(does):
            continue
        keywords, people = _strings(says.get("keywords")), _strings(says.get("user_ids"))
        words = [line_of(one, 100) for one in keywords if line_of(one, 100) and unheard(line_of(one, 100)) is None]
        names = [findings.name("person", one) for one in people]
        if not words or not all(names) or len(words) > 20 or len(names) > 50:
            findings.note("words_lost", title)
            continue
        return DoneWhen(says=tuple(words), by=tuple(names))
    return None


def _payload(said: Saying) -> dict[str, Any]:
    """Return what stands in a payload, which is JSON in a text; nothing where it is none."""
    try:
        found = json.loads(said.text("payload") or "{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _strings(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _bare_item(task: Task, around: Around) -> dict[str, Any]:
    """Return a task as an item of a file, as if it came from none; what it has no words for is left out."""
    expression = expression_of(task.when, around.fields) if task.when is not None else None
    person = around.names.id_of("person", task.assignee or "")
    field_of = around.fields.get(task.assignee_attribute or "")
    field_id = field_of.id if field_of is not None else ""
    said = {
        "title": task.title,
        "description": task.description,
        "command": task.command,
        "due_date": (task.due or 0) * 1000,
        "assignee_type": task.assignee if task.assignee in ("owner", "creator") else "property_user" * bool(field_id),
        "assignee_property_field_id": field_id,
        "assignee_id": person,
        "condition_id": condition_id(task.when) if task.when is not None and expression is not None else "",
        "condition_action": "hidden" if expression is not None else "",
        "task_actions": _actions(task.done_when, around.names) if task.done_when is not None else [],
    }
    return {key: value for key, value in said.items() if value}


def _actions(done_when: DoneWhen, names: Names) -> list[dict[str, Any]]:
    ids = [names.id_of("person", one) for one in done_when.by]
    if not done_when.says or not all(ids):
        return []
    payload = json.dumps({"keywords": list(done_when.says), "user_ids": ids}, ensure_ascii=False)
    return [{
        "trigger": {"type": "keywords_by_users", "payload": payload},
        "actions": [{"type": "mark_item_as_done", "payload": json.dumps({"enabled": True})}],
    }]  # fmt: skip
