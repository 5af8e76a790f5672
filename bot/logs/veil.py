"""Hides the secrets that this process knows in whatever it writes, for people and for machines."""

import json
import re
import sys
from collections.abc import Iterator
from typing import Literal
from urllib.parse import quote, quote_plus

HIDDEN = "•••"
SHORT = 4
"""A secret of so many characters is hidden inside of words, too; a shorter one only where it stands by itself."""


class Veil:
    """All secrets that are known so far; calling it hides them in a text."""

    def __init__(self) -> None:
        self._forms: set[str] = set()
        self._pattern: re.Pattern[str] | None = None

    def hide(self, *secrets: str) -> None:
        """Hide these from now on, also as they are written in addresses, in quotes and in JSON."""
        self._forms |= {form for secret in secrets if secret for form in _forms(secret)}
        longest_first = sorted(self._forms, key=lambda form: (-len(form), form))
        self._pattern = re.compile("|".join(map(_where, longest_first))) if longest_first else None

    def forget(self) -> None:
        """Hide nothing any more; for tests, of which each has secrets of its own."""
        self._forms, self._pattern = set(), None

    def __call__(self, text: str) -> str:
        return text if self._pattern is None else self._pattern.sub(HIDDEN, text)


veil = Veil()
"""That of this process: what it writes leaves it in many places, and nothing may leave it unveiled."""


class Standard:
    """Standard output or error as they are at the moment, veiled."""

    encoding = "utf-8"

    def __init__(self, name: Literal["stdout", "stderr"]) -> None:
        self._name = name

    def write(self, text: str) -> int:
        return int(getattr(sys, self._name).write(veil(text)))

    def flush(self) -> None:
        getattr(sys, self._name).flush()

    def isatty(self) -> bool:
        return bool(getattr(sys, self._name).isatty())

    def fileno(self) -> int:
        return int(getattr(sys, self._name).fileno())


def _forms(secret: str) -> Iterator[str]:
    """Yield a secret as libraries write it: plain, in an address, in a literal, in JSON, in a connection string."""
    yield secret
    for safe in ("", "/", " +"):
        yield (quoted := quote(secret, safe=safe))
        yield re.sub("%..", lambda sign: sign[0].lower(), quoted)
    yield quote_plus(secret)
    yield repr(secret)[1:-1]
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]
    yield secret.replace("\\", "\\\\").replace("'", "\\'")
    yield secret.replace("'", "''")


def _where(form: str) -> str:
    return re.escape(form) if len(form) >= SHORT else rf"(?<!\w){re.escape(form)}(?!\w)"
