"""A playbook file: its text becomes a playbook, or all its mistakes are named at once, each with its line."""

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from handlers.playbooks.actions import Action
from handlers.playbooks.attributes import Attribute, Choice
from handlers.playbooks.conditions import When
from handlers.playbooks.keywords import unheard
from handlers.playbooks.metrics import Metric, Working, mistakes_in
from handlers.playbooks.mistakes import Mistake, Path, found_in_words, in_words, key_in_words, sentence
from handlers.playbooks.pairs import words_of
from handlers.playbooks.people import Membership, Role, Rota
from handlers.playbooks.playbook import APART, Channel, Checklist, DoneWhen, Link, Playbook, Task, Updates
from handlers.playbooks.retrospective import Retrospective, wrong_lines
from handlers.playbooks.salvage import Salvaged, salvaged
from handlers.playbooks.templates import Unfit, checked
from handlers.playbooks.webhooks import Webhook
from handlers.playbooks.weekly import Weekly
from handlers.playbooks.yaml_tree import Tree, read_tree

_PARTS: dict[tuple[str, ...], type[BaseModel]] = {
    (): Playbook,
    ("channel",): Channel,
    ("updates",): Updates,
    ("insights",): Weekly,
    ("membership",): Membership,
    ("working",): Working,
    ("retrospective",): Retrospective,
    ("retrospective", "metrics"): Metric,
    ("roles",): Role,
    ("roles", "rota"): Rota,
    ("checklists",): Checklist,
    ("checklists", "tasks"): Task,
    ("checklists", "tasks", "done_when"): DoneWhen,
    ("checklists", "tasks", "when"): When,
    ("checklists", "tasks", "links"): Link,
    ("attributes",): Attribute,
    ("attributes", "options"): Choice,
    ("actions",): Action,
    ("actions", "when"): When,
    ("webhooks",): Webhook,
}

_EXPORTED = frozenset(
    {
        "create_public_playbook_run",
        "reminder_timer_default_seconds",
        "retrospective_enabled",
        "run_summary_template",
        "signal_any_keywords",
        "status_update_enabled",
    }
)
"""Keys of Mattermost's own product, one of which at least stands in each of its files."""
_TEMPLATE: Path = ("retrospective", "template")


class PlaybookMistake(Exception):
    """A playbook file that cannot be used; the text tells its author everything that is to be put right."""

    def __init__(self, file: str, mistakes: Sequence[Mistake]) -> None:
        super().__init__(file, mistakes)
        self.file = file
        self.mistakes = tuple(sorted(mistakes))

    def __str__(self) -> str:
        head = sentence("file", file=self.file, count=len(self.mistakes))
        return "\n".join([head, *(f"  {mistake}" for mistake in self.mistakes)])


def read_playbook(text: str, file: str, me: str = "") -> Playbook:
    """Return the playbook that a YAML text describes, read by the bot `me`, as "@muster"; raises `PlaybookMistake`."""
    tree = read_tree(text)
    if not isinstance(tree.value, dict):
        raise PlaybookMistake(file, tree.mistakes or [Mistake(1, "", sentence("no_playbook"))])
    if _is_exported(tree.value):
        raise PlaybookMistake(file, [Mistake(0, "", sentence("exported", file=file))])
    found = [*tree.mistakes, *_unfit(tree, text)]
    try:
        read = Salvaged(Playbook.model_validate(tree.value, context=APART))
    except ValidationError as error:
        found += _mistakes(error, tree)
        if (rest := salvaged(tree.value, error)) is None:
            raise PlaybookMistake(file, found) from None
        read = rest
    found += [*_unheard(read, tree, me), *_unmeasured(read, tree), *_disagreeing(read, tree)]
    if found:
        raise PlaybookMistake(file, list(dict.fromkeys(found)))
    return Playbook.model_validate(tree.value)


def remarks(text: str) -> list[Mistake]:
    """Return what is worth a second look in a text that is a playbook: words that other programs read otherwise."""
    tree = read_tree(text)
    said = read_playbook(text, "").model_dump(mode="json", by_alias=True)
    found = []
    for path, other in sorted(tree.ambiguous.items(), key=lambda each: tree.line(each[0])):
        written = _written(tree.value, path)
        if written in _texts_at(said, path):
            found.append(_mistake(tree, path, "other_reader", text=written, other=other))
    return found


def _texts_at(said: Any, path: Path) -> tuple[object, ...]:
    """Return the texts that a playbook has at a place of its file; an entry may stand there as its title alone."""
    for step in path:
        if not _has(said, step):
            return ()
        said = said[step]
    return (said,) if isinstance(said, str) else tuple(said.values()) if isinstance(said, dict) else ()


def _is_exported(value: dict[str, Any]) -> bool:
    """Return whether this is what Mattermost's own product writes, which is YAML, too, being JSON."""
    lists = value.get("checklists")
    return bool(_EXPORTED & value.keys()) or (
        isinstance(lists, list) and any(isinstance(one, dict) and "items" in one for one in lists)
    )


def _disagreeing(read: Salvaged, tree: Tree) -> Iterator[Mistake]:
    """Find what does not hold between parts, as far as what it is about could be read."""
    for one in read.book.disagreements():
        if one.about not in read.lost:
            path = read.origin(one.path)
            yield Mistake(tree.line(path), key_in_words(path), one.words)


def _unheard(read: Salvaged, tree: Tree, me: str) -> Iterator[Mistake]:
    """Find the words that nobody could ever say so that they are heard; what was stored before is not asked."""
    for at, word in enumerate(read.book.keywords):
        yield from _deaf(tree, read.origin(("keywords", at)), word)
    for row, checklist in enumerate(read.book.checklists):
        for number, task in enumerate(checklist.tasks):
            path: Path = ("checklists", row, "tasks", number, "done_when")
            says, by = (task.done_when.says, task.done_when.by) if task.done_when else ((), ())
            for at, word in enumerate(says):
                yield from _deaf(tree, read.origin((*path, "says", at)), word)
            for at, name in enumerate(by):
                if name == me:
                    yield _mistake(tree, read.origin((*path, "by", at)), "by_bot")


def _unmeasured(read: Salvaged, tree: Tree) -> Iterator[Mistake]:
    """Find what keeps metrics from being measured; what was stored before is not asked."""
    playbook, has_working = read.book, read.book.working is not None or "working" in read.lost
    metrics, titles = playbook.retrospective.metrics, playbook.task_titles
    for at, key, words in mistakes_in(metrics, titles, has_working=has_working):
        path = read.origin(("retrospective", "metrics", at, key))
        if "checklists" not in read.lost or key not in ("from", "to"):
            yield Mistake(tree.line(path), key_in_words(path), words)


def _unfit(tree: Tree, text: str) -> Iterator[Mistake]:
    """Find what is wrong in templates; what was stored before is not asked."""
    lines = text.splitlines()
    for one in checked(tree.value if isinstance(tree.value, dict) else {}):
        line, column = _place(one, tree, lines)
        yield Mistake(line, key_in_words(one.path), sentence("in_column", column=column, words=one.words))


def _place(one: Unfit, tree: Tree, lines: Sequence[str]) -> tuple[int, int]:
    """Return the line and column of the file in which something stands; the column of its text where nobody knows."""
    written = _written(tree.value, one.path)
    parts = written if isinstance(written, list) else str(written).splitlines()
    if isinstance(written, list):
        line = tree.line((*one.path, one.line - 1))
    else:
        # A text of several lines stands below its key.
        line = tree.line(one.path) + ("\n" in str(written)) + one.line - 1
    begin = lines[line - 1].find(str(parts[one.line - 1])) if line <= len(lines) and one.line <= len(parts) else -1
    return line, max(begin, 0) + one.column


def _written(value: Any, path: Path) -> object:
    """Return what stands at a place of a file."""
    for step in path:
        value = value[step]
    return value


def _deaf(tree: Tree, path: Path, word: str) -> Iterator[Mistake]:
    if (why := unheard(word)) is not None:
        yield _mistake(tree, path, f"unheard_{why}", word=found_in_words(word))


def _mistake(tree: Tree, path: Path, block: str, **values: object) -> Mistake:
    return Mistake(tree.line(path), key_in_words(path), sentence(block, **values))


def _of_template(tree: Tree) -> Iterator[Mistake]:
    """Find what is wrong with the questions of a retrospective, each with its own line."""
    written: Any = tree.value
    for step in _TEMPLATE:
        written = written[step]
    lines = written if isinstance(written, list) else written.splitlines()
    # A text of several lines stands below its key.
    first = tree.line(_TEMPLATE) + ("\n" in written)
    for at, words in wrong_lines("\n".join(lines)):
        line = tree.line((*_TEMPLATE, at - 1)) if isinstance(written, list) else first + at - 1
        yield Mistake(line, key_in_words(_TEMPLATE), words)


def _mistakes(error: ValidationError, tree: Tree) -> list[Mistake]:
    found: list[Mistake] = []
    for each in error.errors(include_url=False):
        path: Path = each["loc"]
        if path == _TEMPLATE and each["type"] == "value_error":
            found += _of_template(tree)
            continue
        if (text := _with_colon(path, tree.value)) is not None:
            found.append(_mistake(tree, text[0], "colon_entry", text=text[1]))
            continue
        names = tuple(step for step in path[:-1] if isinstance(step, str))
        found.append(Mistake(tree.line(path), key_in_words(path), in_words(each, _PARTS.get(names))))
    return found


def _with_colon(path: Path, value: Any) -> tuple[Path, str] | None:
    """Return the way to an entry that was meant as a text, and that: one with a colon, which is read as a key."""
    for length, step in enumerate(path):
        value = value[step] if _has(value, step) else None
        if isinstance(step, int) and isinstance(value, dict) and len(value) == 1:
            key, said = next(iter(value.items()))
            parts = tuple(one for one in path[: length + 1] if isinstance(one, str))
            part = _PARTS.get(parts)
            if isinstance(said, str) and (part is None or key not in dict(words_of(part)).values()):
                return path[: length + 1], f"{key}: {said}"
    return None


def _has(value: Any, step: str | int) -> bool:
    if isinstance(value, list):
        return isinstance(step, int) and step < len(value)
    return isinstance(value, dict) and step in value
