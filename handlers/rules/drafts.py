"""What a playbook is to become, and what of it holds already."""

from handlers.context import Context
from handlers.playbooks.playbook import Playbook, playbook_of
from handlers.rules.run_request import stored
from store import PlaybookRow


def drafted(ctx: Context, row: PlaybookRow) -> Playbook:
    """Return what a playbook is to become: its draft, or the version in use where there is none."""
    draft = ctx.store.draft(row.id)
    return playbook_of(draft.definition) if draft is not None else stored(ctx, row)


def ruling(ctx: Context, row: PlaybookRow) -> Playbook:
    """Return what says who may do what with a playbook: the version in use, its draft as long as there is none."""
    return stored(ctx, row) if row.version else drafted(ctx, row)


def opened_with(ctx: Context, row: PlaybookRow, revision: int) -> Playbook | None:
    """Return what a playbook was to become at a revision; None where that is not known any more."""
    if revision == row.revision:
        return drafted(ctx, row)
    found = ctx.store.playbook_edit(row.id, revision)
    return playbook_of(found.definition) if found is not None else None
