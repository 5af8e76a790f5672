"""A playbook as a file that Mattermost Playbooks reads, and that says all of it when it comes back."""

import json
from collections.abc import Mapping
from typing import Any

from handlers.exchange.found import Findings, Names
from handlers.exchange.from_mattermost import playbook_from
from handlers.exchange.kept import digest
from handlers.exchange.to_mattermost import document_of
from handlers.playbooks.file import PlaybookMistake
from handlers.playbooks.playbook import Playbook, playbook_of

OURS = "muster"
"""The key under which a file says all of a playbook that the other keys have no words for; that product skips it."""


def file_of(book: Playbook, names: Names | None = None) -> str:
    """Return the text of the file; `names` tell the ids of whom the playbook names."""
    document = whole_document(book, names or Names())
    return json.dumps(document, indent=4, sort_keys=True, ensure_ascii=False) + "\n"


def whole_document(book: Playbook, names: Names) -> dict[str, Any]:
    """Return the document of a playbook, with the playbook itself in it where the document says less."""
    document = document_of(book, names)
    if _read(document, names) == book:
        return document
    return document | {OURS: {"playbook": book.definition(), "for": digest(document)}}


def whole_in(document: Mapping[str, Any]) -> Playbook | None:
    """Return the playbook that a document says whole, None unless the rest of it is as it was written with that."""
    said = document.get(OURS)
    rest = {key: value for key, value in document.items() if key != OURS}
    if not isinstance(said, dict) or said.get("for") != digest(rest) or not isinstance(said.get("playbook"), dict):
        return None
    try:
        return playbook_of(said["playbook"])
    except ValueError:
        return None


def _read(document: Mapping[str, Any], names: Names) -> Playbook | None:
    try:
        return playbook_from(document, "", Findings(names))
    except PlaybookMistake:
        return None
