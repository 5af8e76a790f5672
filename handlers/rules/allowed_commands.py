"""Which commands the bot runs by itself: those that begin with the words of an entry of its administrator's list."""

import unicodedata
from collections.abc import Iterable
from itertools import pairwise, takewhile

_SPACED_OR_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zs", "Zl", "Zp"})
_MEANS_MORE = frozenset("@~/-−")


def words_of(command: str) -> tuple[str, ...]:
    """Return a command's words, evenly written: the server ends a word at any white space, and lowers letter by letter.

    So `/İnvite` is its `/invite` (server source: app/command.go, ExecuteCommand; Go's unicode.ToLower makes a plain i
    of İ, where Python makes two characters of it).
    """
    return tuple("".join(map(str.lower, word.replace("İ", "i"))) for word in command.split())


def is_allowed(command: str, entries: Iterable[str]) -> bool:
    """Return whether a command begins with all the words of an entry, word by word."""
    words = words_of(command)
    return any(begin and words[: len(begin)] == begin for begin in map(words_of, entries))


def is_plain(value: str) -> bool:
    """Return whether a variable's value can be nothing but one argument, or a part of one.

    White space and unseen characters could make more words of it; `@`, `~`, `/` and `-` in any width make a person, a
    channel, a command or an option before its first letter or digit, since a command may take quotes and the like away;
    and so does an `@` wherever no letter or digit stands before it.
    """
    front = unicodedata.normalize("NFKC", "".join(takewhile(lambda letter: not letter.isalnum(), value)))
    if not value or any(sign in _MEANS_MORE or unicodedata.category(sign) == "Pd" for sign in front):
        return False
    if any(letter.isspace() or unicodedata.category(letter) in _SPACED_OR_UNSEEN for letter in value):
        return False
    return all(before.isalnum() for before, letter in pairwise(value) if unicodedata.normalize("NFKC", letter) == "@")


def entry_for(command: str) -> str:
    """Return the narrowest entry that allows a playbook's command: its words before the first with a variable."""
    words = command.split()
    fixed = next((at for at, word in enumerate(words) if "$" in word), len(words))
    return " ".join(words[:fixed])
