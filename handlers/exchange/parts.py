"""The parts of a playbook that only the REST API says wholly: channel, people, updates with broadcast, webhooks."""

from collections.abc import Iterator, Sequence
from typing import Any

from handlers.exchange.found import Findings, Kind
from handlers.exchange.saying import Saying
from handlers.playbooks.playbook import Channel, Updates
from handlers.playbooks.values import is_url
from handlers.playbooks.webhooks import Webhook, WebhookEvent
from handlers.text.durations import LONGEST

KNOWN = frozenset({
    *("version", "title", "description", "checklists", "metrics", "properties", "conditions", "team_id"),
    *("status_update_enabled", "reminder_message_template", "reminder_timer_default_seconds"),
    *("message_on_join", "message_on_join_enabled", "signal_any_keywords", "signal_any_keywords_enabled"),
    *("retrospective_enabled", "retrospective_template", "retrospective_reminder_interval_seconds"),
    *("categorize_channel_enabled", "category_name", "channel_name_template", "channel_mode", "channel_id"),
    *("run_summary_template", "run_summary_template_enabled", "run_number_prefix", "owner_group_only_actions"),
    *("create_channel_member_on_new_participant", "remove_channel_member_on_removed_participant"),
    *("create_channel_member_on_removed_participant", "new_channel_only", "auto_archive_channel", "admin_only_edit"),
    *("public", "create_public_playbook_run", "members", "invite_users_enabled", "invited_user_ids"),
    *("invited_group_ids", "default_owner_enabled", "default_owner_id", "broadcast_enabled", "broadcast_channel_ids"),
    *("webhook_on_creation_enabled", "webhook_on_creation_urls", "webhook_on_status_update_enabled"),
    "webhook_on_status_update_urls",
})  # fmt: skip
"""The keys of a playbook that mean something here."""
OF_SERVER = frozenset({
    *("id", "create_at", "update_at", "num_stages", "num_steps", "num_runs", "num_actions", "last_run_at"),
    *("active_runs", "next_run_number", "items_order", "state_modified", "assignee_modified", "state"),
    *("command_last_run", "has_triggered_by_user", "playbook_id", "delete_at"),
})  # fmt: skip
"""What the REST API says besides, that only that server can do anything with."""

LINKED = "link_existing_channel"
ON_STATUS: tuple[WebhookEvent, ...] = ("run.updated", "run.finished", "run.restarted")
"""What the addresses for status updates are told of in that product, too."""


def channel_of(said: Saying, findings: Findings) -> Channel:
    """Return what a run's channel is like."""
    category = (
        findings.line(said.text("category_name"), 60, "", "category_name")
        if said.yes("categorize_channel_enabled")
        else ""
    )
    return Channel(
        visibility="public" if said.yes("create_public_playbook_run") else "private",
        use=_linked(said, findings),
        archive=said.yes("auto_archive_channel"),
        category=category or None,
        only_new=said.yes("new_channel_only"),
    )


def _linked(said: Saying, findings: Findings) -> str | None:
    if said.text("channel_mode") != LINKED:
        return None
    return findings.name("channel", said.text("channel_id")) or None


def updates_of(said: Saying, findings: Findings) -> Updates:
    """Return how often updates are asked for, and which channels are told of what."""
    key = "reminder_timer_default_seconds"
    every = findings.seconds(said.number(key), LONGEST, key) if said.yes("status_update_enabled") else 0
    is_on = said.yes("broadcast_enabled")
    channels = _names(said.texts("broadcast_channel_ids") if is_on else (), "channel", findings)
    template = findings.text(said.text("reminder_message_template"), 3000, "reminder_message_template")
    return Updates(
        every=every,
        template=findings.template(template, 3000),
        broadcast=findings.some(channels, 20, "broadcast_channel_ids"),
        broadcast_start=bool(channels),
    )


def people_of(said: Saying, findings: Findings) -> dict[str, Any]:
    """Return who owns, is invited to, uses and looks after a playbook, as keys of it.

    A file says nothing of that, and is for everybody, as it is in that product.
    """
    members = [one for one in said.groups("members") if findings.name("person", one.text("user_id"))]
    admins = [one for one in members if "playbook_admin" in one.texts("roles")]
    owner = findings.name("person", said.text("default_owner_id")) if said.yes("default_owner_enabled") else ""
    is_private = said.values.get("public") is False
    return {
        "owner": owner or "creator",
        "invite": _invited(said, findings),
        "admins": findings.some(_people(admins, findings), 200, "admins"),
        "members": findings.some(_people(members, findings), 1000, "members"),
        "visibility": "private" if is_private else "public",
        "edit_by": "admins" if said.yes("admin_only_edit") else "members",
        "teams": _names([said.text("team_id")], "team", findings),
    }


def _invited(said: Saying, findings: Findings) -> tuple[str, ...]:
    if not said.yes("invite_users_enabled"):
        return ()
    people = _names(said.texts("invited_user_ids"), "person", findings)
    several = (*people, *_names(said.texts("invited_group_ids"), "group", findings))
    return findings.some(several, 200, "invited_user_ids")


def _people(members: Sequence[Saying], findings: Findings) -> tuple[str, ...]:
    return _names([one.text("user_id") for one in members], "person", findings)


def _names(ids: Sequence[str], kind: Kind, findings: Findings) -> tuple[str, ...]:
    """Return what ids are called, each once, without those that nobody knows."""
    return tuple(dict.fromkeys(name for key in ids if (name := findings.name(kind, key))))


def webhooks_of(said: Saying, findings: Findings) -> tuple[Webhook, ...]:
    """Return the addresses that are told of runs; they are off until somebody has looked at them."""
    return (
        *_webhooks(said, "webhook_on_creation", "start", ("run.started",), findings),
        *_webhooks(said, "webhook_on_status_update", "status", ON_STATUS, findings),
    )


def _webhooks(
    said: Saying, key: str, name: str, events: tuple[WebhookEvent, ...], findings: Findings
) -> Iterator[Webhook]:
    urls = said.texts(f"{key}_urls")
    for at, url in enumerate(urls if said.yes(f"{key}_enabled") else (), 1):
        if not is_url(url) or at > 10:
            findings.note("webhook_unfit", url)
        else:
            yield Webhook(name=f"{name}-{at}", url=url, events=events)
