"""Which parts of one playbook are which of another: by what they say, by their titles, and by what they are like."""

from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any, TypeVar

from pydantic import BaseModel

from handlers.playbooks.playbook import Checklist, Task
from handlers.playbooks.values import Part

NAMES: Mapping[str, str] = {
    "roles": "name",
    "attributes": "name",
    "options": "name",
    "webhooks": "name",
    "metrics": "title",
    "links": "url",
    "checklists": "title",
    "tasks": "title",
}
"""What the parts in each list are known by."""
GROUPS = frozenset({"channel", "updates", "membership", "retrospective"})
"""Keys whose keys are told one by one; others are told whole."""
_LIKE = 0.6
"""How much two titles have in common at least if one became the other."""

Entry = Part | str
Listed = Entry | Mapping[str, Any]
"""A part of a list, also as it stands in a definition."""
Place = tuple[str, ...]
"""The way to a part: keys by their fields' names, and what the parts of a list are known by."""
At = tuple[int, int]
"""Where a task stands: in which checklist, and where in it."""
K = TypeVar("K", bound=Hashable)


def name_of(key: str, entry: Listed) -> str:
    """Return what a part in the list `key` is known by; an action by when and what it does."""
    if isinstance(entry, str):
        return entry
    if key == "actions":
        does = next(what for what in ("invite", "post", "command", "run", "webhook") if _says(entry, what))
        return f"{_says(entry, 'task') or _says(entry, 'on')} {does}"
    return str(_says(entry, NAMES[key]))


def _says(entry: Part | Mapping[str, Any], key: str) -> Any:
    return entry[key] if isinstance(entry, Mapping) else getattr(entry, key)


def words_of(part: Part | type[BaseModel]) -> Iterator[tuple[str, str]]:
    """Yield the name of each key of a part, and how it is written."""
    model = part if isinstance(part, type) else type(part)
    return ((name, field.alias or name) for name, field in model.model_fields.items())


def labels(key: str, entries: Sequence[Listed]) -> list[str]:
    """Return a name for each part in a list, which no other of them has."""
    found: list[str] = []
    for entry in entries:
        label, count = (name := name_of(key, entry)), 1
        while label in found:
            count += 1
            label = f"{name} ({count})"
        found.append(label)
    return found


def places(part: Part, at: Place = ()) -> Iterator[tuple[Place, Entry]]:
    """Yield the way to each group and each part of a list, with what stands there."""
    yield at, part
    for name in type(part).model_fields:
        value = getattr(part, name)
        if name in GROUPS and isinstance(value, Part):
            yield from places(value, (*at, name))
        elif isinstance(value, tuple):
            for label, entry in zip(labels(name, value), value, strict=True):
                if isinstance(entry, Part):
                    yield from places(entry, (*at, name, label))
                else:
                    yield (*at, name, label), entry


def paired(key: str, before: Sequence[Entry], after: Sequence[Entry]) -> dict[int, int]:
    """Return which part of one list is which of another, by where they stand."""
    found: dict[int, int] = {}
    old, new = dict(enumerate(before)), dict(enumerate(after))
    _match(found, old, new)
    _match(found, *({at: name_of(key, one) for at, one in some.items()} for some in (old, new)))
    _match_alike(found, old, new, lambda here, there: _hold_the_same(before[here], after[there]))
    return found


def paired_tasks(before: Sequence[Checklist], after: Sequence[Checklist], lists: Mapping[int, int]) -> dict[At, At]:
    """Return which task is which, also where it stands in another checklist; `lists` are the checklists' pairs."""
    found: dict[At, At] = {}
    old, new = _places(before), _places(after)
    old_titles, new_titles = ({at: task.title for at, task in some.items()} for some in (old, new))
    back = {there: here for here, there in lists.items()}
    for here, there in ((old, new), (old_titles, new_titles)):
        in_its_list = {at: (back.get(at[0]), one) for at, one in there.items()}
        _match(found, {at: (at[0], one) for at, one in here.items()}, in_its_list)
    _match(found, old, new)
    _match(found, old_titles, new_titles)
    _match_alike(found, old, new, lambda at, to: lists.get(at[0]) == to[0] and _are_alike(old[at], new[to]))
    return found


def staying(order: Sequence[int]) -> set[int]:
    """Return the most of some places that stand in their order already: all others have moved."""
    ends: list[int] = []
    before: dict[int, int | None] = {}
    for place in order:
        at = bisect_left(ends, place)
        before[place] = ends[at - 1] if at else None
        ends[at : at + 1] = [place]
    stay, last = set[int](), ends[-1] if ends else None
    while last is not None:
        stay.add(last)
        last = before[last]
    return stay


def _match(found: dict[K, K], before: Mapping[K, Hashable], after: Mapping[K, Hashable]) -> None:
    """Pair what is not paired yet and says the same, in its order."""
    waiting: dict[Hashable, deque[K]] = defaultdict(deque)
    taken = set(found.values())
    for one, said in after.items():
        if one not in taken:
            waiting[said].append(one)
    for one, said in before.items():
        if one not in found and waiting[said]:
            found[one] = waiting[said].popleft()


def _match_alike(found: dict[K, K], before: Iterable[K], after: Iterable[K], are_alike: Callable[[K, K], bool]) -> None:
    """Pair what is not paired yet and is alike, in its order."""
    taken = set(found.values())
    free = [one for one in after if one not in taken]
    for one in before:
        if one not in found and (like := next((other for other in free if are_alike(one, other)), None)) is not None:
            found[one] = like
            free.remove(like)


def _places(lists: Sequence[Checklist]) -> dict[At, Task]:
    return {(row, at): task for row, one in enumerate(lists) for at, task in enumerate(one.tasks)}


def _hold_the_same(before: Entry, after: Entry) -> bool:
    """Return whether two checklists have most of their tasks in common, or a task has just got another title."""
    if isinstance(before, Task) and isinstance(after, Task):
        return _are_alike(before, after)
    if not isinstance(before, Checklist) or not isinstance(after, Checklist):
        return False
    old, new = ({task.title for task in one.tasks} for one in (before, after))
    return bool(old & new) and 2 * len(old & new) >= max(len(old), len(new))


def _are_alike(before: Task, after: Task) -> bool:
    """Return whether a task has got another title: one like it."""
    titles = SequenceMatcher(None, before.title, after.title)
    return min(titles.real_quick_ratio(), titles.quick_ratio()) >= _LIKE and titles.ratio() >= _LIKE
