"""Taking a playbook out of use, and back into it; whoever asks for it."""

from handlers.context import Context
from handlers.events import Person
from handlers.figures.weekly import plan_weekly
from handlers.operations.store_playbook import Stored
from handlers.operations.store_playbook import archive_playbook as taken_out
from handlers.rules.drafts import drafted
from handlers.rules.fit_to_publish import require_free_prefix
from handlers.rules.playbook_rights import require_edit
from handlers.text.words import Safe
from store import PlaybookRow


def archive(ctx: Context, row: PlaybookRow, asker: Person) -> Stored:
    """Take a playbook out of use: nobody starts it, its keywords are not heard; its runs go on. Raises `Refused`."""
    require_edit(ctx, asker, row)
    if row.archived_at is not None:
        raise ctx.refused("playbook", "archived_already", title=row.title, key=Safe(row.key))
    return taken_out(ctx.store, row, ctx.now)


def unarchive(ctx: Context, row: PlaybookRow, asker: Person) -> Stored:
    """Have an archived playbook in use again, as it was. Raises `Refused`."""
    require_edit(ctx, asker, row)
    if row.archived_at is None:
        raise ctx.refused("playbook", "not_archived", title=row.title)
    require_free_prefix(ctx, row.prefix, row.key, asker)
    row.archived_at = None
    if row.version:
        plan_weekly(ctx.store, row, drafted(ctx, row), ctx.now)
    return Stored(row.key, row.version, "restored")
