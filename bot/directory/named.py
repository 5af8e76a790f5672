"""People and channels that playbooks name, read from the server before a decision needs to know them."""

from collections.abc import Collection, Iterable

from bot.directory.directory import Directory
from handlers.playbooks.playbook import Playbook
from handlers.rules.planned_people import all_named


async def meet_named(directory: Directory, team_ids: Collection[str], books: Iterable[Playbook]) -> None:
    """Learn whom playbooks name, and their channels in some teams. Raises what keeps the server from telling."""
    people, channels = named_in(books)
    await directory.prefetch(sorted(people), [(team, name) for team in team_ids for name in sorted(channels)])


def named_in(books: Iterable[Playbook]) -> tuple[set[str], set[str]]:
    """Return the user names and the channel names that playbooks mention."""
    people: set[str] = set()
    channels: set[str] = set()
    for book in books:
        guests = (*book.admins, *book.invite, *(guest for action in book.actions for guest in action.invite))
        people |= {name[1:] for name in (*all_named(book), *guests) if name.startswith("@")}
        told = book.insights.channel if book.insights is not None else ""
        posted_to = (action.channel or "" for action in book.actions)
        named = (*book.updates.broadcast, book.channel.use or "", told, *posted_to)
        channels |= {name.removeprefix("~") for name in named if name}
    return people, channels
