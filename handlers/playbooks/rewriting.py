"""What differs between a playbook's text and another playbook, as changes of the text that touch nothing else."""

from collections.abc import Sequence
from typing import Any

import yaml

from handlers.playbooks.differences import Difference, differences
from handlers.playbooks.key_edits import STEP, KeyEdits, Pair, said_in, said_under
from handlers.playbooks.pairs import Place, words_of
from handlers.playbooks.playbook import Playbook
from handlers.playbooks.text_edits import moved
from handlers.playbooks.values import Part
from handlers.playbooks.write_yaml import as_yaml, inside, just
from handlers.playbooks.yaml_text import Node, NotEditable, YamlText

_TASKS_DEPTH = 3


class Rewriting(KeyEdits):
    """A text that comes to say what another playbook does."""

    def __init__(self, text: YamlText, before: Playbook, after: Playbook) -> None:
        super().__init__(text, after)
        self.found = differences(before, after)
        self.in_new_lists: dict[Place, str] = {}

    def made(self) -> str:
        """Return the text as it then is. Raises `NotEditable`."""
        for one in self.found:
            if one.new and not one.into:
                self.change(one)
        lists = self._lists()
        # What stands further in is done first: whatever moves later takes it along.
        for into in sorted(lists, key=len, reverse=True):
            if len(into) <= _TASKS_DEPTH:
                self.add_all(to=[parent for parent in self.added if len(parent) > 1])
            self._relist(into, lists[into])
        self.add_all(to=list(self.added))
        return self.edits.made()

    def _lists(self) -> dict[Place, list[Difference]]:
        """Return the lists of the text in which something is added, moved or removed, and what is put there."""
        lists: dict[Place, list[Difference]] = {}
        for one in self.found:
            if one.into:
                lists.setdefault(one.into, []).append(one)
            if one.is_move or not one.new:
                lists.setdefault(one.old[:-1], [])
        return lists

    def _relist(self, into: Place, coming: list[Difference]) -> None:
        node = self.text.values.get(into)
        if into[:2] not in self.text.values and len(into) == _TASKS_DEPTH:
            self.in_new_lists[into] = self._chunks(coming, 0)
        elif not isinstance(node, yaml.SequenceNode) or not node.value:
            self._fill(into, coming)
        elif node.flow_style:
            self._relist_in_brackets(into, node, coming)
        else:
            self._relist_lines(into, node, coming)

    def _gone(self) -> set[Place]:
        return {one.old for one in self.found if one.is_move or not one.new}

    def _fill(self, into: Place, coming: list[Difference]) -> None:
        """Write a list that is not there yet, or has no entries."""
        if not coming:
            return
        name, after = into[-1], self.part(coming[0].new[:-2])
        word = dict(words_of(after))[name]
        if into not in self.text.keys:
            self.added[into[:-1]].append(
                Pair(name, word, said_under(after, name, word), lambda column: self._chunks(coming, column))
            )
            return
        group, number = self.text.keys[into]
        key, value = group.value[number]
        if group.flow_style or self.is_flow(into[:-1]):
            self.set_value(into, said_under(after, name, word))
            return
        begin, end = key.end_mark.index + 1, int(value.end_mark.index)
        self.edits.add(begin, end, "", into)
        at = self.text.next_line(end)
        chunks = self._chunks(coming, key.start_mark.column + STEP)
        self.edits.add(at, at, chunks, into)

    def _relist_in_brackets(self, into: Place, node: Node, coming: list[Difference]) -> None:
        """Write a list within brackets anew, its entries as they are."""
        if self.text.has_comments(node):
            raise NotEditable
        gone, order = self._gone(), [place for place, (one, _) in self.text.entries.items() if one is node]
        stay: list[tuple[Place | None, str]] = [
            (place, self._take(self.text.value(place), place)) for place in order if place not in gone
        ]
        for one in reversed(coming):
            at = next((number + 1 for number, (place, _) in enumerate(stay) if place == one.behind), 0)
            stay.insert(at, (None, inside(self._entry(one))))
        begin, end = node.value[0].start_mark.index, self.text.end(node.value[-1])
        self.edits.forget(into)
        self.edits.add(begin, end, ", ".join(words for _, words in stay), into)

    def _relist_lines(self, into: Place, node: Node, coming: list[Difference]) -> None:
        order = [place for place, (one, _) in self.text.entries.items() if one is node]
        lines = {place: self.text.lines(place) for place in order}
        first = lines[order[0]]
        is_spaced = any(self.text.is_blank(self.text.line_begin(lines[one].begin - 1)) for one in order[1:])
        groups: dict[Place, list[str]] = {}
        for one in coming:
            groups.setdefault(one.behind, []).append(self._chunk(one, first.column))
        removed = {one.old for one in self.found if not one.new}
        for place in order:
            if place in removed:
                self.drop(lines[place], place)
        for behind, chunks in groups.items():
            at = lines[behind].end if behind else first.begin
            blank = "\n" if is_spaced else ""
            words = "".join(f"{blank}{chunk}" if behind else f"{chunk}{blank}" for chunk in chunks)
            self.edits.add(at, at, words, into)

    def _chunks(self, some: Sequence[Difference], column: int) -> str:
        return "".join(self._chunk(one, column) for one in some)

    def _chunk(self, one: Difference, column: int) -> str:
        """Return the lines of what is added or moved."""
        if one.is_move and not self.is_flow(one.old[:-1]):
            return self._cut(one.old, column)
        entry = self._entry(one)
        place = (*one.new, "tasks")
        if tasks := self.in_new_lists.get(place, ""):
            head = moved(as_yaml([{key: value for key, value in entry.items() if key != "tasks"}]), column)
            return f"{head}{' ' * (column + STEP)}tasks:\n{moved(tasks, column + 2 * STEP)}"
        return moved(as_yaml([entry]), column)

    def _cut(self, place: Place, column: int) -> str:
        """Take an entry out with its comments, to stand elsewhere."""
        lines = self.text.lines(place)
        words = self.edits.taken(lines.begin, lines.end, place)
        end = lines.end
        if self.text.is_blank(end) and self.text.is_blank(self.text.line_begin(lines.begin - 1)):
            end = self.text.next_line(end)
        self.edits.add(lines.begin, end, "", place)
        return moved(words, column - lines.column)

    def _take(self, node: Node, place: Place) -> str:
        return self.edits.taken(node.start_mark.index, self.text.end(node), place)

    def _entry(self, one: Difference) -> Any:
        entry = self.there[one.new]
        return just(one.new[-2], said_in(entry, one.new[-2])) if isinstance(entry, Part) else entry
