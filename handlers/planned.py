"""The people whom a playbook names for its runs: who of them is there, whose turn it is, and who is gone."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from handlers.context import Context
from handlers.playbook import Playbook
from handlers.playbook_people import Rota
from handlers.teams import outside_team
from handlers.words import Safe, mention
from store import KnownPerson, Run


def there(ctx: Context, team_id: str, names: Iterable[str]) -> dict[str, KnownPerson]:
    """Return by "@name" the active members of a team among those who are named."""
    found = {name: ctx.store.person_named(name.removeprefix("@")) for name in dict.fromkeys(names)}
    known = {name: person for name, person in found.items() if person is not None}
    gone = outside_team(ctx, team_id, [person.id for person in known.values()])
    return {name: person for name, person in known.items() if person.id not in gone}


def all_named(book: Playbook) -> Iterator[str]:
    """Yield everybody whom a playbook gives something, as "@name"; whom it invites is looked after by who does that."""
    if book.owner != "creator":
        yield book.owner
    for role in book.roles:
        yield from role.rota.people if role.rota else (role.person,) if role.person else ()
    for checklist in book.checklists:
        for task in checklist.tasks:
            yield from (name for name in task.people if name.startswith("@"))
            yield from task.done_when.by if task.done_when else ()


def in_turn(ctx: Context, run: Run, rota: Rota, at: datetime) -> tuple[KnownPerson | None, list[str]]:
    """Return whose turn it is at a time, and who is passed over as they are gone: the next one has it then."""
    order = rota.order(at)
    present = there(ctx, run.team_id, order)
    passed: list[str] = []
    for name in order:
        if name in present:
            return present[name], passed
        passed.append(name)
    return None, passed


def gone(ctx: Context, run: Run, book: Playbook) -> list[str]:
    """Return who is known to be gone of those to whom a run gives something when it begins, as "@name"."""
    rotas = [role.rota for role in book.roles if role.rota]
    later = {name for rota in rotas for name in rota.people}
    later -= {name for rota in rotas for name in in_turn(ctx, run, rota, run.created_at)[1]}
    return [name for name in dict.fromkeys(all_named(book)) if name not in later and _is_gone(ctx, run, name)]


def mentioned(names: Iterable[str]) -> Safe:
    """Return names as they are said."""
    return Safe(", ".join(mention(name.removeprefix("@")) for name in names))


def _is_gone(ctx: Context, run: Run, name: str) -> bool:
    person = ctx.store.person_named(name.removeprefix("@"))
    known = ctx.store.team_members(run.team_id, [person.id]).get(person.id) if person is not None else None
    return person is None or (known is not None and not known.is_member)
