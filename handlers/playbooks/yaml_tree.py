"""YAML as people write it by hand: every value is text, nothing is repeated or referred to, and lines are known."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from handlers.playbooks.mistakes import Mistake, Path, key_in_words, sentence

MAX_SIZE = 256 * 1024
MAX_DEPTH = 12
_MENDED = 10
"""How often a text is read again with something in it put right, to find what else is wrong."""

_UNPRINTED = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_PLAIN_TAGS = {
    f"tag:yaml.org,2002:{name}" for name in ("null", "bool", "int", "float", "str", "timestamp", "seq", "map")
}
_NEEDS_QUOTES = re.compile(r"^\s*(?:- +)*(?:[\w-]+:\s+)?[{\[@`%&*!|>]")
_HASH_IN_BRACKETS = re.compile(r"[\[,] {0,9}(#[^\s,\]]*)")
_NEVER_CLOSED = re.compile(r"""\s*(?:- +)*(?:[\w-]+: +)?\[(?:(?:[^\]"']|"[^"]*"|'[^']*')*?,)? {0,9}(#[^\s,\]]*)""")
_HINTS = {
    "found character '\\t' that cannot start any token": "tabs",
    "mapping values are not allowed here": "colon_in_text",
    "could not find expected ':'": "no_colon",
    "but found another document": "second_playbook",
    "found unexpected end of stream": "quote_open",
}


@dataclass(slots=True)
class Tree:
    """What a text says: lists, groups of keys and texts; the line of each, and what is wrong with it.

    `ambiguous` are texts that other programs read as something else, and as what: `yes`, `12:30`, `010`.
    """

    value: object = None
    lines: dict[Path, int] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
    ambiguous: dict[Path, str] = field(default_factory=dict)

    def line(self, path: Path) -> int:
        """Return the line of what a path leads to, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def blame(self, path: Path, words: str) -> None:
        self.mistakes.append(Mistake(self.line(path), key_in_words(path), words))


@dataclass(frozen=True, slots=True)
class _Hash:
    """A # that begins a comment where a word was meant: its line, counted from 1, where it stands, and the word."""

    line: int
    at: int
    word: str


def read_tree(text: str) -> Tree:
    """Read a text; where it cannot be read as YAML, the mistakes say so and the value is None."""
    tree = Tree()
    if len(text) > MAX_SIZE:
        tree.mistakes.append(Mistake(0, "", sentence("file_long", most=MAX_SIZE // 1024)))
        return tree
    for _ in range(_MENDED):
        try:
            unwanted = list(_unwanted(text))
            node = None if unwanted else yaml.compose(text, Loader=yaml.SafeLoader)
        except yaml.YAMLError as error:
            tree.mistakes.append(_unreadable(error, text))
            if (found := _never_closed(error, text)) is None:
                return tree
            # As if it stood in quotes: what else is wrong is told at once, too.
            text = _in_quotes(text, found)
        else:
            tree.mistakes += unwanted
            tree.value = _value(node, (), tree) if node is not None else None
            return tree
    return tree


def _unwanted(text: str) -> Iterator[Mistake]:
    """Yield what would make a small text large or deep, before anything is built from it."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        line = event.start_mark.line + 1 if event.start_mark else 1
        if depth > MAX_DEPTH:
            yield Mistake(line, "", sentence("deep", most=MAX_DEPTH))
            return
        if isinstance(event, yaml.AliasEvent):
            yield Mistake(line, "", sentence("reference", name=event.anchor))


def _unreadable(error: yaml.YAMLError, text: str) -> Mistake:
    if isinstance(error, yaml.MarkedYAMLError) and (mark := error.problem_mark or error.context_mark):
        if (found := _never_closed(error, text)) is not None:
            return Mistake(found.line, "", sentence("hash_in_brackets", word=found.word))
        lines = text.splitlines() or [""]
        quotes = "needs_quotes" if _NEEDS_QUOTES.match(lines[min(mark.line, len(lines) - 1)]) else ""
        hint = _HINTS.get(error.problem or "", quotes)
        return Mistake(min(mark.line + 1, len(lines)), "", sentence(hint or "no_yaml"))
    if isinstance(error, yaml.reader.ReaderError):
        at = text.count("\n", 0, error.position) + 1
        return Mistake(at, "", sentence("bad_character", code=error.character))
    return Mistake(1, "", sentence("no_yaml"))


def _never_closed(error: yaml.YAMLError, text: str) -> _Hash | None:
    """Return the # that keeps a list in brackets from being closed, where that is what is wrong."""
    mark = error.problem_mark or error.context_mark if isinstance(error, yaml.MarkedYAMLError) else None
    if mark is None or not isinstance(error, yaml.MarkedYAMLError):
        return None
    opened = error.context_mark.line if error.context_mark else mark.line
    before = (text.splitlines() or [""])[: mark.line + 1]
    return _in_the_last(before, opened) or _in_the_first(before)


def _in_the_last(lines: list[str], opened: int) -> _Hash | None:
    """Look for it in the last line of some, in those before, or from where the list is `opened` on, counted from 0."""
    for number, line in reversed(list(enumerate(lines, 1))):
        if (found := _HASH_IN_BRACKETS.search(line)) is not None:
            return _Hash(number, found.start(1), found[1])
        if line[:1] not in (" ", "#", "-", "]", "}") and number <= min(opened + 1, len(lines) - 1):
            return None
    return None


def _in_the_first(lines: list[str]) -> _Hash | None:
    """Look for it in the first line that has one: what follows is read as if it stood in that list."""
    for number, line in enumerate(lines, 1):
        if (found := _NEVER_CLOSED.match(line)) is not None:
            return _Hash(number, found.start(1), found[1])
    return None


def _in_quotes(text: str, found: _Hash) -> str:
    lines = text.splitlines()
    line, end = lines[found.line - 1], found.at + len(found.word)
    word = found.word.replace("'", "''")
    lines[found.line - 1] = f"{line[: found.at]}'{word}'{line[end:]}"
    return "\n".join(lines) + "\n"


def _value(node: yaml.Node, path: Path, tree: Tree) -> object:
    tree.lines.setdefault(path, node.start_mark.line + 1)
    if node.tag not in _PLAIN_TAGS:
        tree.blame(path, sentence("tag", found=node.tag))
    if isinstance(node, yaml.MappingNode):
        return _group(node, path, tree)
    if isinstance(node, yaml.SequenceNode):
        return _entries(node, path, tree)
    return _text(node, path, tree)


def _text(node: yaml.Node, path: Path, tree: Tree) -> str | None:
    """Return a text as it was written, so that 404, no and 1.10 need no quotes; None where nothing was written."""
    if node.tag.endswith(":null"):
        return None
    if _UNPRINTED.search(node.value):
        tree.blame(path, sentence("control_character"))
    if (
        getattr(node, "style", None) is None
        and node.tag.endswith((":bool", ":int", ":float"))
        and (other := _elsewhere(node)) != node.value
    ):
        tree.ambiguous[path] = other
    return _UNPRINTED.sub("", node.value)


def _elsewhere(node: yaml.Node) -> str:
    """Return what other programs take a text for."""
    try:
        found = yaml.SafeLoader("").construct_document(yaml.ScalarNode(node.tag, node.value))
    except ValueError:
        return str(node.value)
    return str(found).lower() if isinstance(found, bool) else str(found)


def _group(node: yaml.MappingNode, path: Path, tree: Tree) -> dict[str, object]:
    """Return a group of keys; a key without a value counts as left out."""
    group: dict[str, object] = {}
    first: dict[str, int] = {}
    for key_node, value_node in node.value:
        key, line = str(key_node.value), key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            tree.mistakes.append(Mistake(line, key_in_words(path), sentence("key_quotes")))
        elif key in first:
            words = sentence("key_twice", line=first[key])
            tree.mistakes.append(Mistake(line, key_in_words((*path, key)), words))
        else:
            first[key] = tree.lines[*path, key] = line
            if (value := _value(value_node, (*path, key), tree)) is not None:
                group[key] = value
    return group


def _entries(node: yaml.SequenceNode, path: Path, tree: Tree) -> list[object]:
    entries: list[object] = []
    for number, entry in enumerate(node.value):
        value = _value(entry, (*path, number), tree)
        if value is None:
            tree.blame((*path, number), sentence("entry_empty"))
        entries.append("…" if value is None else value)
    return entries
