"""What can be done to a whole checklist, and what its title may be, however that is asked for."""

from handlers.context import Context
from handlers.rules import ordering
from handlers.text.arguments import first_word, titled
from handlers.text.numbers import number
from handlers.text.plain_forms import bare, plainly
from handlers.text.words import Safe, escape
from store import Checklist, ListVerb, Run

MOST = 100
"""How many checklists a run has at most."""
VERBS: tuple[ListVerb, ...] = ("skip", "restore", "duplicate", "remove")
"""What can be done to a checklist and all of its tasks, by the word of the command."""
CHANGES = frozenset({"add", "rename", "move", *VERBS})
"""What `checklist` is followed by when it is about a run's lists."""


def require_titles(ctx: Context, title: str, *tasks: str) -> None:
    """Raise `Refused` where a checklist, or one of its new tasks, cannot be called so."""
    longest = max((title, *tasks), key=len)
    if not title or len(longest) > ordering.TITLE_LIMIT:
        limits = {"limit": ordering.TITLE_LIMIT, "count": len(longest)}
        raise ctx.refused("tasks", "too_long" if title else "title_how", "title", verb=Safe("checklist add"), **limits)


def require_room(ctx: Context, run: Run, more: int) -> None:
    """Raise `Refused` where a run cannot have one checklist more, with so many tasks."""
    if len(ctx.store.checklists(run.id)) >= MOST:
        raise ordering.too_many(ctx)
    ordering.require_room(ctx, run, more)


def what(row: Checklist) -> Safe:
    """Call a checklist by its number and title."""
    return Safe(f"**{row.position}** “{escape(row.title)}”")


def is_change(words: str) -> bool:
    """Return whether what stands behind `checklist` is about a run's lists.

    What names tasks is a new list, however its title begins: `Move house; boxes; van`. A new title may hold a `;`.
    """
    verb, rest = first_word(words)
    word = bare(verb).casefold()
    takes_text = word == "add" or (word == "rename" and number(first_word(rest)[0]))
    return word in CHANGES and bool(takes_text or not _names_tasks(words))


def _names_tasks(words: str) -> bool:
    title, tasks = titled(words)
    _, name = first_word(title)
    # White space of any kind stands between what is done to a list and its number.
    return bool(tasks) and (not number(name) if name else ";" in plainly(words))


def verb_of(word: str) -> ListVerb | None:
    """Return what a word says is done to a checklist, None where it says nothing like that."""
    return next((one for one in VERBS if one == word), None)
