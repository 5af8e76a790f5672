"""Giving a playbook back as a file of Mattermost Playbooks; whoever asks for it."""

from collections.abc import Iterator

from handlers.exchange.exported import file_of
from handlers.exchange.found import Names
from handlers.playbooks.playbook import Playbook
from store import Store


def as_mattermost(store: Store, book: Playbook) -> str:
    """Return the text of the file, with the ids of the people and channels that are known here."""
    return file_of(book, names_in(store, book))


def names_in(store: Store, book: Playbook) -> Names:
    """Return the ids of whom a playbook names, as far as the store knows them."""
    people = (store.person_named(name.removeprefix("@")) for name in dict.fromkeys(_people(book)))
    teams = [team for team in store.teams() if not book.teams or team.name in book.teams]
    named = [name for name in (book.channel.use, *book.updates.broadcast) if name]
    places = (store.place_named(team.id, name.removeprefix("~")) for team in teams for name in dict.fromkeys(named))
    return Names(
        people={one.id: f"@{one.username}" for one in people if one is not None},
        channels={one.id: f"~{one.name}" for one in places if one is not None},
        teams={team.id: team.name for team in teams},
    )


def _people(book: Playbook) -> Iterator[str]:
    yield from (book.owner, *book.invite, *book.admins, *book.members)
    for task in book.tasks:
        yield from task.people
        yield from task.done_when.by if task.done_when is not None else ()
