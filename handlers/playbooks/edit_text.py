"""Changes a playbook's own text, line by line: what nobody wants changed stays as it was written, comments too."""

import json
from collections.abc import Sequence
from typing import Any

import yaml

from handlers.playbooks.changes import (
    AddTask,
    NotThere,
    PlaybookChange,
    RemoveKeyword,
    RemoveTask,
    SetDue,
    SetEvery,
    changed,
)
from handlers.playbooks.file import PlaybookMistake, read_playbook
from handlers.text import durations

Node = Any
"""A part of the text; the library's types do not say what a node holds."""

_SHORT = {"d": "d", "h": "h", "min": "m", "s": "s"}


class NotEditable(Exception):
    """The text is not written so that the change could be made in it; a person can make it by hand."""


def edited(text: str, change: PlaybookChange) -> str:
    """Return a text with a change in it. Raises `NotEditable`, also where it would come to mean anything else."""
    try:
        before = read_playbook(text.removeprefix("\ufeff"), "")
        wanted = changed(before, change)
        made = _Text(text).made(change)
        after = read_playbook(made.removeprefix("\ufeff"), "")
    except (PlaybookMistake, NotThere, yaml.YAMLError) as error:
        raise NotEditable from error
    if after.definition() != wanted.definition():
        raise NotEditable
    return made


class _Text:
    """A text and the tree of its parts, each of which knows where it stands."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.newline = "\r\n" if "\r\n" in text else "\n"
        self.root = yaml.compose(text, Loader=yaml.SafeLoader)

    def made(self, change: PlaybookChange) -> str:
        match change:
            case SetEvery(seconds):
                return self._replaced(_under(_under(self.root, "updates"), "every"), _duration(seconds))
            case RemoveKeyword(word):
                words = _under(self.root, "keywords")
                return self._without(words, _named(words, word))
            case AddTask(checklist, title):
                return self._added(_under(self._list(checklist), "tasks"), title)
            case RemoveTask(checklist, title):
                tasks = _under(self._list(checklist), "tasks")
                return self._without(tasks, _named(tasks, title))
            case SetDue(checklist, title, seconds):
                tasks = _under(self._list(checklist), "tasks")
                task = tasks.value[_named(tasks, title)]
                due = _under(task, "due")
                return self._replaced(due, _duration(seconds)) if seconds else self._without_line(due, "due:")

    def _list(self, title: str) -> Node:
        lists = _under(self.root, "checklists")
        return lists.value[_named(lists, title)]

    def _replaced(self, node: Node, words: str) -> str:
        begin, end = node.start_mark.index, self._end(node)
        return self.text[:begin] + words + self.text[end:]

    def _without(self, entries: Node, at: int) -> str:
        node = entries.value[at]
        if entries.flow_style:
            return self._without_in_brackets(entries.value, at)
        begin = self.text.rfind("\n", 0, node.start_mark.index) + 1
        if self.text[begin : node.start_mark.index].strip() != "-":
            raise NotEditable
        return self.text[:begin] + self.text[self._next_line(self._end(node)) :]

    def _without_line(self, value: Node, key: str) -> str:
        begin = self.text.rfind("\n", 0, value.start_mark.index) + 1
        if self.text[begin : value.start_mark.index].strip() != key:
            raise NotEditable
        return self.text[:begin] + self.text[self._next_line(self._end(value)) :]

    def _without_in_brackets(self, entries: Sequence[Node], at: int) -> str:
        if at + 1 < len(entries):
            return self.text[: entries[at].start_mark.index] + self.text[entries[at + 1].start_mark.index :]
        begin = self._end(entries[at - 1]) if at else entries[at].start_mark.index
        return self.text[:begin] + self.text[self._end(entries[at]) :]

    def _added(self, entries: Node, title: str) -> str:
        if not isinstance(entries, yaml.SequenceNode) or not entries.value:
            raise NotEditable
        last = entries.value[-1]
        if entries.flow_style:
            at = self._end(last)
            return f"{self.text[:at]}, {_scalar(title, inside=True)}{self.text[at:]}"
        begin = self.text.rfind("\n", 0, last.start_mark.index) + 1
        indent = self.text[begin : last.start_mark.index].partition("-")[0]
        at = self._next_line(self._end(last))
        head = self.text[:at] if self.text[:at].endswith("\n") else self.text[:at] + self.newline
        tail = self.newline if self.text[:at].endswith("\n") else ""
        return f"{head}{indent}- {_scalar(title)}{tail}{self.text[at:]}"

    def _end(self, node: Node) -> int:
        """Return where a part ends, without the comments and empty lines behind it."""
        if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
            last = node.value[-1]
            return self._end(last[1] if isinstance(last, tuple) else last)
        return (
            len(self.text[: node.end_mark.index].rstrip()) if isinstance(node, yaml.ScalarNode) else node.end_mark.index
        )

    def _next_line(self, at: int) -> int:
        found = self.text.find("\n", at)
        return found + 1 if found >= 0 else len(self.text)


def _under(node: Node, key: str) -> Node:
    """Return what a group of keys has under one of them."""
    entries = node.value if isinstance(node, yaml.MappingNode) else ()
    found = next((value for name, value in entries if name.value == key), None)
    if found is None:
        raise NotEditable
    return found


def _named(entries: Node, title: str) -> int:
    """Return which entry is a text, or has a title, that is the one looked for."""
    for at, one in enumerate(entries.value if isinstance(entries, yaml.SequenceNode) else ()):
        text = one if isinstance(one, yaml.ScalarNode) else _under(one, "title")
        if str(text.value).strip() == title:
            return at
    raise NotEditable


def _duration(seconds: int) -> str:
    """Return a length of time as people write it into a file, such as 1h 30m."""
    words = durations.written(seconds).split()
    return " ".join(f"{count}{_SHORT[unit]}" for count, unit in zip(words[::2], words[1::2], strict=True))


def _scalar(text: str, *, inside: bool = False) -> str:
    """Return a text as YAML, in quotes where it would be something else without."""
    plain = f"[{text}]" if inside else f"- {text}"
    try:
        read: Node = yaml.compose(plain, Loader=yaml.SafeLoader)
        entry = read.value[0]
        if isinstance(entry, yaml.ScalarNode) and entry.style is None and entry.value == text and len(read.value) == 1:
            return text
    except (yaml.YAMLError, AttributeError, IndexError):
        pass
    return json.dumps(text, ensure_ascii=False)
