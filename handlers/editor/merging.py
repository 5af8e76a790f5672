"""Two who change the same at once: what each has changed since both began, together; and where they clash."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handlers.playbooks.mistakes import Path

_LABELS = ("title", "name")


@dataclass(frozen=True, slots=True)
class Clash:
    """What both have changed, each to something else: `theirs` is what it would be otherwise, None for not there."""

    path: Path
    theirs: Any


@dataclass(frozen=True, slots=True)
class Merged:
    """What came of it; where both clash, what is mine stands in it."""

    value: Any
    clashes: tuple[Clash, ...] = ()


def merged(base: Any, mine: Any, theirs: Any, path: Path = ()) -> Merged:
    """Return what I and they have made of the base, as JSON values in which what is empty is not there.

    Of lists, entries are the same that have the same title or name, or stand in the place of each other. Nothing that
    one has written is lost because of the other.
    """
    if mine == theirs or theirs == base:
        return Merged(mine)
    if mine == base:
        return Merged(theirs)
    if isinstance(mine, Mapping) and isinstance(theirs, Mapping):
        return _groups(base if isinstance(base, Mapping) else {}, mine, theirs, path)
    if isinstance(mine, list) and isinstance(theirs, list):
        known = base if isinstance(base, list) else []
        if all(isinstance(one, Mapping) for one in (*known, *mine, *theirs)):
            return _entries(known, mine, theirs, path)
        return Merged(_words(known, mine, theirs))
    return Merged(mine, (Clash(path, theirs),))


def _groups(base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any], path: Path) -> Merged:
    found: dict[str, Any] = {}
    clashes: list[Clash] = []
    for key in dict.fromkeys((*mine, *theirs)):
        one = merged(base.get(key), mine.get(key), theirs.get(key), (*path, key))
        clashes += one.clashes
        if one.value is not None:
            found[key] = one.value
    return Merged(found, tuple(clashes))


def _words(base: list[Any], mine: list[Any], theirs: list[Any]) -> list[Any]:
    """Return a list of words: in my order what nobody took out, and what they have added."""
    kept = [one for one in mine if one in theirs or one not in base]
    return [*kept, *(one for one in theirs if one not in base and one not in kept)]


def _entries(base: Sequence[Any], mine: Sequence[Any], theirs: Sequence[Any], path: Path) -> Merged:
    """Return a list of entries, in the order of who has moved them."""
    of_mine, of_theirs = _pairs(base, mine), _pairs(base, theirs)
    is_moved = [of_mine[one] for one in sorted(of_mine)] != sorted(of_mine.values())
    first, second = (of_mine, of_theirs) if is_moved else (of_theirs, of_mine)
    rows, others = (mine, theirs) if is_moved else (theirs, mine)
    order = _order(first, second, rows, others)
    found: list[Any] = []
    clashes: list[Clash] = []
    there = {"mine": (of_mine, mine), "theirs": (of_theirs, theirs)}
    for known, at, whose in order:
        here = (*path, len(found))
        if known is None:
            new = (mine if (whose == "first") == is_moved else theirs)[at]
            if new not in found:
                found.append(new)
            continue
        one, other = (rows_of[pairs[known]] if known in pairs else None for pairs, rows_of in there.values())
        if one is None or other is None:
            left = one if other is None else other
            if left != base[known]:
                found.append(left)
                clashes.append(Clash(here, other))
            continue
        both = merged(base[known], one, other, here)
        found.append(both.value)
        clashes += both.clashes
    return Merged(found, tuple(clashes))


def _order(
    first: Mapping[int, int], second: Mapping[int, int], rows: Sequence[Any], others: Sequence[Any]
) -> list[tuple[int | None, int, str]]:
    """Return all entries, as the base's or as new ones, with where each stands, and on whose side.

    They stand as on the first side; what only the second has stands behind what it stands behind there.
    """
    back, back_there = {at: known for known, at in first.items()}, {at: known for known, at in second.items()}
    order: list[tuple[int | None, int, str]] = [(back.get(at), at, "first") for at in range(len(rows))]
    before: tuple[int | None, int, str] | None = None
    for at in range(len(others)):
        known = back_there.get(at)
        if known is not None and known in first:
            before = (known, first[known], "first")
            continue
        entry = (known, at, "second")
        order.insert(order.index(before) + 1 if before is not None else 0, entry)
        before = entry
    return order


def _pairs(base: Sequence[Any], other: Sequence[Any]) -> dict[int, int]:
    """Return which entry of the base is which of the other list, by their positions."""
    found: dict[int, int] = {}
    taken: set[int] = set()
    for same in (lambda one, two: one == two, lambda one, two: _label(one) == _label(two) != ""):
        for at, one in enumerate(base):
            free = (there for there, two in enumerate(other) if there not in taken and same(one, two))
            if at not in found and (there := next(free, None)) is not None:
                found[at] = there
                taken.add(there)
    for at, there in list(_in_their_place(found, len(base), len(other))):
        found[at] = there
    return found


def _in_their_place(pairs: Mapping[int, int], count: int, others: int) -> Iterator[tuple[int, int]]:
    """Yield what stands alone between the same neighbours on both sides: it has another title now."""
    back = {there: at for at, there in pairs.items()}
    for at in (one for one in range(count) if one not in pairs):
        before = pairs.get(at - 1, -1 if at == 0 else None)
        if before is None:
            continue
        there = before + 1
        behind = pairs.get(at + 1, others if at + 1 == count else None)
        if there < others and there not in back and behind == there + 1:
            yield at, there


def _label(entry: Any) -> str:
    return next((str(entry[key]) for key in _LABELS if entry.get(key)), "")
