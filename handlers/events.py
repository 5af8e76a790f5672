"""What can happen to the bot: one frozen value for each kind of thing, with its people and channels already known."""

from datetime import datetime
from typing import Generic, Literal, TypeVar

import msgspec

from store import PlaceKind, Reason, WebhookFailure, WhyClosed

P = TypeVar("P")
F = TypeVar("F")

EffectKind = Literal[
    "ArrangeChannel", "ChangeChannel", "Delete", "Edit", "Invite", "OpenChannel", "Pin", "Post", "PostInsights",
    "React", "RemovePerson", "RunCommand", "SendRun", "SetHead", "Tell",
]  # fmt: skip
"""The lasting effects by their names."""
NotInvited = Literal["deactivated", "error", "forbidden", "not_in_team", "unknown"]
"""Why somebody cannot be added to a channel; each has its words in `templates/messages/people.md.j2`."""
NoGroup = Literal["no_groups", "no_group", "groups_forbidden"]
"""Why it is not known who is in a group: the server has none (no license), none of that name, or tells not the bot."""
NotRun = Literal["before", "failed", "forbidden", "unknown", "unsure"]
"""Why the server did not run a task's command."""


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A user of the Mattermost server; `timezone` is an IANA name or empty (UTC), `locale` like `pt-BR` or empty.

    Who administers a channel is asked only where a decision hangs on it: `asked` are the ids of the channels for which
    it was, `heads` those of them that this person administers.
    """

    id: str
    username: str
    timezone: str = ""
    locale: str = ""
    is_bot: bool = False
    is_guest: bool = False
    is_admin: bool = False
    is_active: bool = True
    asked: frozenset[str] = frozenset()
    heads: frozenset[str] = frozenset()


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A channel: `kind` is O (public), P (private), D (direct) or G (group); direct ones have no team."""

    id: str
    team_id: str = ""
    kind: PlaceKind = "O"
    name: str = ""
    title: str = ""


class Readers(msgspec.Struct, frozen=True, kw_only=True):
    """Those who read a channel beyond what its team may see: all of them by name, or just its guests.

    `are_all` tells that there are no others; None in place of people that nobody can say who there is.
    """

    people: tuple[Person, ...] | None
    are_all: bool = False


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """The keywords of one playbook that stand in a message, spelt as the playbook spells them.

    With `task_id` they are the words that complete that task, and of no playbook (`playbook_id` 0).
    """

    playbook_id: int
    keywords: tuple[str, ...]
    task_id: int = 0


class Given(msgspec.Struct, frozen=True):
    """A file that stands under a message: its name, its size in bytes, and what is in it; that is not read of all."""

    name: str
    size: int
    content: bytes = b""


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Anything that happens; `at` is when the bot took notice of it, in UTC."""

    at: datetime


class MessageHeard(Event, frozen=True, kw_only=True):
    """Somebody else's message: its whole text (attachments included), and what of it concerns the bot.

    `said_at` is when it was written (UTC), None where that is not known. `command` is what follows a mention of the bot
    at the start of the message, or None; `named` are the people whose @names stand in it, by user name. `files` are
    those of a message to the bot alone that asks for something with them.
    """

    post_id: str
    root_id: str
    place: Place
    author: Person
    text: str
    said_at: datetime | None = None
    hits: tuple[Hit, ...] = ()
    command: str | None = None
    named: dict[str, Person] = {}
    files: tuple[Given, ...] = ()


class PersonJoined(Event, frozen=True, kw_only=True):
    """Somebody became a member of a channel that the bot is in."""

    place: Place
    person: Person


class PersonLeft(Event, frozen=True, kw_only=True):
    """Somebody left, or was removed from, a channel that the bot is in."""

    place_id: str
    person_id: str


class TeamLeft(Event, frozen=True, kw_only=True):
    """Somebody is no longer in a team, and so in none of its channels."""

    team_id: str
    person_id: str


class PlaceClosed(Event, frozen=True, kw_only=True):
    """A channel cannot be used any more: it was archived, or the bot was removed from it."""

    place_id: str
    why: WhyClosed


class PlaceReopened(Event, frozen=True, kw_only=True):
    """A channel can be used again: it was restored, or the bot was added to it."""

    place_id: str


class PlaceChanged(Event, frozen=True, kw_only=True):
    """The server says anew what a channel is: its kind, name and title, `as_of` a time of its own (ms)."""

    place: Place
    as_of: int = 0


class PlaceUnknown(Event, frozen=True, kw_only=True):
    """The server does not say to the bot any more what a channel is."""

    place_id: str


class PostDeleted(Event, frozen=True, kw_only=True):
    """A message was deleted by hand."""

    post_id: str
    place_id: str


class CommandGiven(Event, frozen=True, kw_only=True):
    """A slash command, or one in a message, which has its `post_id`; `trigger_id` lets a dialog be opened.

    `run_id` is the run that it names by number, 0 where it is about the run of the channel.
    """

    text: str
    asker: Person
    place: Place
    post_id: str = ""
    root_id: str = ""
    trigger_id: str = ""
    named: dict[str, Person] = {}
    run_id: int = 0
    files: tuple[Given, ...] = ()


class ButtonPressed(Event, frozen=True, kw_only=True):
    """A press of a button, or a `choice` from a menu; `action` and `arg` come from the signed context.

    `root_id` is the thread that the button stands in, as far as its context tells. Who reads the channel (`readers`) is
    asked only where the decision hangs on it.
    """

    action: str
    arg: str
    choice: str = ""
    asker: Person
    place: Place
    message_id: int
    post_id: str
    trigger_id: str = ""
    root_id: str = ""
    readers: Readers | None = None


class Press(ButtonPressed, Generic[P], frozen=True, kw_only=True):
    """A press, with what the button or menu carries as the routes have read it."""

    payload: P


class DialogSubmitted(Event, frozen=True, kw_only=True):
    """A dialog that somebody filled in; `once` names this showing of the dialog, so that it counts once.

    `root_id` is the thread that it was opened from, if any.
    """

    action: str
    arg: str
    once: str
    values: dict[str, str | bool]
    asker: Person
    place: Place
    root_id: str = ""


class Submission(DialogSubmitted, Generic[P, F], frozen=True, kw_only=True):
    """A dialog, with what it carries and what it was filled in with as the routes have read it."""

    payload: P
    form: F


class PageActed(Event, frozen=True, kw_only=True):
    """A form of a page that somebody sent; `once` names this showing of it, so that it counts once.

    `run_id` is the run that it is about, 0 for none, and `place` that run's channel as far as it has one.
    """

    action: str
    run_id: int = 0
    once: str
    values: dict[str, str]
    asker: Person
    place: Place


class Acted(PageActed, Generic[F], frozen=True, kw_only=True):
    """A form of a page, with what it was filled in with as the routes have read it."""

    form: F


class ReactionAdded(Event, frozen=True, kw_only=True):
    """Somebody, not the bot, put a reaction under a message; `text`, `author_id` and `said_at` are the message's own.

    `message_id` is the bot's own message, None where it is somebody else's. `once` names this very reaction: taken away
    and put again it is another one.
    """

    emoji: str
    once: str = ""
    asker: Person
    place: Place
    post_id: str
    message_id: int | None = None
    author_id: str = ""
    text: str = ""
    said_at: datetime | None = None


class CommandRan(Event, frozen=True, kw_only=True):
    """A slash command of a task or an action was run by the server; `trouble` is empty, or why it failed."""

    task_id: int
    by_id: str
    command: str
    trouble: NotRun | Literal[""] = ""
    answer: str = ""
    action_id: int = 0


class ButtonsSwitched(Event, frozen=True, kw_only=True):
    """From now on presses and commands reach the bot, or no longer; the installation says so already.

    It is told for some runs at a time, so that nobody waits for all of them; `run_ids` empty means the open prompts.
    """

    run_ids: tuple[int, ...] = ()


class JobDue(Event, frozen=True, kw_only=True):
    """The time of a job has come."""

    job_id: int


class ChannelOpened(Event, frozen=True, kw_only=True):
    """A run's channel exists now, with the name that the server accepted."""

    run_id: int
    place: Place


class PeopleInvited(Event, frozen=True, kw_only=True):
    """An invitation was carried out: who is in, why each other is not, and all who are, where that was asked for.

    Where a group was invited, `no_group` is empty, or why nobody knows who is in it.
    """

    run_id: int
    added: tuple[Person, ...]
    refused: dict[str, NotInvited]
    present: tuple[Person, ...] = ()
    action_id: int = 0
    no_group: NoGroup | Literal[""] = ""


class ChannelArranged(Event, frozen=True, kw_only=True):
    """A run's channel has the header or the category that its playbook says; or the server has no such thing."""

    action_id: int
    is_done: bool


class MessagePosted(Event, frozen=True, kw_only=True):
    """A message of the bot's own now stands on the server."""

    message_id: int
    post_id: str


class MessageOvertaken(Event, frozen=True, kw_only=True):
    """One of the bot's messages shows older content than it did before: two changes reached it in the wrong order."""

    post_id: str


class Undeliverable(Event, frozen=True, kw_only=True):
    """An effect that can never succeed: `effect` names its kind, `reason` says why."""

    effect: EffectKind
    reason: Reason
    run_id: int | None = None
    message_id: int | None = None
    place_id: str = ""
    person_id: str = ""
    action_id: int = 0


class WebhookAnswered(Event, frozen=True, kw_only=True):
    """An attempt to deliver a webhook is over: `why` is empty where the address took it.

    `retry_after` is in seconds, for which it wants to be left alone.
    """

    delivery_id: int
    status: int | None
    why: WebhookFailure
    took_ms: int
    retry_after: float | None = None


AnyEvent = (
    MessageHeard | PersonJoined | PersonLeft | TeamLeft | PlaceChanged | PlaceUnknown | PlaceClosed | PlaceReopened
    | PostDeleted | CommandGiven | ButtonPressed | DialogSubmitted | PageActed | ReactionAdded | ButtonsSwitched
    | CommandRan | JobDue | ChannelOpened | ChannelArranged | PeopleInvited | MessagePosted | MessageOvertaken
    | Undeliverable | WebhookAnswered
)  # fmt: skip


def asker_of(event: AnyEvent) -> Person | None:
    """Return who waits for an answer to an event: who wrote, pressed, submitted or reacted."""
    match event:
        case MessageHeard():
            return event.author
        case CommandGiven() | ButtonPressed() | DialogSubmitted() | PageActed() | ReactionAdded():
            return event.asker
        case _:
            return None
