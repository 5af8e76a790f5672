"""Whether a value is one argument of a command, whatever it says: what people wrote never becomes an option of it."""

import unicodedata
from itertools import pairwise, takewhile

_SPACED_OR_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zs", "Zl", "Zp"})
_MEANS_MORE = frozenset("@~/-−")


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
