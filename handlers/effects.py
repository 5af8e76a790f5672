"""What the bot can do: plain frozen values that a handler yields and somebody else carries out.

`Lasting` effects go to the outbox in the handler's own transaction and are delivered after it, in the order of
their lane. `Immediate` ones are the answer to the click, command or dialog that is being handled, given at once.
"""

from collections.abc import Generator, Iterator
from typing import Literal, TypeVar, assert_never

import msgspec

Style = Literal["default", "primary", "good", "danger"]
Colour = Literal["red", "amber", "green", "grey", "blue"]


class Option(msgspec.Struct, frozen=True):
    """A line of a menu: what people read, and the value that comes back."""

    text: str
    value: str


LABEL_LIMIT = 34
"""How many characters of a button's label a phone shows: a longer one runs out of the button on both sides."""


class Button(msgspec.Struct, frozen=True, tag="button"):
    """A button: `action` and `arg` come back, signed, in `ButtonPressed`; its label is plain text, cut to a limit."""

    label: str
    action: str
    arg: str = ""
    style: Style = "default"


class Menu(msgspec.Struct, frozen=True, tag="menu"):
    """A menu: as a button, and the chosen option's value comes back as `choice`."""

    label: str
    action: str
    arg: str = ""
    options: tuple[Option, ...] = ()


class Field(msgspec.Struct, frozen=True):
    """A titled value in a card; short ones stand two in a row."""

    title: str
    value: str
    short: bool = True


def unfolded(text: str) -> tuple[Field, ...]:
    """Return a list as a field: clients fold a card's text behind *Show more* after a few lines, but no field."""
    return (Field("", text, short=False),) if text else ()


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """A framed part of a message; title, `text` and field values are Markdown, the footer is plain."""

    colour: Colour = "grey"
    title: str = ""
    text: str = ""
    fields: tuple[Field, ...] = ()
    footer: str = ""
    controls: tuple[Button | Menu, ...] = ()


class Content(msgspec.Struct, frozen=True):
    """All that a message shows: its own Markdown text, which notifications quote, and its cards."""

    text: str = ""
    cards: tuple[Card, ...] = ()


class File(msgspec.Struct, frozen=True):
    """A file as people are given it: its name, whose ending tells clients what it is, and what is in it."""

    name: str
    content: bytes

    def __post_init__(self) -> None:
        if not self.content:
            raise ValueError(f"{self.name!r} is empty, which no server takes")


MOST_FILES = 5
"""How many files one message can have: 5.37 takes no more (seen on a server: `model.post.is_valid.file_ids`)."""
FILES_LIMIT = 8_000_000
"""How many bytes the files of one message have at most, which wait in the outbox until they are delivered."""


class Files(msgspec.Struct, frozen=True, kw_only=True):
    """The files of a message, and the content that it has `instead` where the server takes none, or none so large.

    Servers forget them when a press of the message's own button changes it, so its controls change nothing.
    Raises `ValueError` for more than a message can have: whoever makes files asks `Installation.takes` before.
    """

    files: tuple[File, ...]
    instead: Content

    def __post_init__(self) -> None:
        if len(self.files) > MOST_FILES or sum(len(one.content) for one in self.files) > FILES_LIMIT:
            raise ValueError("more files than one message can have")


Kind = Literal["text", "textarea", "select", "users", "channels", "bool"]


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A field of a dialog; lengths are in characters, `default` of a tick box is "true" or "false".

    Of users and channels a `default` is an id, and the one of its `options` tells what that is called.
    """

    name: str
    label: str
    kind: Kind = "text"
    default: str = ""
    placeholder: str = ""
    help: str = ""
    optional: bool = False
    min_length: int = 0
    max_length: int = 0
    options: tuple[Option, ...] = ()


class Dialog(msgspec.Struct, frozen=True, kw_only=True):
    """A dialog; `action` and `arg` come back, signed, in `DialogSubmitted`. Title: 24 characters at most.

    It has a field at least: phones do not let anybody send one that has none. Raises `ValueError` otherwise.
    """

    action: str
    arg: str = ""
    title: str
    intro: str = ""
    entries: tuple[Entry, ...]
    submit: str = ""

    def __post_init__(self) -> None:
        if not self.entries:
            raise ValueError(f"the dialog {self.action!r} has no field")


class OpenChannel(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Create a run's channel; `name` is a wish, `mark` (in the purpose) tells our own from others' of that name."""

    run_id: int
    team_id: str
    name: str
    title: str
    private: bool
    header: str
    purpose: str
    mark: str


class Invite(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Add people to a run's channel, by id and by user name; with `meet` it is learnt, too, who else is there.

    With `after` they are added once this message stands there, or it is known that it never will. It may be everybody
    of a `group` of the server's, by its name. `action_id` is the action of a playbook that it is done for, 0 for none.
    """

    run_id: int
    place_id: str
    person_ids: tuple[str, ...] = ()
    usernames: tuple[str, ...] = ()
    meet: bool = False
    after: int | None = None
    group: str = ""
    action_id: int = 0


class Post(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Post one of the bot's messages; in the thread of `root_id`, or of a message of its own that it is `under`.

    It may have files.
    """

    message_id: int
    place_id: str
    content: Content
    root_id: str = ""
    under: int | None = None
    attached: Files | None = None


class Tell(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Tell one person something that nobody else sees.

    In the channel `place_id` where the bot may post ephemerally, and by direct message otherwise, or always when
    `place_id` is empty. With `message_id` it is a message whose buttons work and that can be edited later; then
    it is always a direct message. What nobody waits for may come `later`, by a second. What is not worth a
    notification is `only_whispered`: a direct message is one, so where the bot may not post ephemerally it is left out.
    With `root_id` it stands in the thread where it was asked for, if it stands in that channel. What has files comes
    by direct message: nothing that only one person sees in a channel can have any.
    """

    person_id: str
    content: Content
    place_id: str = ""
    message_id: int | None = None
    later: bool = False
    only_whispered: bool = False
    root_id: str = ""
    attached: Files | None = None


class Edit(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Make one of the bot's messages show `content`; `revision` grows with each content that a message had."""

    message_id: int
    content: Content
    revision: int


class Pin(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Pin one of the bot's messages to its channel."""

    message_id: int


class Delete(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Delete one of the bot's messages."""

    message_id: int


class React(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Put reactions under one of the bot's messages, in their order; `emoji` are names without colons."""

    message_id: int
    emoji: tuple[str, ...]


class RunCommand(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Run a slash command in a channel as the bot, if the administrator's list was asked (`is_allowed`).

    It is for a task, or for an action of a playbook (`action_id`); the other is 0.
    """

    task_id: int
    place_id: str
    command: str
    by_id: str
    is_allowed: bool = False
    action_id: int = 0


class ArrangeChannel(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Give a run's channel the header or the sidebar's category that its playbook says; the other is None.

    `action_id` is the action of the playbook that it is done for.
    """

    run_id: int
    place_id: str
    action_id: int
    header: str | None = None
    category: str | None = None


class PostInsights(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Work out what runs tell, and post it with a picture; as a table, or where it has no place, to `person_id` alone.

    That is asked beside the desk and drawn elsewhere, so that nobody waits for it. It is of one playbook or of all
    (None), of the days from `first` (empty: from the first one on) to `last`, both as ISO dates, split by the values
    of a `variable`. With `root_id` it stands in the thread where it was asked for. A `weekly` one nobody asked for.
    """

    message_id: int | None
    person_id: str = ""
    place_id: str = ""
    root_id: str = ""
    playbook_id: int | None = None
    first: str = ""
    last: str
    variable: str = ""
    table: bool = False
    weekly: bool = False


class SendRun(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Send somebody a run as files, by direct message; they are made as it is delivered, beside the desk."""

    run_id: int
    person_id: str


class ChangeChannel(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Rename a run's channel, archive it or restore it; `title` is None where it stays."""

    run_id: int
    place_id: str
    title: str | None = None
    archived: bool | None = None


class RemovePerson(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Remove somebody from a run's channel."""

    run_id: int
    place_id: str
    person_id: str


class SetHead(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Make somebody an admin of a channel that was opened for a run, or no longer one."""

    run_id: int
    place_id: str
    person_id: str
    is_head: bool


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """Answer a command, a press or a dialog, to its asker alone.

    A dialog that closes says itself that it was done, so that such an answer is whispered or left out; one that is
    `to_read` comes all the same: what was asked for to be read, or why something was not done. After a form of a page,
    `page` is where its sender goes next, if not back.
    """

    content: Content
    to_read: bool = False
    page: str = ""


class Redraw(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Show in a card, a checklist or a prompt how things stand.

    It becomes an `Edit` when the message may be edited; at most one for each message however often it is asked for, and
    none where it was last drawn so. With `again` it does even then, unless the server has told that the post shows it.
    """

    message_id: int
    again: bool = False


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """Open a dialog for the person who pressed the button or gave the command."""

    dialog: Dialog


class Refuse(msgspec.Struct, frozen=True, kw_only=True):
    """Say no: why, who could do it, what to do instead. A command is answered, a click gets a small dialog."""

    title: str
    text: str


class Correct(msgspec.Struct, frozen=True, kw_only=True):
    """Keep a dialog open: what is wrong with which of its fields, or (with no field) with all of it."""

    errors: dict[str, str] = {}
    error: str = ""


class Refused(Exception):
    """What was asked for cannot be done, and nothing of it was: who asked is told so, wherever they asked.

    In a dialog it is told at `field`, where that is set.
    """

    def __init__(self, refusal: Refuse, field: str = "") -> None:
        super().__init__(refusal.text)
        self.refusal = refusal
        self.field = field

    def at(self, field: str) -> "Refused":
        """The same, told at a field of the dialog unless it is told at another already."""
        return Refused(self.refusal, self.field or field)

    @property
    def correction(self) -> Correct:
        """The same as it is told in a dialog, which stays open."""
        text = self.refusal.text
        return Correct(errors={self.field: text}) if self.field else Correct(error=text)


Lasting = (
    OpenChannel
    | Invite
    | Post
    | Tell
    | Edit
    | Pin
    | Delete
    | React
    | RunCommand
    | ArrangeChannel
    | ChangeChannel
    | RemovePerson
    | SetHead
    | PostInsights
    | SendRun
)
Outbound = Lasting | Redraw
"""What waits in the outbox: effects, and messages that are to be drawn when it is their time."""
Immediate = Answer | Ask | Refuse | Correct
Decided = Lasting | Immediate
Effect = Decided | Redraw

T = TypeVar("T")
Effects = Iterator[Effect]
Doing = Generator[Effect, None, T]
"""What an operation does: its effects, and in the end what came of it."""


def lane(effect: Outbound) -> str:
    """Return the lane that keeps this effect's order; lanes do not wait for each other."""
    match effect:
        case OpenChannel():
            return f"open:{effect.run_id}"
        case Invite() | RemovePerson() | SetHead():
            return f"people:{effect.place_id}"
        case RunCommand():
            return f"commands:{effect.place_id}"
        case ChangeChannel() | ArrangeChannel():
            return f"channel:{effect.place_id}"
        case Post():
            return f"posts:{effect.place_id}"
        case Tell():
            return f"tell:{effect.person_id}"
        case SendRun():
            return f"export:{effect.person_id}"
        case PostInsights():
            # They take their time, and nothing is to wait behind them.
            return f"insights:{effect.place_id or effect.person_id}"
        case Edit() | Redraw() | Pin() | Delete() | React():
            return f"message:{effect.message_id}"
        case _:
            assert_never(effect)


def needs(effect: Outbound) -> int | None:
    """Return the id of the bot's message that must stand on the server before this effect can be delivered."""
    match effect:
        case Invite():
            return effect.after
        case Post():
            return effect.under
        case Edit() | Redraw() | Pin() | Delete() | React():
            return effect.message_id
        case _:
            return None


def replaces(effect: Outbound) -> str | None:
    """Return the key that an effect has for those that take its place; None where nothing does."""
    match effect:
        case Edit():
            return f"edit:{effect.message_id}"
        case Redraw():
            return f"{'again' if effect.again else 'draw'}:{effect.message_id}"
        case _:
            return None


def outdates(effect: Outbound) -> tuple[str, ...]:
    """Return the keys of the older, undelivered effects whose place this one takes."""
    match effect:
        case Redraw(again=False):
            return f"edit:{effect.message_id}", f"again:{effect.message_id}"
        case Edit() | Redraw():
            return f"edit:{effect.message_id}", f"again:{effect.message_id}", f"draw:{effect.message_id}"
        case _:
            return ()
