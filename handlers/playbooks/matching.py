"""Which entries of a changed list are those of the list before, even where they were moved or renamed."""

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

NAMES = ("title", "name", "url")
"""The keys that entries of a playbook's lists are known by."""
ALIKE = 0.6
"""How alike two names are, of 1, that are taken for one that was written anew."""

Entry = Mapping[str, Any]


def name_of(entry: Entry) -> str:
    """Return what an entry is known by; empty for one without a name, as actions are."""
    return next((str(entry[key]) for key in NAMES if entry.get(key)), "")


def matched(before: Sequence[Entry], after: Sequence[Entry]) -> list[int | None]:
    """Return for each entry which one it was before: of the same name, or renamed; None for one that is new."""
    left = list(range(len(before)))
    found: list[int | None] = [_taken(left, [at for at in left if _same(before[at], one)]) for one in after]
    for number, one in enumerate(after):
        if found[number] is None:
            found[number] = _taken(left, [at for at in left if _is_renamed(before[at], one)])
    return found


def _taken(left: list[int], fitting: Sequence[int]) -> int | None:
    if not fitting:
        return None
    left.remove(fitting[0])
    return fitting[0]


def _same(before: Entry, after: Entry) -> bool:
    name = name_of(before)
    return before == after or (bool(name) and name == name_of(after))


def _is_renamed(before: Entry, after: Entry) -> bool:
    old, new = name_of(before), name_of(after)
    if not old or not new:
        return False
    return _nameless(before) == _nameless(after) != {} or _alike(old, new)


def _nameless(entry: Entry) -> dict[str, Any]:
    return {key: said for key, said in entry.items() if key not in NAMES and said not in (None, "", [], {}, False)}


def _alike(old: str, new: str) -> bool:
    return SequenceMatcher(None, old.casefold(), new.casefold()).ratio() >= ALIKE
