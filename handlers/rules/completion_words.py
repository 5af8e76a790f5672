"""The words for what completes a task when it is said."""

from collections.abc import Iterable

from handlers.context import Context
from handlers.text.words import Safe, escape, mention


def sayings(ctx: Context, words: Iterable[str], by: Iterable[str]) -> tuple[Safe, Safe]:
    """Return words in quotation marks, and the names of those who are to say them; no names where anybody may."""
    return (
        Safe(" or ".join(f"“{escape(one)}”" for one in words)),
        Safe(" or ".join(mention(ctx.username(person_id)) for person_id in by)),
    )
