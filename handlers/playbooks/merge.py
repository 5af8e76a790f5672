"""Puts one person's change of a playbook into what somebody else has made of it meanwhile, so that neither is lost."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import ValidationError

from handlers.playbooks.matching import matched, name_of
from handlers.playbooks.playbook import Playbook, playbook_of

Prefer = Literal["", "mine", "theirs"]
"""Whose change counts where both changed the same thing; where it is empty, none does."""
GONE = None
"""What stands for something that one of the two has taken out."""


@dataclass(frozen=True, slots=True)
class Clash:
    """The same thing changed by both to something else: the steps to it, and what each made of it, as JSON values."""

    path: tuple[str, ...]
    mine: Any
    theirs: Any


@dataclass(frozen=True, slots=True)
class Merged:
    """A playbook with both changes; where they clash it has, of that, what was preferred, or theirs."""

    book: Playbook
    clashes: tuple[Clash, ...]


def merged(base: Playbook, mine: Playbook, theirs: Playbook, prefer: Prefer = "") -> Merged:
    """Return a playbook with what each of two has changed in the `base` that both began with.

    Changes that do not clash, but cannot stand together (a task for a role that the other took out), clash as a whole.
    """
    work = _Merge(prefer)
    made = work.any((), base.definition(), mine.definition(), theirs.definition())
    try:
        return Merged(playbook_of(made), tuple(work.clashes))
    except ValidationError:
        whole = Clash((), mine.title, theirs.title)
        return Merged(mine if prefer == "mine" else theirs, (*work.clashes, whole))


class _Merge:
    """One merging, with the clashes that were found so far."""

    def __init__(self, prefer: Prefer) -> None:
        self.prefer = prefer
        self.clashes: list[Clash] = []

    def any(self, path: tuple[str, ...], base: Any, mine: Any, theirs: Any) -> Any:
        if theirs in (mine, base):
            return mine
        if mine == base:
            return theirs
        if isinstance(mine, dict) and isinstance(theirs, dict):
            return self._group(path, base if isinstance(base, dict) else {}, mine, theirs)
        if isinstance(mine, list) and isinstance(theirs, list) and not _repeats(mine) and not _repeats(theirs):
            return self._list(path, base if isinstance(base, list) else [], mine, theirs)
        return self._clash(path, mine, theirs)

    def _clash(self, path: tuple[str, ...], mine: Any, theirs: Any) -> Any:
        self.clashes.append(Clash(path, mine, theirs))
        return mine if self.prefer == "mine" else theirs

    def _group(self, path: tuple[str, ...], base: Any, mine: Any, theirs: Any) -> dict[str, Any]:
        keys = dict.fromkeys((*theirs, *mine))
        made = {key: self.any((*path, key), base.get(key), mine.get(key), theirs.get(key)) for key in keys}
        return {key: said for key, said in made.items() if said is not None}

    def _list(self, path: tuple[str, ...], base: list[Any], mine: list[Any], theirs: list[Any]) -> list[Any]:
        was, mines, others = _known(base, base), _known(base, mine), _known(base, theirs)
        made = {
            key: self._entry(path, was.get(key), mines.get(key), others.get(key))
            for key in _order(list(was), list(mines), list(others))
        }
        return [said for said in made.values() if said is not GONE]

    def _entry(self, path: tuple[str, ...], base: Any, mine: Any, theirs: Any) -> Any:
        named = next((one for one in (theirs, mine, base) if one is not GONE), "")
        step = name_of(named) if isinstance(named, dict) else str(named)
        if GONE in (mine, theirs) and base is not GONE:
            kept = mine if theirs is GONE else theirs
            # Taken out by one: gone, unless the other has changed it.
            return GONE if kept is GONE or kept == base else self._clash((*path, step), mine, theirs)
        if GONE in (mine, theirs):
            return mine if theirs is GONE else theirs
        return self.any((*path, step), base, mine, theirs)


def _repeats(entries: list[Any]) -> bool:
    """Return whether plain values stand in a list twice, as in a rota: then each is more than what it says."""
    plain = [one for one in entries if isinstance(one, str)]
    return len(set(plain)) < len(plain)


def _known(base: list[Any], entries: list[Any]) -> dict[Hashable, Any]:
    """Return entries by what they are known by on all sides: their place in `base`, or what a new one is called."""
    if not all(isinstance(one, dict) for one in (*base, *entries)):
        return {str(one): one for one in entries}
    found: dict[Hashable, Any] = {}
    for one, at in zip(entries, matched(base, entries), strict=True):
        key: Hashable = at if at is not None else (name_of(one) or str(one), 0)
        while key in found:
            key = (key, 1)
        found[key] = one
    return found


def _order(base: Sequence[Hashable], mine: Sequence[Hashable], theirs: Sequence[Hashable]) -> list[Hashable]:
    """Return all entries in the order of who has moved any, each new one behind what it stands behind."""
    common = [key for key in base if key in mine and key in theirs]
    has_moved = [key for key in mine if key in common] != common
    first, second = (mine, theirs) if has_moved else (theirs, mine)
    found = list(first)
    for others in (second, base):
        for at, key in enumerate(others):
            if key not in found:
                before = next((one for one in reversed(others[:at]) if one in found), None)
                found.insert(found.index(before) + 1 if before is not None else 0, key)
    return found
