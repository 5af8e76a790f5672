"""Newer editions of the starter that a playbook began as: what they would change in it."""

from dataclasses import dataclass

from handlers.editor.starters import starter_called
from handlers.playbooks.differences import Difference, differences
from handlers.playbooks.playbook import Playbook
from handlers.text.numbers import number

OWN = frozenset(
    {"admins", "edit_by", "key", "keywords", "kept", "members", "prefix", "see_runs", "start_by", "starter", "teams"}
    | {"title", "visibility", "only_owner_finishes"}
)
"""The keys of a playbook that are its owners' own, whatever a starter says."""


@dataclass(frozen=True, slots=True)
class Edition:
    """A newer edition: what the playbook would be with all of it, and the lines in which that differs."""

    name: str
    book: Playbook
    lines: tuple[Difference, ...]


def newer_edition(book: Playbook) -> Edition | None:
    """Return the newer edition of the starter that a playbook began as; None where there is none."""
    key, _, edition = (book.starter or "").rpartition(" ")
    starter = starter_called(key)
    if starter is None or starter.book.starter is None:
        return None
    if number(starter.book.starter.rpartition(" ")[2]) <= number(edition):
        return None
    own = {name: getattr(book, name) for name in OWN}
    wanted = starter.book.model_copy(update=own)
    lines = tuple(one for one in differences(book, wanted) if not one.is_move)
    return Edition(starter.book.starter, wanted, lines)
