"""The people whom a playbook names for its runs: who of them is there, whose turn it is, and who is not."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from handlers.context import Context, known_person
from handlers.playbooks.people import Rota
from handlers.playbooks.playbook import Playbook
from handlers.rules.teams import outside_team
from handlers.text.words import Safe, mention
from store import KnownPerson, Run


def there(ctx: Context, team_id: str, names: Iterable[str]) -> dict[str, KnownPerson]:
    """Return by "@name" the active members of a team among those who are named."""
    found = {name: ctx.store.person_named(name.removeprefix("@")) for name in dict.fromkeys(names)}
    people = {name: person for name, person in found.items() if person is not None}
    gone = outside_team(ctx, team_id, [person.id for person in people.values()])
    return {name: person for name, person in people.items() if person.id not in gone}


def may_have(person: KnownPerson) -> bool:
    """Return whether somebody can have a task or a role: bots cannot."""
    return not person.is_bot


def may_own(person: KnownPerson) -> bool:
    """Return whether somebody can own a run: neither bots nor guests can."""
    return may_have(person) and not known_person(person).is_guest


def all_named(book: Playbook) -> Iterator[str]:
    """Yield everybody whom a playbook names for its runs, as "@name"; of whom it invites the server tells."""
    yield from _given(book)
    for checklist in book.checklists:
        for task in checklist.tasks:
            yield from task.done_when.by if task.done_when else ()


def _given(book: Playbook) -> Iterator[str]:
    """Yield everybody to whom a playbook gives the run, a role or a task, as "@name"."""
    if book.owner != "creator":
        yield book.owner
    for role in book.roles:
        yield from role.rota.people if role.rota else (role.person,) if role.person else ()
    for checklist in book.checklists:
        for task in checklist.tasks:
            yield from (name for name in task.people if name.startswith("@"))


def in_turn(ctx: Context, run: Run, rota: Rota, at: datetime) -> tuple[KnownPerson | None, list[str]]:
    """Return whose turn it is at a time, and who is passed over as they are gone or bots: the next one has it then."""
    order = rota.order(at)
    present = there(ctx, run.team_id, order)
    passed: list[str] = []
    for name in order:
        if name in present and may_have(present[name]):
            return present[name], passed
        passed.append(name)
    return None, passed


def gone(ctx: Context, run: Run, book: Playbook) -> list[str]:
    """Return who is known to be gone of those whom a playbook names for the beginning of a run, as "@name"."""
    return [name for name in _at_first(ctx, run, book, all_named(book)) if _is_gone(ctx, run, name)]


def unfit(ctx: Context, run: Run, book: Playbook) -> list[str]:
    """Return who is there but cannot have what a run gives them when it begins, as "@name": bots, a guest to own it."""
    given = [name for name in _at_first(ctx, run, book, _given(book)) if not _is_gone(ctx, run, name)]
    people = ((name, ctx.store.person_named(name.removeprefix("@"))) for name in given)
    return [name for name, one in people if one and not (may_own if name == book.owner else may_have)(one)]


def _at_first(ctx: Context, run: Run, book: Playbook, names: Iterable[str]) -> list[str]:
    """Return of some names, each once, those who do not only come later, by a rota."""
    rotas = [role.rota for role in book.roles if role.rota]
    later = {name for rota in rotas for name in rota.people}
    later -= {name for rota in rotas for name in in_turn(ctx, run, rota, run.created_at)[1]}
    return [name for name in dict.fromkeys(names) if name not in later]


def mentioned(names: Iterable[str]) -> Safe:
    """Return names as they are said."""
    return Safe(", ".join(mention(name.removeprefix("@")) for name in names))


def _is_gone(ctx: Context, run: Run, name: str) -> bool:
    person = ctx.store.person_named(name.removeprefix("@"))
    member = ctx.store.team_members(run.team_id, [person.id]).get(person.id) if person is not None else None
    return person is None or (member is not None and not member.is_member)
