"""Which commands the bot runs by itself: those that begin with the words of an entry of its administrator's list."""

from collections.abc import Iterable


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


def entry_for(command: str) -> str:
    """Return the narrowest entry that allows a playbook's command: its words before the first with a variable."""
    words = command.split()
    fixed = next((at for at, word in enumerate(words) if "$" in word), len(words))
    return " ".join(words[:fixed])
