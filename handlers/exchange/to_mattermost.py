"""A playbook of ours becomes a document of Mattermost Playbooks, with all that it said when it came from one."""

from typing import Any

from handlers.exchange.attributes import fields_of, properties_of
from handlers.exchange.conditions import expression_of
from handlers.exchange.found import Kind, Names
from handlers.exchange.kept import restored
from handlers.exchange.metrics import written_metrics
from handlers.exchange.parts import LINKED, ON_STATUS
from handlers.exchange.tasks import Around, written_checklists, written_item
from handlers.playbooks.playbook import Playbook
from handlers.playbooks.webhooks import WebhookEvent


def document_of(book: Playbook, names: Names) -> dict[str, Any]:
    """Return the document that a playbook is as a file of that product; `names` tell the ids of whom it names."""
    return restored(written(book, names), book.kept)


def written(book: Playbook, names: Names) -> dict[str, Any]:
    """Return the document without what the playbook kept of a file that it came from; its parts have theirs."""
    around = Around(fields_of(book.attributes), names=names)
    said = {
        "title": book.title,
        "description": book.description,
        "properties": properties_of(book.attributes),
        "conditions": _conditions(book, around),
        "channel_name_template": _name(book),
        "run_number_prefix": book.prefix,
        "owner_group_only_actions": book.only_owner_finishes,
        "create_channel_member_on_new_participant": book.membership.join_channel,
        "remove_channel_member_on_removed_participant": book.membership.leave_channel,
        **_texts(book),
        **_channel(book, names),
        **_updates(book, names),
        **_people(book, names),
        **_webhooks(book),
    }
    always = {
        "version": 1,
        "checklists": written_checklists(book.checklists, around),
        "metrics": written_metrics(book.retrospective.metrics),
    }
    return {key: value for key, value in said.items() if value} | always


def usual_name(title: str) -> str:
    """Return the name of runs whose playbook has no template for it in that product: there people write one."""
    return f"{title[:180]} {{SEQ}}"


def _name(book: Playbook) -> str:
    is_usual = book.name in (usual_name(book.title), Playbook.model_fields["name"].default)
    return "" if is_usual else book.name


def _texts(book: Playbook) -> dict[str, Any]:
    return {
        "message_on_join": book.welcome,
        "message_on_join_enabled": bool(book.welcome),
        "run_summary_template": book.summary,
        "run_summary_template_enabled": bool(book.summary),
        "retrospective_enabled": book.retrospective.enabled,
        "retrospective_template": book.retrospective.template,
        "retrospective_reminder_interval_seconds": book.retrospective.remind,
        "signal_any_keywords": list(book.keywords),
        "signal_any_keywords_enabled": bool(book.keywords),
    }


def _channel(book: Playbook, names: Names) -> dict[str, Any]:
    used = names.id_of("channel", book.channel.use or "")
    return {
        "channel_mode": LINKED if used else "",
        "channel_id": used,
        "auto_archive_channel": book.channel.archive,
        "category_name": book.channel.category,
        "categorize_channel_enabled": bool(book.channel.category),
        "new_channel_only": book.channel.only_new,
        "create_public_playbook_run": book.channel.visibility == "public",
    }


def _updates(book: Playbook, names: Names) -> dict[str, Any]:
    channels = _ids(book.updates.broadcast, "channel", names)
    return {
        "status_update_enabled": bool(book.updates.every),
        "reminder_message_template": book.updates.template,
        "reminder_timer_default_seconds": book.updates.every,
        "broadcast_enabled": bool(channels),
        "broadcast_channel_ids": channels,
    }


def _people(book: Playbook, names: Names) -> dict[str, Any]:
    people, groups = _ids(book.invite, "person", names), _ids(book.invite, "group", names)
    owner = names.id_of("person", book.owner)
    return {
        "invited_user_ids": people,
        "invited_group_ids": groups,
        "invite_users_enabled": bool(people or groups),
        "default_owner_id": owner,
        "default_owner_enabled": bool(owner),
        "admin_only_edit": book.edit_by == "admins",
    }


def _ids(called: tuple[str, ...], kind: Kind, names: Names) -> list[str]:
    return [key for name in called if (key := names.id_of(kind, name))]


def _webhooks(book: Playbook) -> dict[str, Any]:
    started, told = _urls(book, "run.started"), _urls(book, *ON_STATUS)
    return {
        "webhook_on_creation_urls": started,
        "webhook_on_creation_enabled": bool(started),
        "webhook_on_status_update_urls": told,
        "webhook_on_status_update_enabled": bool(told),
    }


def _urls(book: Playbook, *events: WebhookEvent) -> list[str]:
    found = (one.url for one in book.webhooks if any(one.hears(event) for event in events))
    return list(dict.fromkeys(found))


def _conditions(book: Playbook, around: Around) -> list[dict[str, Any]]:
    """Return the conditions of the tasks, each once, by the ids under which the tasks name them."""
    found: dict[str, dict[str, Any]] = {}
    for task in book.tasks:
        key = written_item(task, around).get("condition_id")
        expression = expression_of(task.when, around.fields) if task.when is not None else None
        if key and expression is not None:
            found[key] = {"id": key, "condition_expr": expression, "version": 1}
    return list(found.values())
