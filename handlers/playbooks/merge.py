"""Puts one person's change of a playbook into what somebody else has made of it meanwhile, so that neither is lost."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from pydantic import ValidationError

from handlers.playbooks.differences import in_short, in_words
from handlers.playbooks.pairs import NAMES, Entry, labels, name_of, paired
from handlers.playbooks.playbook import Playbook, playbook_of
from handlers.playbooks.values import Part

Prefer = Literal["", "mine", "theirs"]
"""Whose change counts where both changed the same thing; where it is empty, none does."""
Way = tuple[str, ...]
"""The way to a part: keys, and what the parts of a list are known by."""
P = TypeVar("P", bound=Part)
GONE = None
"""What stands for something that one of the two has taken out."""


@dataclass(frozen=True, slots=True)
class Clash:
    """The same thing changed by both to something else: the way to it, and what each made of it, empty for nothing.

    Both are told as they stand in files. Of an entry of a list that `is_gone` with one of them, that one is empty.
    """

    way: Way
    mine: str
    theirs: str
    is_gone: bool = False

    @property
    def path(self) -> str:
        """Its place in people's words; empty where it is the whole."""
        return " › ".join(step for step in self.way if step not in ("checklists", "tasks"))


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
    made = work.part((), base, mine, theirs)
    try:
        return Merged(playbook_of(made.definition()), tuple(work.clashes))
    except ValidationError:
        whole = Clash((), in_short(mine), in_short(theirs))
        return Merged(mine if prefer == "mine" else theirs, (*work.clashes, whole))


class _Merge:
    """One merging, with the clashes that were found so far."""

    def __init__(self, prefer: Prefer) -> None:
        self.prefer = prefer
        self.clashes: list[Clash] = []

    def part(self, way: Way, base: Part | None, mine: P, theirs: Part) -> P:
        """Return a part with what both made of it."""
        made = {name: self._key((*way, name), name, base, mine, theirs) for name in type(mine).model_fields}
        return mine.model_copy(update=made)

    def _key(self, way: Way, name: str, base: Part | None, mine: Part, theirs: Part) -> Any:
        was, ours, others = getattr(base, name, None), getattr(mine, name), getattr(theirs, name)
        if others in (ours, was):
            return ours
        if ours == was:
            return others
        if isinstance(ours, Part) and isinstance(others, Part):
            return self.part(way, was, ours, others)
        if _is_list(ours) and _is_list(others):
            return self._list(way, was or (), ours, others)
        word = type(mine).model_fields[name].alias or name
        self.clashes.append(Clash(way, in_words(mine, name, word), in_words(theirs, name, word)))
        return ours if self.prefer == "mine" else others

    def _list(self, way: Way, base: Sequence[Entry], mine: Sequence[Entry], theirs: Sequence[Entry]) -> Any:
        was, mines, others = (_known(way[-1], base, some) for some in (base, mine, theirs))
        made = (
            self._entry(way, was.get(key), mines.get(key), others.get(key))
            for key in _order(list(was), list(mines), list(others))
        )
        return tuple(said for said in made if said is not GONE)

    def _entry(self, way: Way, base: Entry | None, mine: Entry | None, theirs: Entry | None) -> Entry | None:
        if isinstance(mine, Part) and isinstance(theirs, Part):
            return self.part((*way, name_of(way[-1], theirs)), base if isinstance(base, Part) else None, mine, theirs)
        kept = theirs if mine is GONE else mine
        if base is GONE or kept in (GONE, base):
            # Plain values are the same on all sides, or they are others.
            return kept if base is GONE or (mine is not GONE and theirs is not GONE) else GONE
        # Taken out by one of them it is gone, unless the other has changed it.
        ours, others = (in_short(one) if one is not GONE else "" for one in (mine, theirs))
        self.clashes.append(Clash((*way, name_of(way[-1], kept or "")), ours, others, is_gone=True))
        return mine if self.prefer == "mine" else theirs


def _is_list(entries: Any) -> bool:
    """Return whether each entry of a list is one by itself: plain values that stand in it twice are more than that."""
    plain = [one for one in entries if isinstance(one, str)] if isinstance(entries, tuple) else [""] * 2
    return len(set(plain)) == len(plain)


def _known(key: str, base: Sequence[Entry], entries: Sequence[Entry]) -> dict[Hashable, Entry]:
    """Return entries by what they are known by on all sides: their place in `base`, or what a new one is called."""
    pairs = paired(key, base, entries)
    places = {there: here for here, there in (pairs | _renamed(key, pairs, base, entries)).items()}
    names = labels(key, entries)
    return {places.get(at, names[at]): one for at, one in enumerate(entries)}


def _renamed(key: str, pairs: Mapping[int, int], base: Sequence[Entry], entries: Sequence[Entry]) -> dict[int, int]:
    """Return what is called something else altogether now: it stands where it stood, and says all else as before."""
    taken = set(pairs.values())
    return {
        at: at
        for at, (was, now) in enumerate(zip(base, entries, strict=False))
        if at not in pairs and at not in taken and _differ_in_name(key, was, now)
    }


def _differ_in_name(key: str, was: Entry, now: Entry) -> bool:
    name = NAMES.get(key)
    if name is None or not isinstance(was, Part) or not isinstance(now, Part):
        return False
    return was.model_copy(update={name: getattr(now, name)}) == now


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
