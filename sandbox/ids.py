"""Makes identifiers of the form that Mattermost uses: 26 characters of [a-z0-9]."""

import re
import secrets

_ALPHABET = "ybndrfg8ejkmcpqxot1uwisza345h769"
_ID = re.compile(r"[a-z0-9]{26}")


def new_id() -> str:
    """Return a new random identifier."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(26))


def is_id(text: str) -> bool:
    """Say whether a text has the form of an identifier."""
    return _ID.fullmatch(text) is not None
