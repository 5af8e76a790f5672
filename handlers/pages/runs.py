"""The page of all runs that somebody may see."""

from dataclasses import dataclass
from typing import TypeVar

from handlers.context import Context
from handlers.events import Person
from handlers.pages.asked import Asked
from handlers.pages.books import attributes_in, book_called, books_of, teams_of
from handlers.pages.filter_reading import NoFilter, read_filter
from handlers.pages.run_filter import NO_PLAYBOOK, RunFilter
from handlers.pages.run_lines import RunLine, lines_of
from handlers.playbooks.attributes import Attribute
from handlers.rules.sight import viewer_of
from store import KnownTeam
from store.queries.run_list import COUNTED, Wanted, count_runs, listed_runs
from store.queries.visible import visible_to

T = TypeVar("T")

PAGE = 30
"""How many runs one page shows."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen: playbooks and teams, each as it stands in the address and as it is called.

    Of attributes there are the names, each with the options of those that have some.
    """

    playbooks: tuple[tuple[str, str], ...]
    teams: tuple[tuple[str, str], ...]
    attributes: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class RunsPage:
    """A page of the list: `count` is how many runs there are, as far as they were counted (`is_more`)."""

    runs: tuple[RunLine, ...]
    chosen: RunFilter
    wrong: tuple[NoFilter, ...]
    choices: Choices
    count: int
    is_last: bool
    first: int

    @property
    def is_more(self) -> bool:
        return self.count >= COUNTED


def runs_page(ctx: Context, asked: Asked) -> RunsPage:
    """Return those of the runs that this person may see which fit the filter in the address."""
    chosen, wrong = read_filter(asked.query)
    found = _Named(ctx, asked.asker, chosen, list(wrong))
    wanted = found.wanted()
    visible, start = visible_to(ctx.store, viewer_of(ctx, asked.asker)), (chosen.page - 1) * PAGE
    rows = listed_runs(ctx.store, visible, wanted, start, PAGE + 1)
    return RunsPage(
        runs=tuple(lines_of(ctx, rows[:PAGE], asked.asker)),
        chosen=chosen,
        wrong=tuple(found.wrong),
        choices=found.choices(),
        count=count_runs(ctx.store, visible, wanted),
        is_last=len(rows) <= PAGE,
        first=start + 1,
    )


class _Named:
    """What the names of a filter mean to who asks; one that means nothing to them finds nothing, and is told."""

    def __init__(self, ctx: Context, asker: Person, chosen: RunFilter, wrong: list[NoFilter]) -> None:
        self._ctx, self._asker, self._chosen, self.wrong = ctx, asker, chosen, wrong
        self._teams = teams_of(ctx, asker)
        self._known = attributes_in(ctx, asker)

    def wanted(self) -> Wanted:
        """Return the filter in the store's words."""
        chosen, reader = self._chosen, self._ctx.reader
        return Wanted(
            now=self._ctx.now,
            playbook_id=self._playbook(chosen.playbook),
            team_id=self._team(chosen.team),
            owner_id=self._owner(chosen.owner),
            person_id=self._asker.id if chosen.mine else "",
            late=chosen.late,
            goes_on=None if not chosen.state else chosen.state == "active",
            since=chosen.begin(reader),
            until=chosen.end(reader),
            words=chosen.words,
            attributes=self._attributes(chosen.attribute),
            value=self._value(chosen.attribute, chosen.value),
            order=chosen.order,
            backwards=chosen.backwards,
        )

    def choices(self) -> Choices:
        """Return what can be chosen."""
        return Choices(
            playbooks=tuple((row.key, row.title) for row in books_of(self._ctx, self._asker).values()),
            teams=tuple((one.name, one.title or one.name) for one in sorted(self._teams, key=_title)),
            attributes=tuple((name, self._options(name)) for name in sorted(self._known, key=str.casefold)),
        )

    def _attributes(self, name: str) -> list[str]:
        """Return what an attribute is called in the playbooks that have it."""
        if not name:
            return []
        found = [one for one in self._known if one.casefold() == name.casefold()]
        return found or [self._nothing("attribute", name, "?")]

    def _value(self, name: str, value: str) -> str:
        """Return a value as it is kept: people by their ids."""
        types = {one.type for known in self._attributes_called(name) for one in known}
        person = self._ctx.store.person_named(value.removeprefix("@").casefold()) if "person" in types else None
        return person.id if person is not None else value

    def _attributes_called(self, name: str) -> list[list[Attribute]]:
        return [found for known, found in self._known.items() if known.casefold() == name.casefold()]

    def _options(self, name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(choice for one in self._known[name] for choice in one.choices))

    def _playbook(self, key: str) -> int | None:
        if key in ("", NO_PLAYBOOK):
            return 0 if key else None
        row = book_called(self._ctx, self._asker, key)
        return row.id if row is not None else self._nothing("playbook", key, -1)

    def _team(self, name: str) -> str:
        found = next((one.id for one in self._teams if one.name == name), "")
        return found if found or not name else self._nothing("team", name, "?")

    def _owner(self, name: str) -> str:
        if not name:
            return ""
        person = self._asker if name == "me" else self._ctx.store.person_named(name)
        # Who sees few people learns of no others that there are such.
        is_known = person is not None and (person is self._asker or self._knows_of(person.id))
        return person.id if person is not None and is_known else self._nothing("owner", name, "?")

    def _knows_of(self, person_id: str) -> bool:
        if not self._asker.is_guest:
            return True
        visible = visible_to(self._ctx.store, viewer_of(self._ctx, self._asker))
        return count_runs(self._ctx.store, visible, Wanted(now=self._ctx.now, owner_id=person_id)) > 0

    def _nothing(self, part: str, name: str, nothing: T) -> T:
        self.wrong.append(NoFilter(part, name))
        return nothing


def _title(team: KnownTeam) -> str:
    return (team.title or team.name).casefold()
