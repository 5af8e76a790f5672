"""Conditions as people write them in a field: `Severity is sev-1, sev-2 and (Region is not EU or Paid is yes)`."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

When = Mapping[str, Any]
"""A condition as JSON values, as a playbook has it."""

_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|([(),])|([^\s"(),]+)')
_WORDS = frozenset({"is", "not", "and", "or"})


class Unreadable(Exception):
    """No condition can be read from this; `why` is a word for it."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def condition_written(when: When) -> str:
    """Return a condition in words, which `condition_read` reads back."""
    return _written(when, inside=False)


def condition_read(text: str) -> dict[str, Any]:
    """Return the condition that words say. Raises `Unreadable`."""
    reading = _Reading(list(_tokens(text)))
    found = reading.several()
    if reading.at < len(reading.tokens):
        raise Unreadable("brackets" if reading.tokens[reading.at] == ")" else "mixed")
    return found


def _written(when: When, *, inside: bool) -> str:
    for joint, word in (("all", " and "), ("any", " or ")):
        if parts := when.get(joint):
            joined = word.join(_written(one, inside=True) for one in parts)
            return f"({joined})" if inside and len(parts) > 1 else joined
    word, values = ("is", when["is"]) if when.get("is") else ("is not", when["is_not"])
    return f"{_word(when['attribute'])} {word} {', '.join(map(_word, values))}"


def _word(text: str) -> str:
    """Return a name or a value, in quotation marks where it would be read as something else."""
    words = text.split()
    is_plain = bool(words) and " ".join(words) == text and not re.search(r'["(),\\]', text)
    if is_plain and not _WORDS.intersection(one.casefold() for one in words):
        return text
    return '"' + re.sub(r'(["\\])', r"\\\1", text) + '"'


def _tokens(text: str) -> Iterator[str]:
    """Yield brackets and commas as they are, words as they are, and what is quoted behind a quotation mark."""
    at = 0
    while text[at:].strip():
        found = _TOKEN.match(text, at + len(text[at:]) - len(text[at:].lstrip()))
        if found is None:
            raise Unreadable("quotes")
        quoted = found[1]
        yield '"' + re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else found[0]
        at = found.end()


class _Reading:
    """Tokens that are read one after the other."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.at = 0

    def several(self) -> dict[str, Any]:
        """Read conditions that are joined by one and the same word."""
        found, joint = [self.one()], self.now
        while joint in ("and", "or") and self.now == joint:
            self.at += 1
            found.append(self.one())
        return found[0] if len(found) == 1 else {"all" if joint == "and" else "any": found}

    def one(self) -> dict[str, Any]:
        """Read a comparison, or what stands in brackets."""
        if self.now == "(":
            self.at += 1
            found = self.several()
            if self.now != ")":
                raise Unreadable("mixed" if self.now in ("and", "or") else "brackets")
            self.at += 1
            return found
        return self.comparison()

    def comparison(self) -> dict[str, Any]:
        name = self.words()
        if self.now != "is":
            raise Unreadable("no_is")
        self.at += 1
        is_not = self.now == "not"
        self.at += is_not
        values = [self.words()]
        while self.now == ",":
            self.at += 1
            values.append(self.words())
        return {"attribute": name, "is_not" if is_not else "is": values}

    def words(self) -> str:
        """Read a name or a value: what is quoted, or the words up to one that means something."""
        found: list[str] = []
        while self.now and self.now not in _WORDS and self.now not in ("(", ")", ","):
            found.append(self.tokens[self.at].removeprefix('"'))
            self.at += 1
        if not found:
            raise Unreadable("missing")
        return " ".join(found)

    @property
    def now(self) -> str:
        """The token that is next, in small letters where it is a word; empty at the end."""
        token = self.tokens[self.at] if self.at < len(self.tokens) else ""
        return token.casefold() if token.casefold() in _WORDS else token
