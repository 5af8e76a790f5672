"""Follow-ups as people write them in a text: `- [ ] @bob fix the probe by friday`, each on a line of its own."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from handlers.text.plain_forms import aligned
from handlers.text.words import one_line

_BOX = re.compile(
    r"(?:(?P<bullet>[-*+•]|[0-9]{1,3}[.)]) ?)?"
    r"(?:\[(?P<mark> |[x✓✔]|(?(bullet)|(?!)))\](?![(\[:])|[☐☑☒]) ?(?=\S)",
    re.IGNORECASE,
)
"""A box before something; without a bullet it is `[ ]`, as `[]` alone is written of other things, too."""
_FENCE = re.compile(r"(?:>\s?)*(`{3,}|~{3,})")
_NAME = re.compile(r"@[a-z0-9](?:[a-z0-9._-]*[a-z0-9_-])?", re.IGNORECASE)
_AROUND = "()[],.;:!"
_JOINING = frozenset({"and", "&", "+", ","})
_BY = frozenset({"by", "due", "until", "till", "before"})


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is to become a task: what is to be done, the names of those who are to do it, and if it is done."""

    text: str
    names: tuple[str, ...]
    is_done: bool = False

    def without(self, names: Collection[str]) -> str:
        """Return the text without some of the names in it."""
        return " ".join(word for word in self.text.split() if _name(word) not in names)

    def timed(self) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        """Yield how the text may end with a time: what is before it, the words of the time, and names around it."""
        words = self.text.split()
        for at in range(len(words) - 2, 0, -1):
            if _bare(words[at]) in _BY and _bare(words[at - 1]) not in _BY:
                after = at + 2 if _bare(words[at + 1]) in ("by", "on") else at + 1
                when, behind = _ending(words[after:])
                title, before = _ending(words[:at])
                if title and when:
                    yield " ".join(title).rstrip(" (,;-"), " ".join(when).rstrip(" ).,;"), (*before, *behind)


def lines(text: str, *, done: bool = False) -> Iterator[Line]:
    """Yield the follow-ups of a text that are open, in order; those that are ticked off, too, where `done`.

    What stands between fences is somebody's code.
    """
    for line in map(one_line, _prose(text)):
        box = _BOX.match(aligned(line))
        is_done = box is not None and _is_ticked(box)
        words, names = _beginning(line[box.end() :].split()) if box else ([], ())
        if not names:
            words, names = _ending(words)
        if words and (done or not is_done):
            yield Line(" ".join(words), names, is_done)


def _prose(text: str) -> Iterator[str]:
    fence = ""
    for line in text.splitlines():
        found = _FENCE.match(line.strip())
        if fence:
            fence = "" if found and found[1].startswith(fence) else fence
        elif found:
            fence = found[1]
        else:
            yield line


def _is_ticked(box: re.Match[str]) -> bool:
    return bool((box["mark"] or "").strip()) or box[0].strip()[-1] in "☑☒"


def _beginning(words: Sequence[str]) -> tuple[Sequence[str], tuple[str, ...]]:
    """Return words without the names that they begin with, and these."""
    names: list[str] = []
    at = 0
    while at < len(words) and ((name := _name(words[at])) or (names and words[at].lower() in _JOINING)):
        names += [name] if name else []
        at += 1
    at += bool(names) and at < len(words) and words[at].lower() == "to"
    return words[at:], tuple(dict.fromkeys(names))


def _ending(words: Sequence[str]) -> tuple[Sequence[str], tuple[str, ...]]:
    """Return words without the names at their end, and these."""
    names: list[str] = []
    end = len(words)
    while end > 0 and ((name := _name(words[end - 1])) or (names and words[end - 1].lower() in _JOINING)):
        names += [name] if name else []
        end -= 1
    return words[:end], tuple(dict.fromkeys(reversed(names)))


def _name(word: str) -> str:
    """Return the name that a word is, without the @ and in small letters; empty where it is none."""
    found = _NAME.fullmatch(aligned(word).strip(_AROUND))
    return found[0][1:].lower() if found else ""


def _bare(word: str) -> str:
    return word.strip(_AROUND).lower()
