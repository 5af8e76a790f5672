"""A server with playbooks of its own, and what it tells of a drill that was run a few times."""

from typing import Any

from plugin_server import PluginServer

HOUR = 3_600_000
BEGIN = 1_700_000_000_000
METRIC = {"id": "m1", "title": "Time to writable", "type": "metric_duration", "target": 300000}
FIELD = {
    "id": "f1",
    "name": "Environment",
    "type": "select",
    "attrs": {"options": [{"id": "o1", "name": "Production"}]},
}
CONDITION = {"id": "c1", "version": 1, "condition_expr": {"is": {"field_id": "f1", "value": ["o1"]}}}
PLAYBOOK: dict[str, Any] = {
    "id": "p1", "title": "Drill", "team_id": "t9", "public": True, "create_at": 5, "num_runs": 3, "metrics": [METRIC],
    "members": [{"user_id": "u1", "roles": ["playbook_member", "playbook_admin"]}],
    "default_owner_enabled": True, "default_owner_id": "u2",
    "checklists": [{"id": "l", "title": "Do", "items": [
        {"id": "i1", "title": "Look", "condition_id": "c1"}, {"id": "i2", "title": "Fix"},
    ]}],
}  # fmt: skip


def a_run(key: str, **more: Any) -> dict[str, Any]:
    """Return a finished run as the API tells it."""
    return {
        "id": key, "name": f"Drill {key}", "playbook_id": "p1", "team_id": "t9", "channel_id": "gone",
        "owner_user_id": "u2", "reporter_user_id": "u1", "participant_ids": ["u1", "u2", "u3"],
        "create_at": BEGIN, "end_at": BEGIN + HOUR, "current_status": "Finished", "run_number": 7,
        "sequential_id": "DRILL-00007", "summary": "It went well",
        "retrospective": "We learnt a lot.", "retrospective_published_at": BEGIN + 2 * HOUR,
        "metrics_data": [{"metric_config_id": "m1", "value": 240000}],
        "property_fields": [{"id": "rf1", "name": "Environment", "type": "select",
                             "attrs": {"parent_id": "f1", "options": [{"id": "ro1", "name": "Production"}]}}],
        "property_values": [{"field_id": "rf1", "value": "ro1"}],
        "checklists": [{"title": "Do", "items": [
            {"title": "Look", "state": "closed", "state_modified": BEGIN + 60_000, "assignee_id": "u3"},
            {"title": "Fix", "state": "skipped"}, {"title": "Added by hand", "state": ""},
        ]}],
        "timeline_events": [
            {"event_type": "incident_created", "event_at": BEGIN, "creator_user_id": "u1"},
            {"event_type": "task_state_modified", "event_at": BEGIN + 60_000, "creator_user_id": "u3",
             "details": '{"action": "check", "task": "Look"}', "summary": "checked off"},
            {"event_type": "status_updated", "event_at": BEGIN + 120_000, "creator_user_id": "u2", "post_id": "post"},
            {"event_type": "owner_changed", "event_at": BEGIN + 130_000, "summary": "@ann to @ben"},
            {"event_type": "run_finished", "event_at": BEGIN + HOUR, "creator_user_id": "u2"},
            {"event_type": "event_from_post", "event_at": BEGIN, "delete_at": 5, "summary": "taken away"},
        ],
    } | more  # fmt: skip


def a_server(**more: Any) -> PluginServer:
    usual: dict[str, Any] = {
        "playbooks": [PLAYBOOK], "properties": {"p1": [FIELD]}, "conditions": {"p1": [CONDITION]},
        "people": {"u1": "ann", "u2": "bob", "u3": "cem"}, "teams": {"t9": "ops"},
        "runs": [a_run("r1"), a_run("r2"), a_run("r3"), a_run("r4", current_status="InProgress", end_at=0)],
    }  # fmt: skip
    return PluginServer(**usual | more)
