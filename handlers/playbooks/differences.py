"""What differs between two playbooks: told part by part, tasks by their titles, and what moved as moved."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from handlers.playbooks.pairs import GROUPS, Entry, Place, labels, paired, paired_tasks, staying
from handlers.playbooks.playbook import Checklist, Playbook
from handlers.playbooks.values import Part
from handlers.playbooks.write_yaml import as_written, in_one_line

Sign = Literal["+", "~", "-"]

_BETWEEN = " › "


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that was added (+), changed (~) or removed (-), and what it was and is, as it stands in files.

    `path` is its place in people's words. Of what `is_move` the words are its places: for a task its checklist and the
    number in it. `old` is the way to it in the one playbook, `new` in the other. What is added or moved goes `into` a
    list of the first one, `behind` what is the nearest before it that stays: at the beginning where there is none.
    """

    sign: Sign
    path: str
    before: str = ""
    after: str = ""
    old: Place = ()
    new: Place = ()
    into: Place = ()
    behind: Place = ()
    is_move: bool = False


@dataclass(frozen=True, slots=True)
class _At:
    """A place in both playbooks, and in words."""

    old: Place = ()
    new: Place = ()
    words: tuple[str, ...] = ()

    def key(self, name: str, word: str) -> "_At":
        return _At((*self.old, name), (*self.new, name), (*self.words, word) if word else self.words)

    def entry(self, old: str, new: str) -> "_At":
        return _At((*self.old, old), (*self.new, new), (*self.words, new or old))

    def path(self, *more: str) -> str:
        return _BETWEEN.join((*self.words, *more))


def differences(before: Playbook, after: Playbook) -> tuple[Difference, ...]:
    """Return all that differs; nothing if both playbooks are equal."""
    return tuple(_of_parts(before, after, _At()))


def _of_parts(before: Part, after: Part, at: _At) -> Iterator[Difference]:
    for name, field in type(before).model_fields.items():
        old, new, word = getattr(before, name), getattr(after, name), field.alias or name
        if old == new:
            continue
        if name == "checklists":
            yield from _Tasks(old, new).differences()
        elif name in GROUPS and isinstance(old, Part):
            yield from _of_parts(old, new, at.key(name, word))
        elif name != "tasks" and isinstance(old, tuple) and _is_list(old) and _is_list(new):
            yield from _of_lists(name, old, new, at.key(name, word))
        elif name != "tasks":
            yield _of_values(in_words(before, name, word), in_words(after, name, word), at.key(name, word))


def _is_list(entries: tuple[Any, ...]) -> bool:
    """Return whether each entry can be told from the others."""
    return len(set(entries)) == len(entries) or not any(isinstance(one, str) for one in entries)


def in_words(part: Part, name: str, word: str) -> str:
    """Return what a key says, as it stands in files; `word` is what the key is called there."""
    value = getattr(part, name)
    if isinstance(value, Part):
        return in_one_line(value)
    said = as_written(word, part.model_dump(mode="json", by_alias=True, include={name})[word])
    if isinstance(said, list):
        return ", ".join(map(str, said))
    if isinstance(said, bool):
        return "true" if said else "false"
    return str(said or "")


def _of_values(before: str, after: str, at: _At) -> Difference:
    sign: Sign = "~" if before and after else "+" if after else "-"
    return Difference(sign, at.path(), before, after, at.old, at.new)


def _of_lists(key: str, before: Sequence[Entry], after: Sequence[Entry], at: _At) -> Iterator[Difference]:
    pairs, old, new = paired(key, before, after), labels(key, before), labels(key, after)
    back = {there: here for here, there in pairs.items()}
    stay = staying([back[there] for there in sorted(back)])
    behind: Place = ()
    for there, entry in enumerate(after):
        here = back.get(there)
        if here is None:
            path, place = at.path(*_named(entry, new[there])), (*at.new, new[there])
            yield Difference("+", path, "", in_short(entry), (), place, at.old, behind)
            continue
        place_in = at.entry(old[here], new[there])
        if here in stay:
            behind = place_in.old
        else:
            yield _move(place_in, str(here + 1), str(there + 1), at.old, behind)
        if isinstance(entry, Part) and isinstance(was := before[here], Part):
            yield from _of_parts(was, entry, place_in)
    for here, entry in enumerate(before):
        if here not in pairs:
            yield Difference("-", at.path(*_named(entry, old[here])), in_short(entry), "", (*at.old, old[here]))


def _move(at: _At, before: str, after: str, into: Place, behind: Place) -> Difference:
    return Difference("~", at.path(), before, after, at.old, at.new, into, behind, is_move=True)


def _named(entry: Entry, label: str) -> tuple[str, ...]:
    """Return what tells an entry in a path: nothing where it is just a text, which stands behind the path."""
    return () if isinstance(entry, str) else (label,)


def in_short(entry: Entry) -> str:
    """Return a part of a list as it stands in files, in one line."""
    return entry if isinstance(entry, str) else in_one_line(entry)


class _Tasks:
    """The checklists of two playbooks with their tasks, which may have moved from one to another."""

    def __init__(self, before: Sequence[Checklist], after: Sequence[Checklist]) -> None:
        self.before, self.after = before, after
        self.old, self.new = labels("checklists", before), labels("checklists", after)
        self.lists = paired("checklists", before, after)
        self.back = {there: here for here, there in self.lists.items()}
        self.pairs = paired_tasks(before, after, self.lists)
        self.origin = {there: here for here, there in self.pairs.items()}
        self.places: dict[tuple[int, int], Place] = {
            (row, n): ("checklists", title, "tasks", name)
            for row, (title, one) in enumerate(zip(self.old, before, strict=True))
            for n, name in enumerate(labels("tasks", one.tasks))
        }

    def differences(self) -> Iterator[Difference]:
        stay = staying([self.back[there] for there in sorted(self.back)])
        behind: Place = ()
        for there, one in enumerate(self.after):
            here, into = self.back.get(there), ("checklists",)
            known = self.new[there] if here is None else self.old[here]
            at = _At(into, into).entry(known, self.new[there])
            if here is None:
                yield Difference("+", at.path(), "", one.title, (), at.new, into, behind)
            else:
                if here in stay:
                    behind = at.old
                else:
                    yield _move(at, str(here + 1), str(there + 1), into, behind)
                yield from _of_parts(self.before[here], one, at)
            yield from self._tasks(here, there, at.key("tasks", ""))
        for here in range(len(self.before)):
            yield from self._removed(here)

    def _tasks(self, here: int | None, there: int, at: _At) -> Iterator[Difference]:
        tasks = self.after[there].tasks
        names, origins = labels("tasks", tasks), [self.origin.get((there, n)) for n in range(len(tasks))]
        stay = staying([old[1] for old in origins if old is not None and old[0] == here])
        behind: Place = ()
        for n, (task, old) in enumerate(zip(tasks, origins, strict=True)):
            if old is None:
                yield Difference("+", at.path(names[n]), "", in_one_line(task), (), (*at.new, names[n]), at.old, behind)
                continue
            place = _At(self.places[old], (*at.new, names[n]), (*at.words, names[n]))
            if old[0] == here and old[1] in stay:
                behind = place.old
            else:
                words = f"{self.old[old[0]]} {old[1] + 1}", f"{self.new[there]} {n + 1}"
                yield _move(place, *words, at.old, behind)
            yield from _of_parts(self.before[old[0]].tasks[old[1]], task, place)

    def _removed(self, here: int) -> Iterator[Difference]:
        for n, task in enumerate(self.before[here].tasks):
            if (here, n) not in self.pairs:
                place = self.places[here, n]
                yield Difference("-", _BETWEEN.join((self.old[here], place[-1])), in_one_line(task), "", place)
        if here not in self.lists:
            yield Difference("-", self.old[here], self.before[here].title, "", ("checklists", self.old[here]))


def counted(found: Sequence[Difference]) -> Mapping[Sign, int]:
    """Return how many of some differences have each sign."""
    return {sign: sum(one.sign == sign for one in found) for sign in ("+", "~", "-")}
