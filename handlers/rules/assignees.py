"""Who a task is for, people by id or roles of the run, which follow whoever holds them; and who completes it."""

from collections.abc import Iterable, Mapping

from handlers.context import Context
from handlers.events import Person
from handlers.playbooks.attributes import Attribute
from handlers.playbooks.playbook import slug
from handlers.rules.people_named import NOBODY, called
from handlers.text.arguments import is_none, names
from handlers.text.plain_forms import bare
from handlers.text.words import Safe, escape, mention
from store import Run, Task

ROLE = "role:"


def holder(ctx: Context, run: Run, role: str) -> str:
    """Return the id of who has a role of a run, empty if nobody has."""
    if role == "owner":
        return run.owner_id
    if role == "creator":
        return run.creator_id
    found = ctx.store.role_holder(run.id, role)
    if found is None and (attribute := person_roles(run).get(role)) is not None:
        return next((one.words for one in ctx.store.attribute_values(run.id) if one.name == attribute), "")
    return found.person_id if found else ""


def person_roles(run: Run) -> dict[str, str]:
    """Return the names of a run's attributes that say who somebody is, by the roles that tasks are given to with them.

    A role that the playbook has itself comes first.
    """
    said = run.definition.get("attributes") or ()
    return {role_of(one["name"]): one["name"] for one in said if one["type"] == "person"}


def role_of(attribute: str) -> str:
    """Return the role that whoever an attribute names has, as it stands in commands and fields."""
    return slug(attribute) or attribute.casefold().replace(" ", "-")


def given_by(attribute: Attribute) -> str:
    """Return how tasks say that they are for whoever an attribute names."""
    return f"{ROLE}{role_of(attribute.name)}"


def people_of(ctx: Context, run: Run, task: Task) -> list[str]:
    """Return the ids of those whom a task is for, each once."""
    return people_in(ctx, run, task.assignees)


def people_in(ctx: Context, run: Run, assignees: Iterable[str]) -> list[str]:
    """Return the ids of the people among assignees, and of those who have the roles among them, each once."""
    ids = (holder(ctx, run, one.removeprefix(ROLE)) if one.startswith(ROLE) else one for one in assignees)
    return list(dict.fromkeys(one for one in ids if one))


def roles_of(ctx: Context, run: Run) -> list[str]:
    """Return the roles that a task of a run can be for, whether or not somebody has them."""
    planned = (one["name"] for one in run.definition.get("roles", ()))
    held = (row.role for row in ctx.store.role_holders(run.id))
    return list(dict.fromkeys(("owner", "creator", *planned, *held, *person_roles(run))))


def read(ctx: Context, run: Run, words: str, asker: Person, at_hand: Mapping[str, Person] = NOBODY) -> list[str]:
    """Return the assignees that words name: `@bob`, `scribe`, `me`, `nobody`. Raises `Refused`."""
    roles = roles_of(ctx, run)
    found: list[str] = []
    for word in names(words.casefold()):
        role = next((one for one in (word, bare(word)) if one in roles), "")
        person = called(ctx, word, asker, at_hand) if not role and not is_none(word) else None
        if role:
            found.append(f"{ROLE}{role}")
        elif person is not None and (person.id == asker.id or not person.is_bot):
            found.append(person.id)
        elif not is_none(word):
            raise ctx.refused("assign", "nobody_called", "whom", word=word, roles=Safe(", ".join(roles)))
    return list(dict.fromkeys(found))


def named(ctx: Context, run: Run, assignees: Iterable[str]) -> Safe:
    """Say who a task is for: @names, and the role where nobody has it; empty if it is for nobody."""
    said = []
    for one in assignees:
        person = holder(ctx, run, one.removeprefix(ROLE)) if one.startswith(ROLE) else one
        said.append(mention(ctx.username(person)) if person else escape(one.removeprefix(ROLE)))
    return Safe(", ".join(dict.fromkeys(said)))


def sayings(ctx: Context, words: Iterable[str], by: Iterable[str]) -> tuple[Safe, Safe]:
    """Return words in quotation marks, and the names of those who are to say them; no names where anybody may."""
    quoted = [Safe(f"“{escape(one)}”") for one in words]
    people = [mention(ctx.username(person_id)) for person_id in by]
    return Safe(ctx.say("done_when", several=quoted)["either"]), Safe(ctx.say("done_when", several=people)["either"])
