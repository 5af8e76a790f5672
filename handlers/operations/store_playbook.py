"""Storing a playbook, what is new in a version of its own, and taking one out of use; whoever asks for it."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from handlers.figures.weekly import plan_weekly
from handlers.playbooks.playbook import Playbook, playbook_of
from handlers.rules.check_up_time import plan_check_up
from handlers.rules.webhook_moves import move_webhooks
from store import PlaybookRow, PlaybookVersion, Store

What = Literal["added", "changed", "restored", "unchanged", "archived"]


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a playbook, which is in use as `version` unless `archived`; `restored`, it may have a new one."""

    key: str
    version: int
    what: What


def store_playbook(
    store: Store, playbook: Playbook, source: str, now: datetime, text: str = "", *, words: str = "", by: str = ""
) -> Stored:
    """Have a playbook, which `source` names the place of, in use as it is; runs that began keep the version they have.

    `text` is what stands there, for changes of it to be proposed. `words` say what has changed, `by` who changed it.

    Of two processes that store the same key at once one gets a `Conflict`, and finds the other's version when it asks
    again.
    """
    row = store.playbook_by_key(playbook.key)
    row = row or store.add(PlaybookRow(key=playbook.key, title=playbook.title, version=0))
    digest, is_new, is_back = digest_of(playbook), row.version == 0, row.archived_at is not None
    is_same = not is_new and store.playbook_version(row).digest == digest
    if not is_same:
        if not is_new:
            move_webhooks(store, row, playbook_of(store.playbook_version(row).definition), playbook, now)
        row.version += 1
        version = PlaybookVersion(
            playbook_id=row.id,
            version=row.version,
            definition=playbook.definition(),
            digest=digest,
            created_at=now,
            words=words,
            by=by,
        )
        store.add(version)
        row.revision += 1
    row.title, row.source, row.archived_at = playbook.title, source, None
    row.teams, row.keywords, row.prefix = list(playbook.teams), list(playbook.keywords), playbook.prefix
    store.keep_text(row, text)
    plan_weekly(store, row, playbook, now)
    plan_check_up(store, row, playbook, now)
    what: What = "added" if is_new else "restored" if is_back else "unchanged" if is_same else "changed"
    return Stored(playbook.key, row.version, what)


def archive_playbook(store: Store, row: PlaybookRow, now: datetime) -> Stored:
    """Take a playbook out of use; it is back once it is stored again."""
    row.archived_at = row.archived_at or now
    store.cancel_jobs(now, "insights", row)
    store.cancel_jobs(now, "check_up", row)
    return Stored(row.key, row.version, "archived")


def digest_of(playbook: Playbook) -> str:
    """Return what tells two versions apart; a default that a later Muster adds does not make a new version."""
    said = playbook.model_dump(mode="json", exclude_defaults=True)
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
