"""The words for what completes a task when it is said."""

from collections.abc import Iterable

from handlers.context import Context
from handlers.text.words import Safe, escape, mention


def sayings(ctx: Context, words: Iterable[str], by: Iterable[str]) -> tuple[Safe, Safe]:
    """Return words in quotation marks, and the names of those who are to say them; no names where anybody may."""
    quoted = [Safe(f"“{escape(one)}”") for one in words]
    people = [mention(ctx.username(person_id)) for person_id in by]
    return Safe(ctx.say("done_when", several=quoted)["either"]), Safe(ctx.say("done_when", several=people)["either"])
