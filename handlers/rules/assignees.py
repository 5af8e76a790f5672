"""Who a task is for: people by id, or roles of the run, which follow whoever holds them."""

import re
from collections.abc import Iterable, Iterator

from handlers.context import Context
from handlers.events import Person
from handlers.text.words import Safe, escape, mention
from store import Run, Task

ROLE = "role:"

_NOBODY = ("nobody", "none", "no-one", "noone", "-")


class NobodyCalled(LookupError):
    """A word that is neither a person, nor a role of the run."""


def holder(ctx: Context, run: Run, role: str) -> str:
    """Return the id of who has a role of a run, empty if nobody has."""
    if role == "owner":
        return run.owner_id
    if role == "creator":
        return run.creator_id
    assert run.id is not None
    found = ctx.store.role_holder(run.id, role)
    return found.person_id if found else ""


def people_of(ctx: Context, run: Run, task: Task) -> list[str]:
    """Return the ids of those whom a task is for, each once."""
    return people_in(ctx, run, task.assignees)


def people_in(ctx: Context, run: Run, assignees: Iterable[str]) -> list[str]:
    """Return the ids of the people among assignees, and of those who have the roles among them, each once."""
    ids = (holder(ctx, run, one.removeprefix(ROLE)) if one.startswith(ROLE) else one for one in assignees)
    return list(dict.fromkeys(one for one in ids if one))


def roles_of(ctx: Context, run: Run) -> list[str]:
    """Return the roles that a task of a run can be for, whether or not somebody has them."""
    assert run.id is not None
    planned = (one["name"] for one in run.definition.get("roles", ()))
    return list(dict.fromkeys(("owner", "creator", *planned, *(row.role for row in ctx.store.role_holders(run.id)))))


def read(ctx: Context, run: Run, words: str, asker: Person) -> list[str]:
    """Return the assignees that words name: `@bob`, `scribe`, `me`, `nobody`. Raises `NobodyCalled`."""
    parts = [part for part in re.split(r"[\s,]+", words.casefold()) if part not in ("", "and", "to", *_NOBODY)]
    return list(dict.fromkeys(_read(ctx, run, dict.fromkeys(parts), asker)))


def _read(ctx: Context, run: Run, parts: Iterable[str], asker: Person) -> Iterator[str]:
    roles = roles_of(ctx, run)
    for part in parts:
        person = ctx.store.person_named(part.removeprefix("@"))
        if part == "me":
            yield asker.id
        elif part in roles:
            yield f"{ROLE}{part}"
        elif person is not None and not person.is_bot:
            yield person.id
        else:
            raise NobodyCalled(part)


def named(ctx: Context, run: Run, assignees: Iterable[str]) -> Safe:
    """Say who a task is for: @names, and the role where nobody has it; empty if it is for nobody."""
    said = []
    for one in assignees:
        person = holder(ctx, run, one.removeprefix(ROLE)) if one.startswith(ROLE) else one
        said.append(mention(ctx.username(person)) if person else escape(one.removeprefix(ROLE)))
    return Safe(", ".join(dict.fromkeys(said)))
