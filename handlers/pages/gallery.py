"""The pages on which a playbook begins: from a list of tasks, or as one of the starters, which is looked at before."""

from dataclasses import dataclass

from handlers.context import Context
from handlers.editor.starters import Starter, starters
from handlers.pages.asked import Asked
from handlers.pages.books import teams_of
from handlers.rules.playbook_rights import teams_here
from store import KnownTeam


@dataclass(frozen=True, slots=True)
class Home:
    """For whom a new playbook can be: `teams` by name and title; `every` tells whether for all teams, too."""

    teams: tuple[tuple[str, str], ...]
    every: bool


@dataclass(frozen=True, slots=True)
class NewPage:
    """The ways to begin."""

    home: Home
    starters: tuple[Starter, ...]
    is_guest: bool


def new_page(ctx: Context, asked: Asked) -> NewPage:
    """Return the ways to begin."""
    return NewPage(home_of(ctx, asked), tuple(starters().values()), _is_guest(asked))


def _is_guest(asked: Asked) -> bool:
    return asked.asker.is_guest and not asked.asker.is_admin


def home_of(ctx: Context, asked: Asked) -> Home:
    """Return for whom somebody can make a playbook."""
    there = {one.id for one in teams_here(ctx)}
    mine = [one for one in teams_of(ctx, asked.asker) if one.id in there]
    return Home(tuple((one.name, _title(one)) for one in mine), every=len(mine) == len(there))


def _title(team: KnownTeam) -> str:
    return team.title or team.name
