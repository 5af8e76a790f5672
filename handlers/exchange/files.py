"""The text of a file becomes the documents in it: exports and answers of Mattermost Playbooks, or playbooks of ours."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from handlers.exchange.exported import whole_in
from handlers.exchange.parts import OF_SERVER
from handlers.playbooks.file import PlaybookMistake
from handlers.playbooks.mistakes import Mistake, found_in_words, sentence

MOST_BYTES = 5 * 1024 * 1024
MOST_PLAYBOOKS = 200
MOST_DEEP = 40
"""How deep groups and lists stand in each other at most."""

_IDS_COUNT = ("properties", "conditions", "options")
"""Lists whose entries are referred to by their ids."""
_WHOLE = ("condition_expr", "members")
"""What is as it was, with all that is empty in it."""
_ALSO_EMPTY = ("items", "public", "target")
"""What says something though it is empty."""


@dataclass(frozen=True, slots=True)
class Document:
    """A playbook as a file describes it; `id` is the one that it has on its server, empty in an exported file.

    `is_ours` tells that it is a playbook as Muster writes it.
    """

    values: Mapping[str, Any]
    file: str
    id: str = ""
    is_archived: bool = False
    is_ours: bool = False


def documents_in(content: bytes, file: str) -> tuple[Document, ...]:
    """Return the playbooks that a JSON file describes. Raises `PlaybookMistake`."""
    if len(content) > MOST_BYTES:
        raise too_large(file)
    try:
        found = msgspec.json.decode(content.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise _unfit(file, "no_json") from None
    if _is_deep(found):
        raise _unfit(file, "deep", most=MOST_DEEP)
    if isinstance(found, dict) and isinstance(found.get("items"), list) and "checklists" not in found:
        found = found["items"]
    several = found if isinstance(found, list) else [found]
    if not several or len(several) > MOST_PLAYBOOKS:
        raise _unfit(file, "json_count", most=MOST_PLAYBOOKS)
    for one in several:
        if not isinstance(one, dict) or not ({"title", "checklists"} & one.keys()):
            raise _unfit(file, "json_no_playbook", found=found_in_words(one))
    return tuple(_document(one, file) for one in several)


def _is_deep(found: object) -> bool:
    level = [found]
    for _ in range(MOST_DEEP):
        level = [inside for one in level for inside in _inside(one)]
    return bool(level)


def _inside(one: object) -> Iterable[object]:
    return one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()


def too_large(file: str) -> PlaybookMistake:
    """Say of a file that it is too large to be read."""
    return _unfit(file, "json_long", most=MOST_BYTES // 1024 // 1024)


def is_json(content: bytes) -> bool:
    """Return whether a file is meant to be JSON rather than YAML."""
    return content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


def _document(said: dict[str, Any], file: str) -> Document:
    if _is_ours(said):
        return Document(said, file, is_ours=True)
    if (whole := whole_in(said)) is not None:
        return Document(whole.definition(), file, is_ours=True)
    key = said.get("id")
    if not isinstance(key, str) or not key:
        return Document(said, file, is_archived=bool(said.get("delete_at")))
    return replace(document_of_server(said), file=file)


def document_of_server(said: Mapping[str, Any]) -> Document:
    """Return a playbook as a server's REST API says it."""
    title = said.get("title")
    return Document(exported(said), str(title), str(said.get("id", "")), is_archived=bool(said.get("delete_at")))


def _is_ours(said: Mapping[str, Any]) -> bool:
    checklists = said.get("checklists")
    lists = checklists if isinstance(checklists, list) else []
    return any(isinstance(one, dict) and "tasks" in one for one in lists) or (
        "version" not in said and "id" not in said and isinstance(said.get("channel"), dict)
    )


def exported(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return an answer of the REST API as an exported file says it: without what is empty or only its server's."""
    return {"version": 1} | _stripped(said, keep_ids=False)


def _stripped(said: Mapping[str, Any], *, keep_ids: bool) -> dict[str, Any]:
    found = {}
    for key, value in said.items():
        if key in OF_SERVER and not (keep_ids and key == "id"):
            continue
        small = value if key in _WHOLE else _small(value, keep_ids=key in _IDS_COUNT)
        if small not in (None, False, 0, "", []) or (key in _ALSO_EMPTY and small is not None):
            found[key] = small
    return found


def _small(value: Any, *, keep_ids: bool) -> Any:
    if isinstance(value, dict):
        return _stripped(value, keep_ids=keep_ids)
    if isinstance(value, list):
        return [_small(one, keep_ids=keep_ids) for one in value]
    return value


def _unfit(file: str, block: str, **values: object) -> PlaybookMistake:
    return PlaybookMistake(file, [Mistake(0, "", sentence(block, **values))])
