"""Which run words mean by its number: #12, or #INC-0042 where its playbook has a prefix; and what stands behind it."""

from handlers.context import Context
from handlers.text.numbers import called, number
from handlers.text.plain_forms import bare


def is_number(word: str) -> bool:
    """Return whether a word could be the number of a run, as #12, #INC-42 or INC-0042."""
    plain, one = bare(word), called(word)
    return plain.startswith("#") or (one is not None and one.is_whole)


def run_id(ctx: Context, word: str) -> int:
    """Return the id of the run whose number a word is, 12 or #12 or INC-0042; 0 where it is none.

    Raises `Refused` where runs are numbered so, but none has that number.
    """
    if found := number(word):
        return found
    one = called(word)
    if one is None:
        return 0
    found = ctx.store.run_numbered(one.prefix, one.sequence)
    if not found and one.is_whole and ctx.store.playbook_with_prefix(one.prefix) is not None:
        raise ctx.refused("command", "no_such_run", number=bare(word).removeprefix("#"))
    return found


def leading_run(ctx: Context, words: str) -> tuple[int, str]:
    """Return the run whose number words begin with, and the words behind it; 0 and all of them without.

    Raises `Refused` as `run_id`.
    """
    first, *rest = words.strip().split(maxsplit=1) or [""]
    found = run_id(ctx, first) if is_number(first) else 0
    return (found, "".join(rest)) if found else (0, words)
