"""Changes of the keys and values in a playbook's text, so that it says of them what another playbook does."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from handlers.playbooks.differences import Difference
from handlers.playbooks.pairs import Entry, Place, places, words_of
from handlers.playbooks.playbook import Playbook
from handlers.playbooks.text_edits import Edits, moved
from handlers.playbooks.values import Part
from handlers.playbooks.write_yaml import JUST, as_written, as_yaml, inside
from handlers.playbooks.yaml_text import Lines, Node, NotEditable, YamlText, is_block

STEP = 2
"""How much further in stands what is written below a key."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A key that is added with its value; `entries` makes the lines of a list, at a column."""

    name: str
    word: str
    said: Any
    entries: Callable[[int], str] | None = None


class KeyEdits:
    """The keys of a text, and what becomes of them."""

    def __init__(self, text: YamlText, after: Playbook) -> None:
        self.text, self.after = text, after
        self.there: dict[Place, Entry] = dict(places(after))
        self.edits = Edits(text.text)
        self.added: dict[Place, list[Pair]] = defaultdict(list)

    def change(self, one: Difference) -> None:
        parent, name = one.old[:-1], one.old[-1]
        after = self.part(one.new[:-1])
        word = dict(words_of(after))[name]
        said = said_under(after, name, word)
        if name == "title" and hasattr(after, "key"):
            self._keep_key(parent, after)
        if name == "key" and one.old not in self.text.keys:
            self._keep_key(parent, after)
        elif self._is_just(parent) and name == JUST[parent[-2]]:
            self._replace(self.text.value(parent), said, parent)
        elif said in (None, "", []):
            self._remove(one.old)
        elif one.old in self.text.keys:
            self.set_value(one.old, said)
        else:
            self.added[parent].append(Pair(name, word, said))

    def part(self, place: Place) -> Part:
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
        pairs, pair = self.added[parent], Pair("key", "key", after.key)
        if (*parent, "key") not in self.text.keys and pair not in pairs and _derived(after) != after.key:
            pairs.append(pair)

    def set_value(self, place: Place, said: Any) -> None:
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
        if isinstance(said, str) and "\n" in said and key is not None and not self.is_flow(owner):
            if not is_block(node):
                beside, end = self.text.text[end : self.text.line_end(end)], self.text.line_end(end)
            indent = self._indent(node) or key.start_mark.column + STEP
            head, _, body = as_yaml({"": said}).partition(": ")[2].rstrip("\n").partition("\n")
            words, beside = head + beside + "\n" + moved(body, indent - STEP), ""
        if not isinstance(node, yaml.ScalarNode) and not node.flow_style and key is not None:
            # Lines of its own become words beside the key.
            begin = key.end_mark.index + 1
            if self.text.text[begin : node.start_mark.index].strip():
                raise NotEditable
            words = f" {words}"
        # What had no value begins right behind its colon.
        space = " " if begin == node.end_mark.index and self.text.text[begin - 1 : begin] == ":" else ""
        self.edits.add(begin, end, f"{space}{words}{beside}", owner)

    def _indent(self, node: Node) -> int:
        """Return how far in the lines of a text stand; 0 where it has none of its own."""
        lines = self.text.text[node.start_mark.index : self.text.end(node)].split("\n")[1:] if is_block(node) else []
        return min((len(line) - len(line.lstrip(" ")) for line in lines if line.strip()), default=0)

    def is_flow(self, place: Place) -> bool:
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
            self.drop(self.text.pair_lines(place), place)
        elif following is not None and "#" not in self.text.text[self.text.end(value) : following.start_mark.index]:
            self.edits.add(key.start_mark.index, following.start_mark.index, "", place)
        else:
            raise NotEditable

    def _say_whether_wanted(self) -> None:
        """Write whether a retrospective is wanted: one without any key would not be."""
        group: Place = ("retrospective",)
        is_there = (*group, "enabled") in self.text.keys or "enabled" in [pair.name for pair in self.added[group]]
        if not is_there:
            self.added[group].append(Pair("enabled", "enabled", self.after.retrospective.enabled))

    def _remove_in_brackets(self, begins: Sequence[Node], ends: Sequence[Node], number: int, owner: Place) -> None:
        if number + 1 < len(begins):
            begin, end = begins[number].start_mark.index, begins[number + 1].start_mark.index
        else:
            begin = self.text.end(ends[number - 1]) if number else begins[number].start_mark.index
            end = self.text.end(ends[number])
        self.edits.add(begin, end, "", owner)

    def drop(self, lines: Lines, owner: Place) -> None:
        """Take lines out; the comments above them stay, apart from what follows."""
        end = lines.end
        has_comments = lines.begin < lines.own
        if not has_comments and self.text.is_blank(end) and self.text.is_blank(self.text.line_begin(lines.begin - 1)):
            end = self.text.next_line(end)
        self.edits.forget(owner)
        apart = has_comments and not self.text.is_blank(end)
        self.edits.add(lines.own, end, "\n" if apart else "", owner)

    def add_all(self, to: Sequence[Place]) -> None:
        for parent in sorted(to, key=len, reverse=True):
            if pairs := self.added.pop(parent, []):
                self._add(parent, pairs)

    def _add(self, parent: Place, pairs: list[Pair]) -> None:
        node = self.text.values.get(parent)
        if node is None or (isinstance(node, yaml.ScalarNode) and not self._is_just(parent)):
            self._add_group(parent, pairs)
        elif isinstance(node, yaml.ScalarNode):
            self._unfold(parent, node, pairs)
        elif node.flow_style:
            at = self.text.end(node.value[-1][1]) if node.value else node.start_mark.index + 1
            words = ", ".join(f"{pair.word}: {inside(pair.said)}" for pair in pairs)
            self.edits.add(at, at, f", {words}" if node.value else words, parent)
        else:
            for pair in pairs:
                at = self._behind(parent, node, pair.name)
                self.edits.add(at, at, self._lines_of(pair, node.value[0][0].start_mark.column), parent)

    def _add_group(self, parent: Place, pairs: list[Pair]) -> None:
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
            self.edits.add(at, at, moved(as_yaml(said), key.start_mark.column + STEP), parent)
        else:
            self._add((), [Pair(parent[0], parent[0], said)])

    def _unfold(self, parent: Place, node: Node, pairs: list[Pair]) -> None:
        """Make an entry that is just its title one with keys."""
        begin, end = node.start_mark.index, self.text.end(node)
        only = JUST[parent[-2]]
        if self.is_flow(parent[:-1]):
            words = "".join(f", {pair.word}: {inside(pair.said)}" for pair in pairs)
            self.edits.add(begin, begin, f"{{{only}: ", parent)
            self.edits.add(end, end, words + "}", parent)
        else:
            at = self.text.next_line(end)
            lines = "".join(self._lines_of(pair, node.start_mark.column) for pair in pairs)
            self.edits.add(begin, begin, f"{only}: ", parent)
            self.edits.add(at, at, lines, parent)

    def _lines_of(self, pair: Pair, column: int) -> str:
        if pair.entries is None:
            return moved(as_yaml({pair.word: pair.said}), column)
        return f"{' ' * column}{pair.word}:\n{pair.entries(column + STEP)}"

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


def said_under(part: Part, name: str, word: str) -> Any:
    """Return the value of a key as it is written, without what is so anyway."""
    whole = part.model_dump(mode="json", by_alias=True, include={name})[word]
    if isinstance(getattr(part, name), Part | tuple) and whole:
        whole = part.model_dump(mode="json", by_alias=True, include={name}, exclude_defaults=True).get(word, whole)
    return as_written(word, whole)


def said_in(part: Part, key: str = "") -> Any:
    return as_written(key, part.model_dump(mode="json", by_alias=True, exclude_defaults=True))


def _derived(part: Any) -> str:
    try:
        return str(type(part)(title=part.title).key)
    except ValueError:
        return ""


def _comment_in(head: str) -> str:
    _, mark, comment = head.partition(" #")
    return mark + comment
