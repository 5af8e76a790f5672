"""Documents as Mattermost Playbooks write them, of every shape that its versions had, for hypothesis to choose from."""

import json
from pathlib import Path
from typing import Any

from hypothesis import strategies as some

EXAMPLE = Path(__file__).with_name("example_export.json")

KEYS = ("first", "second", "unknown_to_us")


def example() -> dict[str, Any]:
    """Return the file of a version of 2026 that says nearly everything a file can say."""
    found: dict[str, Any] = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    return found


def of_2022() -> dict[str, Any]:
    """Return a file as versions from October 2022 on wrote it, with the misspelt key."""
    return {
        "categorize_channel_enabled": True,
        "category_name": "Incidents",
        "checklists": [
            {
                "title": "Triage",
                "items": [{"title": "Look at the graphs"}, {"title": "Page the team", "command": "/page"}],
            }
        ],
        "create_channel_member_on_new_participant": True,
        "create_channel_member_on_removed_participant": True,
        "metrics": [],
        "reminder_timer_default_seconds": 3600,
        "retrospective_enabled": True,
        "status_update_enabled": True,
        "title": "Incident of old",
        "version": 1,
    }


anything = some.recursive(
    some.none() | some.booleans() | some.integers(-(10**9), 10**9) | some.text(max_size=6),
    lambda inner: some.lists(inner, max_size=2) | some.dictionaries(some.sampled_from(KEYS), inner, max_size=2),
    max_leaves=3,
)
words = some.text(max_size=30) | some.sampled_from(
    [
        "",
        " ",
        "Look {SEQ}",
        "{message} {Environment}",
        "docker ps --format '{{.Names}}'",
        "a\r\nb",
        "\N{NULL}",
        "x" * 300,
        "{",
    ]
)
times = some.sampled_from([0, 1, 999, 1500, 900000, -5, 10**15])
yes = some.booleans()


def _keys(**known: some.SearchStrategy[Any]) -> some.SearchStrategy[dict[str, Any]]:
    """Return groups with some of these keys, each perhaps null, and perhaps keys that nobody knows."""
    maybe = {key: some.none() | value for key, value in known.items()}
    return some.builds(
        lambda said, more: more | said,
        some.fixed_dictionaries({}, optional=maybe),
        some.dictionaries(some.sampled_from(KEYS), anything, max_size=1),
    )


fields = some.sampled_from(["field-1", "field-2", "nowhere", ""])
options = some.sampled_from(["option-1", "option-2", "nowhere"])
comparisons = some.builds(
    lambda word, field, value: {word: {"field_id": field, "value": value}},
    some.sampled_from(["is", "isNot"]),
    fields,
    some.lists(options, max_size=2) | words,
)
expressions = comparisons | some.builds(
    lambda word, several: {word: several}, some.sampled_from(["and", "or"]), some.lists(comparisons, max_size=2)
)
conditions = _keys(
    id=some.sampled_from(["condition-1", "condition-2", ""]),
    condition_expr=expressions,
    version=some.just(1) | some.just(2),
)
properties = _keys(
    id=fields,
    name=some.sampled_from(["Environment", "environment", "Date", "", "Ticket"]) | words,
    type=some.sampled_from(["text", "select", "multiselect", "date", "user", "multiuser", "new"]),
    attrs=_keys(
        visibility=some.sampled_from(["always", "hidden", "when_set", "new"]),
        sort_order=times,
        options=some.lists(_keys(id=options, name=words, color=words), max_size=3),
        value_type=some.sampled_from(["", "url"]),
    ),
)
actions = _keys(
    trigger=some.just({"type": "keywords_by_users", "payload": '{"keywords": ["it is up", "`x`"], "user_ids": ["u1"]}'})
    | some.just({"type": "keywords_by_users", "payload": "no json"}),
    actions=some.just([{"type": "mark_item_as_done", "payload": '{"enabled": true}'}]),
)
items = _keys(
    title=words,
    description=words,
    command=words | some.sampled_from(["/echo $a", "/", "no slash", "/ spaced"]),
    due_date=times,
    assignee_type=some.sampled_from(["", "owner", "creator", "property_user", "new"]),
    assignee_property_field_id=fields,
    assignee_id=some.sampled_from(["", "u1", "u2"]),
    condition_id=some.sampled_from(["condition-1", "condition-2", "nowhere", ""]),
    condition_action=some.sampled_from(["hidden", ""]),
    task_actions=some.lists(actions, max_size=2),
)
checklists = _keys(title=words, items=some.lists(items, max_size=3))
metrics = _keys(
    title=words,
    description=words,
    type=some.sampled_from(["metric_duration", "metric_currency", "metric_integer", "new"]),
    target=times,
)
documents = _keys(
    version=some.just(1),
    title=words,
    description=words,
    checklists=some.lists(checklists, max_size=3),
    metrics=some.lists(metrics, max_size=3),
    properties=some.lists(properties, max_size=3),
    conditions=some.lists(conditions, max_size=2),
    status_update_enabled=yes,
    reminder_message_template=words,
    reminder_timer_default_seconds=times,
    message_on_join=words,
    message_on_join_enabled=yes,
    retrospective_enabled=yes,
    retrospective_template=words | some.sampled_from(["before\n### A", "### A\n\n### B\n"]),
    retrospective_reminder_interval_seconds=times,
    signal_any_keywords=some.lists(words | some.sampled_from(["sev-1", "#incident", "`code`"]), max_size=3),
    signal_any_keywords_enabled=yes,
    categorize_channel_enabled=yes,
    category_name=words,
    run_summary_template=words,
    run_summary_template_enabled=yes,
    channel_name_template=words,
    create_channel_member_on_new_participant=yes,
    remove_channel_member_on_removed_participant=yes,
    create_channel_member_on_removed_participant=yes,
    channel_mode=some.sampled_from(["link_existing_channel", "create_new_channel"]),
    channel_id=some.sampled_from(["c1", "c2", ""]),
    run_number_prefix=some.sampled_from(["INC", "-inc-", "ü", ""]),
    owner_group_only_actions=yes,
    new_channel_only=yes,
    auto_archive_channel=yes,
    admin_only_edit=yes,
    public=yes,
    create_public_playbook_run=yes,
    members=some.lists(_keys(user_id=some.sampled_from(["u1", "u2"]), roles=some.just(["playbook_admin"])), max_size=2),
    invite_users_enabled=yes,
    invited_user_ids=some.lists(some.sampled_from(["u1", "u2"]), max_size=2),
    invited_group_ids=some.lists(some.sampled_from(["g1", "g2"]), max_size=2),
    default_owner_enabled=yes,
    default_owner_id=some.sampled_from(["u1", "u2", ""]),
    broadcast_enabled=yes,
    broadcast_channel_ids=some.lists(some.sampled_from(["c1", "c2"]), max_size=2),
    webhook_on_creation_enabled=yes,
    webhook_on_creation_urls=some.lists(some.sampled_from(["https://x.example/a", "nothing"]), max_size=2),
    webhook_on_status_update_enabled=yes,
    webhook_on_status_update_urls=some.lists(some.sampled_from(["https://x.example/a"]), max_size=2),
    team_id=some.sampled_from(["t1", "t2", ""]),
)
"""Documents with the keys of all versions, any of them missing or null, and with keys that no version had."""
