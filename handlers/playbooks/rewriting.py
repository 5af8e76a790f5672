"""What differs between a playbook's text and another playbook, as changes of the text that touch nothing else."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from handlers.playbooks.differences import Difference, differences
from handlers.playbooks.pairs import Entry, Place, places, words_of
from handlers.playbooks.playbook import Playbook
from handlers.playbooks.values import Part
from handlers.playbooks.write_yaml import JUST, as_written, as_yaml, inside, just
from handlers.playbooks.yaml_text import Lines, Node, NotEditable, YamlText, is_block

_STEP = 2
_TASKS_DEPTH = 3


@dataclass(frozen=True, slots=True)
class _Edit:
    """Words that take the place of others, in the part of the text that is at `owner`."""

    begin: int
    end: int
    words: str
    owner: Place


@dataclass(frozen=True, slots=True)
class _Pair:
    """A key that is added with its value; `entries` are the differences that make it, where it is a list."""

    name: str
    word: str
    said: Any
    entries: Sequence[Difference] = ()


class Rewriting:
    """A text that comes to say what another playbook does."""

    def __init__(self, text: YamlText, before: Playbook, after: Playbook) -> None:
        self.text, self.after = text, after
        self.found = differences(before, after)
        self.there: dict[Place, Entry] = dict(places(after))
        self.edits: list[_Edit] = []
        self.added: dict[Place, list[_Pair]] = defaultdict(list)
        self.in_new_lists: dict[Place, str] = {}

    def made(self) -> str:
        """Return the text as it then is. Raises `NotEditable`."""
        for one in self.found:
            if one.new and not one.into:
                self._change(one)
        lists = self._lists()
        # What stands further in is done first: whatever moves later takes it along.
        for into in sorted(lists, key=len, reverse=True):
            if len(into) <= _TASKS_DEPTH:
                self._add_all(to=[parent for parent in self.added if len(parent) > 1])
            self._relist(into, lists[into])
        self._add_all(to=list(self.added))
        return _applied(self.edits, self.text.text, 0)

    def _lists(self) -> dict[Place, list[Difference]]:
        """Return the lists of the text in which something is added, moved or removed, and what is put there."""
        lists: dict[Place, list[Difference]] = {}
        for one in self.found:
            if one.into:
                lists.setdefault(one.into, []).append(one)
            if one.is_move or not one.new:
                lists.setdefault(one.old[:-1], [])
        return lists

    def _change(self, one: Difference) -> None:
        parent, name = one.old[:-1], one.old[-1]
        after = self._part(one.new[:-1])
        word = dict(words_of(after))[name]
        said = _said(after, name, word)
        if name == "title" and hasattr(after, "key"):
            self._keep_key(parent, after)
        if name == "key" and one.old not in self.text.keys:
            self._keep_key(parent, after)
        elif self._is_just(parent) and name == JUST[parent[-2]]:
            self._replace(self.text.value(parent), said, parent)
        elif said in (None, "", []):
            self._remove(one.old)
        elif one.old in self.text.keys:
            self._set(one.old, said)
        else:
            self.added[parent].append(_Pair(name, word, said))

    def _part(self, place: Place) -> Part:
        found = self.there[place]
        if not isinstance(found, Part):
            raise NotEditable
        return found

    def _is_just(self, place: Place) -> bool:
        """Return whether an entry stands there as just what it is known by."""
        node = self.text.values.get(place)
        return place in self.text.entries and isinstance(node, yaml.ScalarNode) and place[-2] in JUST

    def _keep_key(self, parent: Place, after: Any) -> None:
        """Write the key of what has another title now, unless it is made from that all the same."""
        pairs, pair = self.added[parent], _Pair("key", "key", after.key)
        if (*parent, "key") not in self.text.keys and pair not in pairs and _derived(after) != after.key:
            pairs.append(pair)

    def _set(self, place: Place, said: Any) -> None:
        group, number = self.text.keys[place]
        self._replace(group.value[number][1], said, place[:-1], group.value[number][0])

    def _replace(self, node: Node, said: Any, owner: Place, key: Node = None) -> None:
        """Write something else where a part stands; what is beside it stays."""
        if not isinstance(node, yaml.ScalarNode) and self.text.has_comments(node):
            raise NotEditable
        begin, end = node.start_mark.index, self.text.end(node)
        words, beside = inside(said), ""
        if is_block(node):
            beside = _comment_in(self.text.text[begin : self.text.line_end(begin)])
        if isinstance(said, str) and "\n" in said and key is not None and not self._is_flow(owner):
            if not is_block(node):
                beside, end = self.text.text[end : self.text.line_end(end)], self.text.line_end(end)
            indent = self._indent(node) or key.start_mark.column + _STEP
            head, _, body = as_yaml({"": said}).partition(": ")[2].rstrip("\n").partition("\n")
            words, beside = head + beside + "\n" + _moved(body, indent - _STEP), ""
        if not isinstance(node, yaml.ScalarNode) and not node.flow_style and key is not None:
            # Lines of its own become words beside the key.
            begin = key.end_mark.index + 1
            if self.text.text[begin : node.start_mark.index].strip():
                raise NotEditable
            words = f" {words}"
        # What had no value begins right behind its colon.
        space = " " if begin == node.end_mark.index and self.text.text[begin - 1 : begin] == ":" else ""
        self.edits.append(_Edit(begin, end, f"{space}{words}{beside}", owner))

    def _indent(self, node: Node) -> int:
        """Return how far in the lines of a text stand; 0 where it has none of its own."""
        lines = self.text.text[node.start_mark.index : self.text.end(node)].split("\n")[1:] if is_block(node) else []
        return min((len(line) - len(line.lstrip(" ")) for line in lines if line.strip()), default=0)

    def _is_flow(self, place: Place) -> bool:
        """Return whether a part stands within brackets."""
        ways = (place[:length] for length in range(len(place) + 1))
        return any(getattr(self.text.values.get(way), "flow_style", False) for way in ways)

    def _remove(self, place: Place) -> None:
        """Take a key out with its value."""
        if place not in self.text.keys:
            raise NotEditable
        group, number = self.text.keys[place]
        key, value = group.value[number]
        following = group.value[number + 1][0] if number + 1 < len(group.value) else None
        if len(place) == 2 and place[0] == "retrospective":
            self._say_whether_wanted()
        if group.flow_style:
            self._remove_in_brackets([one for one, _ in group.value], [one for _, one in group.value], number, place)
        elif not self.text.text[self.text.line_begin(key.start_mark.index) : key.start_mark.index].strip():
            self._drop(self.text.pair_lines(place), place)
        elif following is not None and "#" not in self.text.text[self.text.end(value) : following.start_mark.index]:
            self.edits.append(_Edit(key.start_mark.index, following.start_mark.index, "", place))
        else:
            raise NotEditable

    def _say_whether_wanted(self) -> None:
        """Write whether a retrospective is wanted: one without any key would not be."""
        group: Place = ("retrospective",)
        is_there = (*group, "enabled") in self.text.keys or "enabled" in [pair.name for pair in self.added[group]]
        if not is_there:
            self.added[group].append(_Pair("enabled", "enabled", self.after.retrospective.enabled))

    def _remove_in_brackets(self, begins: Sequence[Node], ends: Sequence[Node], number: int, owner: Place) -> None:
        if number + 1 < len(begins):
            begin, end = begins[number].start_mark.index, begins[number + 1].start_mark.index
        else:
            begin = self.text.end(ends[number - 1]) if number else begins[number].start_mark.index
            end = self.text.end(ends[number])
        self.edits.append(_Edit(begin, end, "", owner))

    def _drop(self, lines: Lines, owner: Place) -> None:
        """Take lines out; the comments above them stay, apart from what follows."""
        end = lines.end
        has_comments = lines.begin < lines.own
        if not has_comments and self.text.is_blank(end) and self.text.is_blank(self.text.line_begin(lines.begin - 1)):
            end = self.text.next_line(end)
        self._forget(owner)
        apart = has_comments and not self.text.is_blank(end)
        self.edits.append(_Edit(lines.own, end, "\n" if apart else "", owner))

    # Keys that are added.

    def _add_all(self, to: Sequence[Place]) -> None:
        for parent in sorted(to, key=len, reverse=True):
            if pairs := self.added.pop(parent, []):
                self._add(parent, pairs)

    def _add(self, parent: Place, pairs: list[_Pair]) -> None:
        node = self.text.values.get(parent)
        if node is None or (isinstance(node, yaml.ScalarNode) and not self._is_just(parent)):
            self._add_group(parent, pairs)
        elif isinstance(node, yaml.ScalarNode):
            self._unfold(parent, node, pairs)
        elif node.flow_style:
            at = self.text.end(node.value[-1][1]) if node.value else node.start_mark.index + 1
            words = ", ".join(f"{pair.word}: {inside(pair.said)}" for pair in pairs)
            self.edits.append(_Edit(at, at, f", {words}" if node.value else words, parent))
        else:
            for pair in pairs:
                at = self._behind(parent, node, pair.name)
                self.edits.append(_Edit(at, at, self._lines_of(pair, node.value[0][0].start_mark.column), parent))

    def _add_group(self, parent: Place, pairs: list[_Pair]) -> None:
        """Add a group of keys that is not there, or has none yet."""
        said = {pair.word: pair.said for pair in pairs}
        if len(parent) != 1:
            raise NotEditable
        if parent == ("retrospective",):
            # Named at all it would be wanted.
            said = {"enabled": self.after.retrospective.enabled} | said
        if parent in self.text.keys:
            group, number = self.text.keys[parent]
            key, at = group.value[number][0], self.text.next_line(group.value[number][1].end_mark.index)
            self.edits.append(_Edit(at, at, _moved(as_yaml(said), key.start_mark.column + _STEP), parent))
        else:
            self._add((), [_Pair(parent[0], parent[0], said)])

    def _unfold(self, parent: Place, node: Node, pairs: list[_Pair]) -> None:
        """Make an entry that is just its title one with keys."""
        begin, end = node.start_mark.index, self.text.end(node)
        only = JUST[parent[-2]]
        if self._is_flow(parent[:-1]):
            words = "".join(f", {pair.word}: {inside(pair.said)}" for pair in pairs)
            self.edits += [_Edit(begin, begin, f"{{{only}: ", parent), _Edit(end, end, words + "}", parent)]
        else:
            at = self.text.next_line(end)
            lines = "".join(self._lines_of(pair, node.start_mark.column) for pair in pairs)
            self.edits += [_Edit(begin, begin, f"{only}: ", parent), _Edit(at, at, lines, parent)]

    def _lines_of(self, pair: _Pair, column: int) -> str:
        if not pair.entries:
            return _moved(as_yaml({pair.word: pair.said}), column)
        entries = "".join(self._chunk(one, column + _STEP) for one in pair.entries)
        return f"{' ' * column}{pair.word}:\n{entries}"

    def _behind(self, parent: Place, node: Node, name: str) -> int:
        """Return where a key belongs: behind the last one that usually stands before it."""
        part = self._before(parent)
        order = [one for one, _ in words_of(part)]
        known = [number for one in order[: order.index(name)] if (number := self._number(parent, one)) is not None]
        value = node.value[max(known, default=0)][1]
        return self.text.next_line(max(self.text.end(value), node.value[max(known, default=0)][0].end_mark.index))

    def _number(self, parent: Place, name: str) -> int | None:
        found = self.text.keys.get((*parent, name))
        return found[1] if found is not None else None

    def _before(self, place: Place) -> Part:
        found = self.text.parts[place]
        if not isinstance(found, Part):
            raise NotEditable
        return found

    # Lists.

    def _relist(self, into: Place, coming: list[Difference]) -> None:
        node = self.text.values.get(into)
        if into[:2] not in self.text.values and len(into) == _TASKS_DEPTH:
            self.in_new_lists[into] = "".join(self._chunk(one, 0) for one in coming)
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
        name, after = into[-1], self._part(coming[0].new[:-2])
        word = dict(words_of(after))[name]
        if into not in self.text.keys:
            self.added[into[:-1]].append(_Pair(name, word, _said(after, name, word), coming))
            return
        group, number = self.text.keys[into]
        key, value = group.value[number]
        if group.flow_style or self._is_flow(into[:-1]):
            self._set(into, _said(after, name, word))
            return
        begin, end = key.end_mark.index + 1, int(value.end_mark.index)
        self.edits.append(_Edit(begin, end, "", into))
        at = self.text.next_line(end)
        chunks = "".join(self._chunk(one, key.start_mark.column + _STEP) for one in coming)
        self.edits.append(_Edit(at, at, chunks, into))

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
        self._forget(into)
        self.edits.append(_Edit(begin, end, ", ".join(words for _, words in stay), into))

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
                self._drop(lines[place], place)
        for behind, chunks in groups.items():
            at = lines[behind].end if behind else first.begin
            blank = "\n" if is_spaced else ""
            words = "".join(f"{blank}{chunk}" if behind else f"{chunk}{blank}" for chunk in chunks)
            self.edits.append(_Edit(at, at, words, into))

    def _chunk(self, one: Difference, column: int) -> str:
        """Return the lines of what is added or moved."""
        if one.is_move and not self._is_flow(one.old[:-1]):
            return self._cut(one.old, column)
        entry = self._entry(one)
        place = (*one.new, "tasks")
        if tasks := self.in_new_lists.get(place, ""):
            head = _moved(as_yaml([{key: value for key, value in entry.items() if key != "tasks"}]), column)
            return f"{head}{' ' * (column + _STEP)}tasks:\n{_moved(tasks, column + 2 * _STEP)}"
        return _moved(as_yaml([entry]), column)

    def _cut(self, place: Place, column: int) -> str:
        """Take an entry out with its comments, to stand elsewhere."""
        lines = self.text.lines(place)
        words = self._taken(lines.begin, lines.end, place)
        end = lines.end
        if self.text.is_blank(end) and self.text.is_blank(self.text.line_begin(lines.begin - 1)):
            end = self.text.next_line(end)
        self.edits.append(_Edit(lines.begin, end, "", place))
        return _moved(words, column - lines.column)

    def _take(self, node: Node, place: Place) -> str:
        return self._taken(node.start_mark.index, self.text.end(node), place)

    def _taken(self, begin: int, end: int, owner: Place) -> str:
        """Return a piece of the text with all that was changed in it, which then counts no more."""
        inner = [one for one in self.edits if one.owner[: len(owner)] == owner]
        self._forget(owner)
        return _applied(inner, self.text.text[begin:end], begin)

    def _forget(self, owner: Place) -> None:
        self.edits[:] = [one for one in self.edits if one.owner[: len(owner)] != owner]

    def _entry(self, one: Difference) -> Any:
        entry = self.there[one.new]
        return just(one.new[-2], _short(entry, one.new[-2])) if isinstance(entry, Part) else entry


def _said(part: Part, name: str, word: str) -> Any:
    """Return the value of a key as it is written, without what is so anyway."""
    whole = part.model_dump(mode="json", by_alias=True, include={name})[word]
    if isinstance(getattr(part, name), Part | tuple) and whole:
        whole = part.model_dump(mode="json", by_alias=True, include={name}, exclude_defaults=True).get(word, whole)
    return as_written(word, whole)


def _short(part: Part, key: str = "") -> Any:
    return as_written(key, part.model_dump(mode="json", by_alias=True, exclude_defaults=True))


def _derived(part: Any) -> str:
    try:
        return str(type(part)(title=part.title).key)
    except ValueError:
        return ""


def _comment_in(head: str) -> str:
    _, mark, comment = head.partition(" #")
    return mark + comment


def _moved(lines: str, further: int) -> str:
    """Return lines so much further in, or out where it is less than nothing."""
    if further >= 0:
        return re.sub(r"^(?=.*\S)", " " * further, lines, flags=re.MULTILINE)
    return re.sub(rf"^ {{0,{-further}}}", "", lines, flags=re.MULTILINE)


def _applied(edits: Sequence[_Edit], text: str, begin: int) -> str:
    """Return a text, which begins at a place of the whole, with changes in it."""
    # Where several things are added at one place, what stands further in comes first.
    made, at = [], begin
    for one in sorted(edits, key=lambda one: (one.begin, one.end, -len(one.owner))):
        if one.begin < at:
            raise NotEditable
        made += [text[at - begin : one.begin - begin], one.words]
        at = one.end
    return "".join([*made, text[at - begin :]])
