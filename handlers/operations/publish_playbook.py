"""Publishing a playbook's draft as a version, and having an old version in use again; whoever asks for it."""

from dataclasses import dataclass

from handlers.context import Context
from handlers.events import Person
from handlers.operations.edit_playbook import Clashing
from handlers.operations.store_playbook import Stored, store_playbook
from handlers.playbooks.merge import Prefer, merged
from handlers.playbooks.playbook import Playbook, playbook_of
from handlers.rules.admins_watch import watch_admins
from handlers.rules.fit_to_publish import require_fit
from handlers.rules.held import hold_commands
from handlers.rules.playbook_rights import RIGHTS, require_edit
from handlers.rules.run_request import stored
from store import PlaybookDraft, PlaybookRow


@dataclass(frozen=True, slots=True)
class Published:
    """What became of a playbook, with what was in use before (None: nothing), and what is now."""

    stored: Stored
    before: Playbook | None
    after: Playbook
    words: str


def publish_draft(ctx: Context, row: PlaybookRow, words: str, asker: Person, prefer: Prefer = "") -> Published:
    """Have a draft in use as a new version, with a line of what changed.

    A version that came meanwhile (an old one that was restored) is put together with it. Raises `Clashing` where both
    changed the same, unless it says whose change to `prefer`, and `Refused` where they may not, or nothing is drafted.
    """
    require_edit(ctx, asker, row)
    draft = ctx.store.draft(row.id)
    if draft is None:
        raise ctx.refused("playbook", "no_draft", title=row.title)
    before = stored(ctx, row) if row.version else None
    book = _put_together(ctx, row, draft, before, prefer)
    require_fit(ctx, book, asker)
    ctx.store.drop_draft(draft)
    return publish(ctx, row, book, words, asker)


def publish(ctx: Context, row: PlaybookRow, book: Playbook, words: str, asker: Person) -> Published:
    """Have a playbook that is fit for it in use as a new version; its keywords are heard at once.

    Runs keep the version that they have, but who may do what with them, over or not, is what it says now; a trial stays
    with who tries it.
    """
    before = stored(ctx, row) if row.version else None
    hold_commands(row, before, book, asker)
    done = store_playbook(ctx.store, book, row.source, ctx.now, words=words, by=asker.id)
    if row.is_made_here:
        watch_admins(ctx, row)
    said = book.definition()
    rights = {key: said[key] for key in RIGHTS}
    for run in ctx.store.runs_of_playbook(row.id) if before is None or _differs(before, book) else ():
        if not run.is_trial and any(run.definition.get(key) != rights[key] for key in RIGHTS):
            run.definition = {**run.definition, **rights}
    return Published(done, before, book, words)


def _differs(before: Playbook, after: Playbook) -> bool:
    return any(getattr(before, key) != getattr(after, key) for key in RIGHTS)


def restore_version(ctx: Context, row: PlaybookRow, version: int, asker: Person, words: str = "") -> Published:
    """Have what an old version said in use again, as a new one; who may do what stays as it is now.

    A draft stays, and has both when it is published. Raises `Refused`.
    """
    require_edit(ctx, asker, row)
    found = ctx.store.version_of(row.id, version)
    if found is None or version == row.version:
        block = "no_version" if found is None else "version_in_use"
        raise ctx.refused("playbook", block, title=row.title, version=version, last=row.version)
    now = stored(ctx, row)
    kept = {key: getattr(now, key) for key in (*RIGHTS, "key")}
    book = playbook_of(found.definition).model_copy(update=kept)
    require_fit(ctx, book, asker)
    return publish(ctx, row, book, words or ctx.say("playbook", version=version)["restored_line"], asker)


def _put_together(
    ctx: Context, row: PlaybookRow, draft: PlaybookDraft, now: Playbook | None, prefer: Prefer
) -> Playbook:
    mine = playbook_of(draft.definition)
    base = ctx.store.version_of(row.id, draft.base)
    if now is None or base is None or draft.base == row.version:
        return mine
    found = merged(playbook_of(base.definition), mine, now, prefer)
    if found.clashes and not prefer:
        refused = ctx.refused("playbook", "changed_since", title=row.title)
        raise Clashing(refused, found.clashes, now, row.revision)
    return found.book
