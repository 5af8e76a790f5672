"""The playbooks that Muster brings along, for people to begin with."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from handlers.playbooks.file import read_playbook
from handlers.playbooks.playbook import Playbook


@dataclass(frozen=True, slots=True)
class Starter:
    """A starter by its short name, with the name of its file, and the text that explains it."""

    key: str
    file: str
    book: Playbook
    text: str


@cache
def starters() -> Mapping[str, Starter]:
    """Return all starters by their short names, in the order of their titles."""
    made: list[Starter] = []
    for file in (files("templates") / "playbooks").iterdir():
        if file.name.endswith(".yaml"):
            text = file.read_text(encoding="utf-8")
            book = read_playbook(text, file.name)
            made.append(Starter(book.key, file.name, book, text))
    made.sort(key=lambda one: one.book.title)
    return {one.key: one for one in made}


def starter_called(key: str) -> Starter | None:
    """Return the starter of a short name; None where there is none."""
    return starters().get(key)
