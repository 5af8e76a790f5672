"""Who may do what with a playbook: see it, make one, change it, and look after it."""

from handlers.context import Context
from handlers.events import Person
from handlers.playbooks.playbook import Playbook
from handlers.rules import permissions
from store import PlaybookRow


def is_admin_of(asker: Person, book: Playbook) -> bool:
    """Return whether somebody looks after a playbook: who it names as its admins, and who looks after the server."""
    return asker.is_admin or (not asker.is_guest and f"@{asker.username}" in book.admins)


def may_edit(asker: Person, book: Playbook) -> bool:
    """Return whether somebody may change a playbook: who may use it, or its admins alone where it says so."""
    if is_admin_of(asker, book):
        return True
    return book.edit_by == "members" and not asker.is_guest and permissions.may_use(asker, book)


def require_edit(ctx: Context, asker: Person, row: PlaybookRow, book: Playbook) -> None:
    """Raise `Refused` where somebody may not change a playbook, or it is changed in its file alone."""
    if not permissions.may_use(asker, book):
        raise ctx.refused("playbook", "gone")
    if not may_edit(asker, book):
        raise ctx.refused("playbook", "not_yours", title=row.title, admins=list(book.admins))
    if not row.is_made_here:
        raise ctx.refused("playbook", "in_file", title=row.title, path=row.source.partition(":")[2])
