"""What is left of a broken playbook file without what is wrong in it, so that the rest can be looked at, too."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from handlers.playbooks.mistakes import Path
from handlers.playbooks.playbook import APART, Playbook

_ROUNDS = 8


@dataclass(frozen=True, slots=True)
class Salvaged:
    """A playbook without what was wrong, where its parts stand in the file, and under which keys names are gone."""

    book: Playbook
    kept: Mapping[Path, list[int]] = field(default_factory=dict)
    lost: frozenset[str] = frozenset()

    def origin(self, path: Path) -> Path:
        """Return the way in the file to what a way in the playbook leads to."""
        found: Path = ()
        for step in path:
            numbers = self.kept.get(found, ())
            is_known = isinstance(step, int) and step < len(numbers)
            found = (*found, numbers[step] if is_known and isinstance(step, int) else step)
        return found


def salvaged(value: Mapping[str, Any], error: ValidationError) -> Salvaged | None:
    """Return what can be read of a file; None where nothing can."""
    said: Any = {"title": "untitled", **value}
    wrong: set[Path] = set()
    kept: dict[Path, list[int]] = {}
    for _ in range(_ROUNDS):
        now = Salvaged(Playbook(title="untitled"), kept)
        wrong |= {_around(now.origin(each["loc"]), value) for each in error.errors(include_url=False)}
        kept = {}
        said = {"title": "untitled", **_without({**value}, (), wrong, kept)}
        try:
            book = Playbook.model_validate(said, context=APART)
        except ValidationError as another:
            error = another
        else:
            return Salvaged(book, kept, frozenset(str(path[0]) for path in wrong if _takes_names(path)))
    return None


def _takes_names(path: Path) -> bool:
    """Return whether something that others may name is gone with what is left out."""
    return len(path) == 1 or (len(path) > 1 and (isinstance(path[-1], int) or path[-1] in ("title", "name")))


def _around(path: Path, value: Any) -> Path:
    """Return the way to what is to be left out: of what is missing, to what it is missing in."""
    found = value
    for number, step in enumerate(path):
        try:
            found = found[step]
        except (KeyError, IndexError, TypeError):
            return path[:number]
    return path


def _without(value: Any, at: Path, wrong: Collection[Path], kept: dict[Path, list[int]]) -> Any:
    if isinstance(value, dict):
        return {key: _without(one, (*at, key), wrong, kept) for key, one in value.items() if (*at, key) not in wrong}
    if isinstance(value, list):
        kept[at] = [number for number in range(len(value)) if (*at, number) not in wrong]
        return [_without(value[number], (*at, number), wrong, kept) for number in kept[at]]
    return value
