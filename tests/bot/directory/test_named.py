"""Whom and what playbooks name is read of the server before it is needed."""

from bot.directory.named import named_in
from handlers.playbooks.playbook import Playbook


def test_all_people_that_playbooks_name_are_met_before_they_are_needed() -> None:
    roles = [
        {"name": "scribe", "person": "@dana"},
        {"name": "on-call", "rota": {"people": ["@lee"], "from": "2026-01-05"}},
    ]
    tasks = [{"title": "Look", "assignees": ["@kim", "scribe"], "done_when": {"says": ["ok"], "by": ["@pat"]}}]
    book = Playbook.model_validate(
        {
            "title": "Release",
            "owner": "@rob",
            "invite": ["@sam", "group:sre", "scribe"],
            "admins": ["@ada"],
            "actions": [
                {"on": "update", "invite": ["@max", "group:legal", "on-call"]},
                {"on": "finish", "post": "It is over.", "channel": "~support"},
                {"on": "finish", "post": "Thank you."},
            ],
            "updates": {"broadcast": ["~status"]},
            "channel": {"use": "~releases"},
            "insights": "~weekly",
            "roles": roles,
            "checklists": [{"title": "First", "tasks": tasks}],
        }
    )
    assert named_in([book]) == (
        {"ada", "dana", "lee", "kim", "max", "pat", "rob", "sam"},
        {"status", "releases", "support", "weekly"},
    )
