"""A playbook file: its text becomes a playbook, or all its mistakes are named at once, each with its line."""

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from handlers.playbooks.actions import Action
from handlers.playbooks.attributes import Attribute, Choice
from handlers.playbooks.conditions import When
from handlers.playbooks.keywords import unheard
from handlers.playbooks.metrics import Metric, Working, mistakes_in
from handlers.playbooks.mistakes import Mistake, Path, found_in_words, in_words, key_in_words, path_of, sentence
from handlers.playbooks.people import Membership, Role, Rota
from handlers.playbooks.playbook import Channel, Checklist, DoneWhen, Link, Playbook, Task, Updates
from handlers.playbooks.retrospective import Retrospective, wrong_lines
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
    try:
        playbook = Playbook.model_validate(tree.value)
    except ValidationError as error:
        raise PlaybookMistake(file, [*tree.mistakes, *_mistakes(error, tree), *_unfit(tree, text)]) from None
    found = [*_unheard(playbook, tree, me), *_unmeasured(playbook, tree), *_unfit(tree, text)]
    if mistakes := [*tree.mistakes, *found]:
        raise PlaybookMistake(file, mistakes)
    return playbook


def _unheard(playbook: Playbook, tree: Tree, me: str) -> Iterator[Mistake]:
    """Find the words that nobody could ever say so that they are heard; what was stored before is not asked."""
    for at, word in enumerate(playbook.keywords):
        yield from _deaf(tree, ("keywords", at), word)
    for row, checklist in enumerate(playbook.checklists):
        for number, task in enumerate(checklist.tasks):
            path: Path = ("checklists", row, "tasks", number, "done_when")
            says, by = (task.done_when.says, task.done_when.by) if task.done_when else ((), ())
            for at, word in enumerate(says):
                yield from _deaf(tree, (*path, "says", at), word)
            yield from (_mistake(tree, (*path, "by", at), "by_bot") for at, name in enumerate(by) if name == me)


def _unmeasured(playbook: Playbook, tree: Tree) -> Iterator[Mistake]:
    """Find what keeps metrics from being measured; what was stored before is not asked."""
    metrics, has_working = playbook.retrospective.metrics, playbook.working is not None
    for at, key, words in mistakes_in(metrics, playbook.task_titles, has_working=has_working):
        path: Path = ("retrospective", "metrics", at, key)
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
        path = path_of(each)
        if path == _TEMPLATE and each["type"] == "value_error":
            found += _of_template(tree)
            continue
        names = tuple(step for step in path[:-1] if isinstance(step, str))
        found.append(Mistake(tree.line(path), key_in_words(path), in_words(each, _PARTS.get(names))))
    return found
