"""Who is meant by the people and groups that a playbook names: groups are the server's, which says who is in them."""

from collections.abc import Collection, Iterable
from datetime import timedelta

from handlers.context import Context
from handlers.events import Person
from handlers.text.words import Safe
from handlers.unsure import OfGroups, Unsure

GROUP = "group:"
"""What a group's name has before it where people are named, too."""
KNOWN_FOR = timedelta(minutes=15)
"""How long it counts who is in a group; of who leaves one the server tells that person alone."""


def is_named(ctx: Context, asker: Person, names: Collection[str]) -> bool:
    """Return whether somebody is among people and groups, as "@name" and "group:name". Raises `Unsure`."""
    return f"@{asker.username}" in names or asker.id in members_of(ctx, names)


def members_of(ctx: Context, names: Iterable[str]) -> frozenset[str]:
    """Return the ids of who is in the groups among some names.

    Raises `Unsure` where that is not known and can be asked; where it cannot, what was said last counts.
    """
    groups = [name.removeprefix(GROUP) for name in names if name.startswith(GROUP)]
    if not groups:
        return frozenset()
    known = ctx.store.groups(groups)
    asked = tuple(
        name
        for name in dict.fromkeys(groups)
        if name not in known or not timedelta() <= ctx.now - known[name].seen_at < KNOWN_FOR
    )
    if asked and ctx.asks:
        raise Unsure(OfGroups(asked))
    return frozenset(each for row in known.values() for each in row.person_ids)


def groups_among(ctx: Context, asker: Person, names: Iterable[str]) -> frozenset[str]:
    """Return those of some names that mean somebody: their own, and the groups that they are in."""
    groups = [name for name in names if name.startswith(GROUP)]
    # All of them are asked for at once.
    theirs = groups if asker.id in members_of(ctx, groups) else ()
    return frozenset((f"@{asker.username}", *(name for name in theirs if asker.id in members_of(ctx, [name]))))


def named_in_words(names: Iterable[str]) -> Safe:
    """Return people and groups as a sentence names them: "@name", and a group as "the group name"."""
    return Safe(", ".join(f"`{name.removeprefix(GROUP)}`" if name.startswith(GROUP) else name for name in names))
