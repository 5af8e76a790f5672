"""Some of the differences between two playbooks, made in one of them: all of them make it the other."""

from collections.abc import Collection, Iterator
from typing import Any

from handlers.playbooks.changes import NotThere
from handlers.playbooks.differences import Difference, differences
from handlers.playbooks.pairs import GROUPS, Place, labels
from handlers.playbooks.playbook import Playbook, playbook_of
from handlers.playbooks.values import Part

Said = dict[str, Any]


def taken(book: Playbook, after: Playbook, chosen: Collection[Difference]) -> Playbook:
    """Return a playbook with some of its differences to `after` in it, also those that another one has to that.

    Raises `NotThere` where it has nothing of what is to be changed, and `ValueError` where it would not be valid: a
    task for a role that was not taken over.
    """
    if set(chosen) == set(differences(book, after)):
        return after
    draft = _Draft(book, after)
    for one in chosen:
        if one.sign == "-" and draft.is_entry(one.old):
            draft.remove(one.old)
        elif not one.into:
            draft.change(one)
    for one in sorted((one for one in chosen if one.into), key=draft.turn):
        draft.put(one)
    for one in chosen:
        draft.drop_empty(one)
    return playbook_of(draft.said)


class _Draft:
    """A playbook's definition while it is changed; the ways to its parts are those from before."""

    def __init__(self, book: Playbook, after: Playbook) -> None:
        self.said, self.wish = book.definition(), after.definition()
        self.here = dict(_indexed(book, self.said, ()))
        self.there = dict(_indexed(after, self.wish, ()))
        self.turns = {place: number for number, place in enumerate(self.there)}

    def turn(self, one: Difference) -> int:
        """Return when something is put where it belongs: after what stands before it."""
        return self.turns[one.new]

    def is_entry(self, place: Place) -> bool:
        """Return whether a way leads to a part of a list, rather than to a key."""
        return isinstance(self._known(place[:-1]), list)

    def change(self, one: Difference) -> None:
        parent, wish = self._known(one.old[:-1]), self.there[one.new[:-1]]
        parent[one.old[-1]] = wish[one.new[-1]]

    def remove(self, place: Place) -> None:
        """Take something out of its list; a checklist once it is empty."""
        if len(place) > 2 or place[0] != "checklists":
            _without(self._known(place[:-1]), self._known(place))

    def put(self, one: Difference) -> None:
        """Put what is new or moved behind what stands before it in the other playbook, as far as that is here."""
        entry = self._known(one.old) if one.is_move else self._copy(one)
        if one.is_move:
            _without(self._list(one.old[:-1]), entry)
        into, wish = self._list(one.into), self.there[one.new[:-1]]
        names, own = labels(one.new[-2], wish), labels(one.new[-2], into)
        before = names[: names.index(one.new[-1])]
        at = next((own.index(name) + 1 for name in reversed(before) if name in own), 0)
        into.insert(at, entry)

    def drop_empty(self, one: Difference) -> None:
        if one.sign == "-" and len(one.old) == 2 and one.old[0] == "checklists":
            gone = self._known(one.old)
            if not gone["tasks"]:
                _without(self.said["checklists"], gone)

    def _copy(self, one: Difference) -> Any:
        entry = self.there[one.new]
        if not isinstance(entry, dict) or len(one.new) != 2 or one.new[0] != "checklists":
            return entry
        made = entry | {"tasks": []}
        self.here[one.new], self.here[*one.new, "tasks"] = made, made["tasks"]
        return made

    def _list(self, place: Place) -> list[Any]:
        """Return a list; the tasks of a checklist that was not taken over itself make it come along."""
        if place not in self.here and place[0] == "checklists" and place[:2] in self.there:
            self.put(Difference("+", "", new=place[:2], into=("checklists",)))
        found: list[Any] = self._known(place)
        return found

    def _known(self, place: Place) -> Any:
        if place not in self.here:
            raise NotThere
        return self.here[place]


def _indexed(part: Part, said: Said, at: Place) -> Iterator[tuple[Place, Any]]:
    """Yield the way to each group, list and part of one, with what stands there."""
    yield at, said
    for name in type(part).model_fields:
        value = getattr(part, name)
        if name in GROUPS and isinstance(value, Part):
            yield from _indexed(value, said[name], (*at, name))
        elif isinstance(value, tuple):
            yield (*at, name), said[name]
            for label, entry, inside in zip(labels(name, value), value, said[name], strict=True):
                if isinstance(entry, Part):
                    yield from _indexed(entry, inside, (*at, name, label))
                else:
                    yield (*at, name, label), inside


def _without(entries: list[Any], entry: Any) -> None:
    at = next((at for at, one in enumerate(entries) if one is entry), None)
    if at is None:
        raise NotThere
    del entries[at]
