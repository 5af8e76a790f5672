"""What people make of a playbook, if it can be one."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from handlers.context import Context
from handlers.playbooks.mistakes import in_words, key_in_words
from handlers.playbooks.playbook import Playbook
from handlers.text.words import Safe

SAID = 5
"""How many mistakes are said at once."""


def fit(ctx: Context, said: Mapping[str, Any]) -> Playbook:
    """Return the playbook that says this. Raises `Refused`, with what is wrong and where, if there can be none."""
    try:
        return Playbook.model_validate(said)
    except ValidationError as error:
        found = [(key_in_words(each["loc"]), in_words(each, None)) for each in error.errors(include_url=False)]
        words = [Safe(ctx.say("playbook", key=key, wrong=wrong)["not_made_line"]) for key, wrong in found[:SAID]]
        raise ctx.refused("playbook", "not_made", said=words) from None
