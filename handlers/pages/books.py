"""Which playbooks somebody may look at: those of their teams, private ones only where they are named."""

from collections.abc import Mapping
from typing import Any

from handlers.context import Context
from handlers.events import Person
from handlers.playbooks.attributes import Attribute
from handlers.playbooks.playbook import playbook_of
from handlers.rules import teams
from handlers.rules.drafts import ruling
from handlers.rules.groups import is_named
from handlers.rules.playbook_rights import may_see
from store import KnownTeam, PlaybookRow, is_private


def teams_of(ctx: Context, asker: Person) -> list[KnownTeam]:
    """Return the teams that somebody is at home in. Raises `Unsure` as `teams.of_person`."""
    return list(ctx.store.teams()) if asker.is_admin else teams.of_person(ctx, asker)


def books_of(ctx: Context, asker: Person) -> Mapping[int, PlaybookRow]:
    """Return the playbooks in use that somebody may look at, by their ids, in the order of their titles."""
    names = {one.name for one in teams_of(ctx, asker)}
    rows = [row for row in ctx.store.playbooks() if _holds(row, names)]
    newest = ctx.store.newest_of([row.id for row in rows])
    named = {one.playbook_id for one in newest if is_for(ctx, asker, one.definition)}
    return {row.id: row for row in rows if row.id in named}


def attributes_in(ctx: Context, asker: Person) -> dict[str, list[Attribute]]:
    """Return the attributes of the playbooks that somebody may look at, by their names."""
    found: dict[str, list[Attribute]] = {}
    for version in ctx.store.newest_of(list(books_of(ctx, asker))):
        for one in playbook_of(version.definition).attributes if version.definition.get("attributes") else ():
            found.setdefault(one.name, []).append(one)
    return found


def book_called(ctx: Context, asker: Person, key: str) -> PlaybookRow | None:
    """Return the playbook of a key, one that is in use no more included; None where it is not for who asks."""
    row = ctx.store.playbook_by_key(key)
    if row is None or not row.version or not _holds(row, {one.name for one in teams_of(ctx, asker)}):
        return None
    return row if is_for(ctx, asker, ctx.store.playbook_version(row).definition) else None


def book_to_edit(ctx: Context, asker: Person, key: str) -> PlaybookRow | None:
    """Return the playbook of a key that somebody may look at, also one that was never published."""
    row = ctx.store.playbook_by_key(key)
    return row if row is not None and may_see(ctx, asker, ruling(ctx, row)) else None


def is_for(ctx: Context, asker: Person, definition: Mapping[str, Any]) -> bool:
    """Return whether somebody may look at a playbook, as `permissions.may_use` says of one that was read."""
    named = (*definition.get("members", ()), *definition.get("admins", ()))
    return not is_private(definition) or asker.is_admin or is_named(ctx, asker, named)


def _holds(row: PlaybookRow, names: set[str]) -> bool:
    return bool(names) and (not row.teams or not names.isdisjoint(row.teams))
