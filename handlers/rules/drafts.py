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
