"""Who may do what with a playbook: see it, make one, start, change and publish it, and look after it."""

from collections.abc import Iterable
from pathlib import PurePath

from handlers.context import Context, known_person
from handlers.effects import Refused
from handlers.events import Person
from handlers.playbooks.playbook import Playbook
from handlers.rules import groups, permissions, teams
from handlers.rules.drafts import ruling
from handlers.rules.groups import is_named, named_in_words
from handlers.text.words import Safe
from store import KnownTeam, PlaybookRow

RIGHTS = ("admins", "members", "visibility", "start_by", "edit_by", "see_runs", "only_owner_finishes", "teams")
"""The keys of a playbook that say who may do what: its admins alone change them."""


def is_admin_of(ctx: Context, asker: Person, book: Playbook) -> bool:
    """Return whether somebody looks after a playbook: who it names as its admins, and who looks after the server."""
    return asker.is_admin or (not asker.is_guest and is_named(ctx, asker, book.admins))


def may_see(ctx: Context, asker: Person, book: Playbook) -> bool:
    """Return whether somebody may look at a playbook: who may use it, and is in a team where it holds."""
    if asker.is_admin:
        return True
    return permissions.may_use(ctx, asker, book) and bool(_of(book, teams.of_person(ctx, asker)))


def may_edit(ctx: Context, asker: Person, book: Playbook) -> bool:
    """Return whether somebody may change a playbook: who may see it, or its admins alone where it says so."""
    if asker.is_guest and not asker.is_admin:
        return False
    return may_see(ctx, asker, book) and (book.edit_by == "members" or is_admin_of(ctx, asker, book))


def require_see(ctx: Context, asker: Person, row: PlaybookRow) -> Playbook:
    """Return what a playbook says now of who may. Raises `Refused` where somebody may not look at it."""
    book = ruling(ctx, row)
    if not may_see(ctx, asker, book):
        raise ctx.refused("playbook", "gone")
    return book


def require_edit(ctx: Context, asker: Person, row: PlaybookRow) -> Playbook:
    """Return what it says. Raises `Refused` where somebody may not change it, or it is changed in its file alone."""
    book = require_see(ctx, asker, row)
    if not may_edit(ctx, asker, book):
        raise not_yours(ctx, row, book)
    if not row.is_made_here:
        raise ctx.refused("playbook", "in_file", title=row.title, path=path_of(row))
    return book


def require_admin(ctx: Context, asker: Person, row: PlaybookRow) -> Playbook:
    """Return what it says. Raises `Refused` unless somebody looks after a playbook that is changed here."""
    book = require_edit(ctx, asker, row)
    if not is_admin_of(ctx, asker, book):
        raise not_yours(ctx, row, book)
    return book


def require_change(ctx: Context, asker: Person, row: PlaybookRow, before: Playbook, after: Playbook) -> None:
    """Raise `Refused` where somebody may not change a playbook so: who may do what is its admins' to say."""
    rules = require_edit(ctx, asker, row)
    changed = [key for key in RIGHTS if getattr(before, key) != getattr(after, key)]
    if changed and not is_admin_of(ctx, asker, rules):
        raise ctx.refused("playbook", "rights_not_yours", title=row.title, admins=named_in_words(rules.admins))
    if set(after.teams) != set(before.teams):
        require_teams(ctx, asker, after)


def require_create(ctx: Context, asker: Person, book: Playbook) -> None:
    """Raise `Refused` where somebody may not make a playbook like this: guests, and who is not in its teams.

    Whatever brings a playbook here asks this: making one, a copy, a run that becomes one, and an import.
    """
    require_maker(ctx, asker)
    require_teams(ctx, asker, book)


def require_maker(ctx: Context, asker: Person) -> None:
    """Raise `Refused` where somebody makes no playbooks at all: guests and bots."""
    if asker.is_bot or (asker.is_guest and not asker.is_admin):
        raise ctx.refused("playbook", "not_for_guests")


def require_teams(ctx: Context, asker: Person, book: Playbook) -> None:
    """Raise `Refused` where a playbook is to hold in a team that somebody is not in, or that is not there.

    One without teams holds in all, so it takes somebody who is in all of them.
    """
    there = teams_here(ctx)
    unknown = [name for name in book.teams if name not in {one.name for one in there}]
    if unknown:
        known = [Safe(one.name) for one in there]
        raise ctx.refused("playbook", "no_team", teams=[Safe(name) for name in unknown], known=known)
    inside = {one.id for one in (there if asker.is_admin else teams.of_person(ctx, asker))}
    outside = [one for one in _of(book, there) if one.id not in inside]
    if outside or not inside:
        raise ctx.refused("playbook", "team_not_yours", teams=[one.title for one in outside], all=not book.teams)


def has_admin(ctx: Context, book: Playbook) -> bool:
    """Return whether anybody who looks after a playbook is there: active, in a team of it, no guest or bot."""
    people = [ctx.store.person_named(name.removeprefix("@")) for name in book.admins if name.startswith("@")]
    named = [*(one.id for one in people if one is not None), *groups.members_of(ctx, book.admins)]
    ids = [one.id for one in ctx.store.people(named).values() if not one.is_bot and not known_person(one).is_guest]
    return any(set(ids) - teams.outside_team(ctx, team.id, ids) for team in teams_of(ctx, book))


def teams_of(ctx: Context, book: Playbook) -> list[KnownTeam]:
    """Return the teams where a playbook holds, of those that are worked in."""
    return _of(book, teams_here(ctx))


def teams_here(ctx: Context) -> list[KnownTeam]:
    """Return the teams that are worked in."""
    return [one for one in ctx.store.teams() if not ctx.here.teams or one.name in ctx.here.teams]


def not_yours(ctx: Context, row: PlaybookRow, book: Playbook) -> Refused:
    """Say who changes a playbook."""
    return ctx.refused("playbook", "not_yours", title=row.title, key=Safe(row.key), admins=named_in_words(book.admins))


def path_of(row: PlaybookRow) -> str:
    """Return where the file of a playbook lies, from the folder that it is read in."""
    name = PurePath(row.source.partition(":")[2])
    return name.name if name.is_absolute() or ".." in name.parts else name.as_posix()


def _of(book: Playbook, there: Iterable[KnownTeam]) -> list[KnownTeam]:
    return [one for one in there if not book.teams or one.name in book.teams]
