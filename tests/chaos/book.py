"""The playbook of all episodes: a public channel, two checklists, an update every half an hour."""

from typing import Any

from chaos.plan import SPOKEN, TASKS, WORDS

TITLES = {number: f"Step {number.replace('.', ' of ')}" for number in TASKS}


def _tasks(part: str) -> list[Any]:
    tasks: list[Any] = [title for number, title in TITLES.items() if number.startswith(part)]
    return tasks + ([{"title": "Watch the graphs", "done_when": {"says": [WORDS]}}] if SPOKEN[0] == part else [])


BOOK: dict[str, Any] = {
    "title": "Incident response",
    "key": "incident-response",
    "keywords": ["sev-1"],
    "name": "{message}",
    "start": "now",
    "welcome": "Mute yourself on the bridge.",
    "updates": {"every": "30m", "broadcast": ["~status"]},
    "channel": {"visibility": "public"},
    "checklists": [{"title": "Triage", "tasks": _tasks("1")}, {"title": "Fix", "tasks": _tasks("2")}],
}
