"""The fields of a dialog and the lines of a menu as Mattermost's JSON."""

import re
from collections.abc import Iterable
from typing import Any, assert_never

from handlers.effects import Entry, Option
from handlers.text.cut import cut

Json = dict[str, Any]

LABEL = 24
HINT = 150
SELECT_HINT = 3000
TEXT_LENGTH = 150
TEXTAREA_LENGTH = 3000
"""What the clients document, in characters; servers enforce none of it (server source: model.Dialog.IsValid)."""


# A NUL fails in the server's database, with a 500 that no repetition cures (server source: app/post.go); half of a pair
# of surrogates cannot be written as UTF-8.
_NOT_SENT = re.compile("[\0\u202a-\u202e\ud800-\udfff]")


def options(some: Iterable[Option]) -> list[Json]:
    """Return the lines of a menu."""
    return [{"text": clean(option.text), "value": option.value} for option in some]


def element(entry: Entry) -> Json:
    """Return a field of a dialog; a default that a line cannot hold makes it a text box."""
    written: Json = {
        "display_name": cut(clean(entry.label), LABEL),
        "name": entry.name,
        "default": clean(entry.default),
        "placeholder": cut(clean(entry.placeholder), SELECT_HINT if entry.options else HINT),
        "help_text": cut(clean(entry.help), HINT),
        "optional": entry.optional,
    }
    match entry.kind:
        case "text" | "textarea":
            return written | _text_element(entry)
        case "select":
            return written | {"type": "select", "options": options(entry.options)}
        case "users" | "channels":
            # By an id alone no client shows what is chosen already; from 11 on they take it for nothing, and hand that
            # in (client source: webapp utils/dialog_conversion.ts, getDefaultValue).
            named = {"options": options(entry.options)} if entry.options else {}
            return written | {"type": "select", "data_source": entry.kind, **named}
        case "bool":
            # The clients take an empty tick box that is not optional for a missing answer.
            return written | {"type": "bool", "optional": True}
        case _:
            assert_never(entry.kind)


def _text_element(entry: Entry) -> Json:
    wanted = max(entry.max_length, len(entry.default))
    long = entry.kind == "textarea" or wanted > TEXT_LENGTH
    most = TEXTAREA_LENGTH if long else TEXT_LENGTH
    return {
        "type": "textarea" if long else "text",
        "min_length": entry.min_length,
        "max_length": min(entry.max_length or most, most),
    }


def clean(text: str) -> str:
    """Return a text that the server's database can keep, without signs that turn the direction of what follows."""
    return _NOT_SENT.sub("", text)
