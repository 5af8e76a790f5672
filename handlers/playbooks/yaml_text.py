"""A playbook's text with the parts of it: where each stands, which lines and comments are its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from handlers.playbooks.pairs import GROUPS, Entry, Place, labels, places, words_of
from handlers.playbooks.playbook import Playbook
from handlers.playbooks.values import Part

Node = Any
"""A part of the text; the library's types do not say what a node holds."""


class NotEditable(Exception):
    """The text is not written so that the change could be made in it; a person can make it by hand."""


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of an entry: from its comments on, from itself on, and where the next thing begins."""

    begin: int
    own: int
    end: int
    column: int


class YamlText:
    """A text that ends with a newline, and what it says by the ways that lead there."""

    def __init__(self, text: str, book: Playbook) -> None:
        self.text = text
        self.root = yaml.compose(text, Loader=yaml.SafeLoader)
        self.values: dict[Place, Node] = {}
        self.keys: dict[Place, tuple[Node, int]] = {}
        self.entries: dict[Place, tuple[Node, int]] = {}
        self.parts: dict[Place, Entry] = dict(places(book))
        self._index(book, self.root, ())

    def _index(self, part: Part, node: Node, at: Place) -> None:
        self.values[at] = node
        pairs = node.value if isinstance(node, yaml.MappingNode) else ()
        written = {key.value: number for number, (key, _) in enumerate(pairs)}
        for name, word in words_of(part):
            if word in written:
                self.keys[*at, name] = (node, written[word])
                self.values[*at, name] = pairs[written[word]][1]
                self._index_value(name, getattr(part, name), (*at, name))

    def _index_value(self, name: str, value: object, at: Place) -> None:
        node = self.values[at]
        if name in GROUPS and isinstance(value, Part):
            self._index(value, node, at)
        elif isinstance(value, tuple) and isinstance(node, yaml.SequenceNode) and len(node.value) == len(value):
            for number, (label, entry) in enumerate(zip(labels(name, value), value, strict=True)):
                place = (*at, label)
                self.values[place], self.entries[place] = node.value[number], (node, number)
                if isinstance(entry, Part):
                    self._index(entry, node.value[number], place)

    def value(self, place: Place) -> Node:
        """Return what stands at a place. Raises `NotEditable` where nothing does."""
        if place not in self.values:
            raise NotEditable
        return self.values[place]

    def end(self, node: Node) -> int:
        """Return where a part ends, without the comments and empty lines behind it."""
        if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
            last = node.value[-1]
            return self.end(last[1] if isinstance(last, tuple) else last)
        if is_block(node) and node.value.strip():
            return len(self.text[: node.end_mark.index].rstrip())
        return self.line_end(node.start_mark.index) if is_block(node) else int(node.end_mark.index)

    def lines(self, place: Place) -> Lines:
        """Return the lines of an entry of a list, each of whose entries begins on a line of its own."""
        entries, number = self.entries[place]
        node = entries.value[number]
        own = self.line_begin(node.start_mark.index)
        dash = self.text[own : node.start_mark.index]
        if dash.strip() != "-":
            raise NotEditable
        column = dash.index("-")
        before = self._end_of(entries, number - 1, column) if number else 0
        return Lines(self._comments_above(own, before), own, self._end_of(entries, number, column), column)

    def pair_lines(self, place: Place) -> Lines:
        """Return the lines of a key with its value, where it begins on a line of its own."""
        group, number = self.keys[place]
        key, value = group.value[number]
        own = self.line_begin(key.start_mark.index)
        if self.text[own : key.start_mark.index].strip():
            raise NotEditable
        before = self.next_line(self.end(group.value[number - 1][1])) if number else 0
        end = self.next_line(max(self.end(value), key.end_mark.index))
        return Lines(self._comments_above(own, before), own, end, key.start_mark.column)

    def _end_of(self, entries: Node, number: int, column: int) -> int:
        """Return where the lines of an entry end, with comments that stand further in than its dash."""
        at = self.next_line(self.end(entries.value[number]))
        while (line := self.line(at)).lstrip(" ").startswith("#") and len(line) - len(line.lstrip(" ")) > column:
            at = self.next_line(at)
        return at

    def _comments_above(self, own: int, before: int) -> int:
        while (
            own > before and self.line(above := self.line_begin(own - 1)).lstrip().startswith("#") and above >= before
        ):
            own = above
        return own

    def line(self, at: int) -> str:
        return self.text[at : self.line_end(at)]

    def line_begin(self, at: int) -> int:
        return self.text.rfind("\n", 0, max(at, 0)) + 1

    def line_end(self, at: int) -> int:
        found = self.text.find("\n", at)
        return found if found >= 0 else len(self.text)

    def next_line(self, at: int) -> int:
        return min(self.line_end(at) + 1, len(self.text))

    def is_blank(self, at: int) -> bool:
        """Return whether a line is there, and empty."""
        return at < len(self.text) and not self.line(at).strip()

    def has_comments(self, node: Node) -> bool:
        """Return whether comments stand among what a part holds."""
        at, end = node.start_mark.index, self.end(node)
        for scalar in _scalars(node):
            if "#" in self.text[at : scalar.start_mark.index]:
                return True
            at = max(at, self.end(scalar))
        return "#" in self.text[at:end]


def is_block(node: Node) -> bool:
    """Return whether a part is a text that stands in lines of its own, below a | or >."""
    return isinstance(node, yaml.ScalarNode) and node.style in ("|", ">")


def _scalars(node: Node) -> Iterator[Node]:
    if isinstance(node, yaml.ScalarNode):
        yield node
    else:
        for one in node.value:
            for each in one if isinstance(one, tuple) else (one,):
                yield from _scalars(each)
