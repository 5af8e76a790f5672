"""A playbook file: its text becomes a playbook, or all its mistakes are named at once, each with its line."""

from collections.abc import Sequence

from pydantic import BaseModel, ValidationError

from handlers.playbooks.mistakes import Mistake, Path, in_words, key_in_words, sentence
from handlers.playbooks.people import Membership, Role, Rota
from handlers.playbooks.playbook import Channel, Checklist, DoneWhen, Playbook, Task, Updates
from handlers.playbooks.yaml_tree import Tree, read_tree

_PARTS: dict[tuple[str, ...], type[BaseModel]] = {
    (): Playbook,
    ("channel",): Channel,
    ("updates",): Updates,
    ("membership",): Membership,
    ("roles",): Role,
    ("roles", "rota"): Rota,
    ("checklists",): Checklist,
    ("checklists", "tasks"): Task,
    ("checklists", "tasks", "done_when"): DoneWhen,
}


class PlaybookMistake(Exception):
    """A playbook file that cannot be used; the text tells its author everything that is to be put right."""

    def __init__(self, file: str, mistakes: Sequence[Mistake]) -> None:
        super().__init__(file, mistakes)
        self.file = file
        self.mistakes = tuple(sorted(mistakes))

    def __str__(self) -> str:
        head = sentence("file", file=self.file, count=len(self.mistakes))
        return "\n".join([head, *(f"  {mistake}" for mistake in self.mistakes)])


def read_playbook(text: str, file: str) -> Playbook:
    """Return the playbook that a YAML text describes; raises `PlaybookMistake`."""
    tree = read_tree(text)
    if not isinstance(tree.value, dict):
        raise PlaybookMistake(file, tree.mistakes or [Mistake(1, "", sentence("no_playbook"))])
    try:
        playbook = Playbook.model_validate(tree.value)
    except ValidationError as error:
        raise PlaybookMistake(file, [*tree.mistakes, *_mistakes(error, tree)]) from None
    if tree.mistakes:
        raise PlaybookMistake(file, tree.mistakes)
    return playbook


def _mistakes(error: ValidationError, tree: Tree) -> list[Mistake]:
    found: list[Mistake] = []
    for each in error.errors(include_url=False):
        path: Path = each["loc"]
        names = tuple(step for step in path[:-1] if isinstance(step, str))
        found.append(Mistake(tree.line(path), key_in_words(path), in_words(each, _PARTS.get(names))))
    return found
