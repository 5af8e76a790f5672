"""What is not right with a playbook any more, as far as it is known here; each kind has its remedy in a sentence."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from handlers.context import Context
from handlers.playbooks.keywords import unheard
from handlers.playbooks.playbook import Playbook
from handlers.rules.allowed_commands import is_allowed
from handlers.rules.fit_to_publish import channels_of
from handlers.rules.groups import GROUP
from handlers.rules.planned_people import all_named
from handlers.rules.playbook_rights import teams_of
from handlers.rules.run_request import stored
from handlers.rules.teams import outside_team
from handlers.text.plain_text import even
from store import PlaybookRow

Kind = Literal[
    "person_gone", "person_outside", "group_gone", "channel_gone", "keyword_twice", "keyword_deaf", "unassigned",
    "no_updates", "address_fails", "address_off", "playbook_gone", "held",
]  # fmt: skip
"""What can be wrong; each has its block in `templates/messages/check_up.md.j2`."""


@dataclass(frozen=True, slots=True)
class Found:
    """Something that is not right: what it is about, how many there are of it, and what else it concerns."""

    kind: Kind
    subject: str
    count: int = 0
    other: str = ""

    @property
    def key(self) -> str:
        """What it is known by from one week to the next; how many there are makes no difference."""
        return f"{self.kind}:{self.subject}:{self.other}"


def found_in(ctx: Context, row: PlaybookRow, others: Sequence[PlaybookRow]) -> list[Found]:
    """Return all that is not right with a playbook in use, `others` being all that are. Raises `Unsure`."""
    book = stored(ctx, row)
    return [
        *_people(ctx, book),
        *_groups(ctx, book),
        *_channels(ctx, book),
        *_keywords(ctx, row, book, others),
        *_tasks(book),
        *_updates(book),
        *_addresses(ctx, row, book),
        *_playbooks(book, others),
        *(Found("held", what) for what in row.held if what != "commands" or _would_run(ctx, book)),
    ]


def _would_run(ctx: Context, book: Playbook) -> bool:
    """Return whether the bot would run any of a playbook's commands, were they confirmed."""
    return any(is_allowed(one, ctx.here.may_run) for one in book.commands)


def _people(ctx: Context, book: Playbook) -> Iterator[Found]:
    guests = [name for action in book.actions for name in action.invite]
    names = (*book.admins, *book.members, *book.start_by, *book.invite, *guests, *all_named(book))
    where = teams_of(ctx, book)
    for name in dict.fromkeys(name for name in names if name.startswith("@")):
        person = ctx.store.person_named(name.removeprefix("@"))
        if person is None or not person.is_active:
            yield Found("person_gone", name)
        elif where and all(person.id in outside_team(ctx, team.id, [person.id]) for team in where):
            yield Found("person_outside", name)


def _groups(ctx: Context, book: Playbook) -> Iterator[Found]:
    guests = [name for action in book.actions for name in action.invite]
    names = (*book.admins, *book.members, *book.start_by, *book.invite, *guests)
    groups = list(dict.fromkeys(name.removeprefix(GROUP) for name in names if name.startswith(GROUP)))
    known = ctx.store.groups(groups) if groups else {}
    yield from (Found("group_gone", name) for name in groups if name in known and not known[name].is_there)


def _channels(ctx: Context, book: Playbook) -> Iterator[Found]:
    where = teams_of(ctx, book)
    for name in channels_of(book):
        places = [ctx.store.place_named(team.id, name.removeprefix("~")) for team in where]
        if where and not any(place is not None and place.is_member for place in places):
            yield Found("channel_gone", name)


def _keywords(ctx: Context, row: PlaybookRow, book: Playbook, others: Sequence[PlaybookRow]) -> Iterator[Found]:
    yield from (Found("keyword_deaf", word) for word in book.keywords if unheard(word) is not None)
    mine = {even(word).casefold(): word for word in book.keywords}
    for other in others:
        if other.id == row.id or not (not row.teams or not other.teams or set(row.teams) & set(other.teams)):
            continue
        for word in other.keywords:
            if (same := mine.get(even(word).casefold())) is not None:
                # Who is told of a private playbook's words would know that there is one.
                title = "" if stored(ctx, other).is_private else other.title
                yield Found("keyword_twice", same, other=title)


def _tasks(book: Playbook) -> Iterator[Found]:
    open_to_all = sum(not task.people and task.assignee_attribute is None for task in book.tasks)
    if book.tasks and open_to_all == len(book.tasks):
        yield Found("unassigned", "", count=open_to_all)


def _updates(book: Playbook) -> Iterator[Found]:
    if not book.updates.every and (book.updates.broadcast or book.updates.template):
        yield Found("no_updates", "")


def _addresses(ctx: Context, row: PlaybookRow, book: Playbook) -> Iterator[Found]:
    for hook in book.webhooks:
        address = ctx.store.webhook_address(row.id, hook.name) if hook.enabled else None
        if address is None:
            continue
        last = ctx.store.webhook_deliveries(address.id, 1)
        if address.off_at is not None:
            yield Found("address_off", hook.name)
        elif last and last[0].why and last[0].outcome != "delivered":
            yield Found("address_fails", hook.name, count=last[0].attempts)


def _playbooks(book: Playbook, others: Sequence[PlaybookRow]) -> Iterator[Found]:
    keys = {row.key for row in others}
    wanted = dict.fromkeys(action.run for action in book.actions if action.run is not None)
    yield from (Found("playbook_gone", key) for key in wanted if key not in keys)
