"""Changes of a text that are collected first and made at once; what moves takes along what was changed in it."""

import re
from dataclasses import dataclass

from handlers.playbooks.pairs import Place
from handlers.playbooks.yaml_text import NotEditable


@dataclass(frozen=True, slots=True)
class Edit:
    """Words that take the place of others, in the part of the text that is at `owner`."""

    begin: int
    end: int
    words: str
    owner: Place


class Edits:
    """The changes of one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._all: list[Edit] = []

    def add(self, begin: int, end: int, words: str, owner: Place) -> None:
        """Have words take the place of others, in the part of the text that is at `owner`."""
        self._all.append(Edit(begin, end, words, owner))

    def made(self) -> str:
        """Return the text with all changes. Raises `NotEditable` where some are about the same words."""
        return _applied(self._all, self._text, 0)

    def taken(self, begin: int, end: int, owner: Place) -> str:
        """Return a piece of the text with all that was changed in it, which then counts no more."""
        inner = [one for one in self._all if one.owner[: len(owner)] == owner]
        self.forget(owner)
        return _applied(inner, self._text[begin:end], begin)

    def forget(self, owner: Place) -> None:
        """Let nothing count that was changed in a part."""
        self._all[:] = [one for one in self._all if one.owner[: len(owner)] != owner]


def moved(lines: str, further: int) -> str:
    """Return lines so much further in, or out where it is less than nothing."""
    if further >= 0:
        return re.sub(r"^(?=.*\S)", " " * further, lines, flags=re.MULTILINE)
    return re.sub(rf"^ {{0,{-further}}}", "", lines, flags=re.MULTILINE)


def _applied(edits: list[Edit], text: str, begin: int) -> str:
    """Return a text, which begins at a place of the whole, with changes in it."""
    # Where several things are added at one place, what stands further in comes first.
    made, at = [], begin
    for one in sorted(edits, key=lambda one: (one.begin, one.end, -len(one.owner))):
        if one.begin < at:
            raise NotEditable
        made += [text[at - begin : one.begin - begin], one.words]
        at = one.end
    return "".join([*made, text[at - begin :]])
