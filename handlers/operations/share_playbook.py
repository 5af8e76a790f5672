"""Saying who may do what with a playbook, and who looks after it when somebody leaves; whoever asks for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handlers.context import Context
from handlers.events import Person
from handlers.operations.publish_playbook import publish
from handlers.operations.store_playbook import archive_playbook
from handlers.playbooks.playbook import Playbook
from handlers.rules.drafts import drafted, ruling
from handlers.rules.fit_playbook import fit
from handlers.rules.groups import named_in_words
from handlers.rules.playbook_rights import (
    RIGHTS,
    has_admin,
    is_admin_of,
    require_admin,
    require_change,
    require_see,
)
from handlers.rules.run_request import stored
from handlers.text.words import Safe
from store import PlaybookRow

Rights = Mapping[str, Any]
"""What some of the keys in `RIGHTS` are to say."""


@dataclass(frozen=True, slots=True)
class Transferred:
    """The playbooks that somebody else looks after now, and those whose files have to be changed by hand for that."""

    changed: tuple[PlaybookRow, ...]
    in_files: tuple[PlaybookRow, ...]


def share_playbook(ctx: Context, row: PlaybookRow, rights: Rights, asker: Person) -> Playbook:
    """Have who may do what with a playbook said anew, at once, and in its draft, too. Raises `Refused`."""
    now = require_admin(ctx, asker, row)
    wanted = _with(ctx, now, rights)
    if not wanted.admins and not asker.is_admin:
        raise ctx.refused("playbook", "no_admin", title=row.title)
    require_change(ctx, asker, row, now, wanted)
    _say_anew(ctx, row, rights, asker, ctx.say("playbook")["shared_line"])
    return wanted


def transfer_playbooks(ctx: Context, old: str, new: Person, asker: Person) -> Transferred:
    """Have a person look after all playbooks that another one (a user name) does, of which `asker` may say so.

    Of each run in progress, too. Raises `Refused` where there is none, or who gets them cannot have them.
    """
    if new.is_bot or new.is_guest:
        raise ctx.refused("playbook", "not_for_guests")
    rows = [row for row in ctx.store.all_playbooks() if f"@{old}" in ruling(ctx, row).admins]
    theirs = [row for row in rows if is_admin_of(ctx, asker, ruling(ctx, row))]
    if not theirs:
        raise ctx.refused("playbook", "none_of_theirs", name=old)
    changed = tuple(row for row in theirs if row.is_made_here)
    for row in changed:
        admins = [f"@{new.username}" if name == f"@{old}" else name for name in ruling(ctx, row).admins]
        words = ctx.say("playbook", old=Safe(old), new=Safe(new.username))["transferred_line"]
        _say_anew(ctx, row, {"admins": list(dict.fromkeys(admins))}, asker, words)
    return Transferred(changed, tuple(row for row in theirs if not row.is_made_here))


def take_over_playbook(ctx: Context, row: PlaybookRow, asker: Person) -> Playbook:
    """Let somebody look after a playbook whose admins have all left. Raises `Refused`."""
    now = require_see(ctx, asker, row)
    if asker.is_guest or not row.is_made_here or has_admin(ctx, now):
        raise ctx.refused("playbook", "has_admin", title=row.title, admins=named_in_words(now.admins))
    words = ctx.say("playbook", new=Safe(asker.username))["taken_over_line"]
    _say_anew(ctx, row, {"admins": [f"@{asker.username}"]}, asker, words)
    return ruling(ctx, row)


def _say_anew(ctx: Context, row: PlaybookRow, rights: Rights, asker: Person, words: str) -> None:
    """Have rights hold in the version in use, in the draft, and in the runs that are in progress.

    What is archived stays so.
    """
    draft, is_out = ctx.store.draft(row.id), row.archived_at is not None
    if row.version:
        publish(ctx, row, _with(ctx, stored(ctx, row), rights), words, asker)
    if is_out:
        archive_playbook(ctx.store, row, ctx.now)
    if draft is not None:
        draft.definition, draft.base = _with(ctx, drafted(ctx, row), rights).definition(), row.version
        row.revision += 1
        draft.revision = row.revision
        ctx.store.keep_edit(row, draft.definition, asker.id, ctx.now)
        row.teams = list(ruling(ctx, row).teams)


def _with(ctx: Context, book: Playbook, rights: Rights) -> Playbook:
    said = {key: value for key, value in rights.items() if key in RIGHTS}
    return fit(ctx, {**book.definition(), **said})
