"""Posts, users, channels and teams as the server writes them, in websocket events and in answers alike.

Only the needed fields are declared. Times are the server's, in milliseconds since 1970.
"""

from collections.abc import Iterator
from typing import Any, Literal

import msgspec

from handlers.events import Person, Place

Kind = Literal["O", "P", "D", "G"]

SPOKEN = ("", "me", "slack_attachment")
"""Types of posts that say something, beside `custom_…`; all others are the server's own notes."""

JOINED = ("system_join_channel", "system_add_to_channel", "system_join_team", "system_add_to_team")
LEFT = ("system_leave_channel", "system_remove_from_channel", "system_leave_team", "system_remove_from_team")


class Props(msgspec.Struct, frozen=True, gc=False):
    """A post's extras; anybody can set them, so they are used to skip a post, never to trust it."""

    attachments: Any = None
    from_bot: Any = None
    from_webhook: Any = None
    from_plugin: Any = None
    muster: Any = None
    added_id: str = msgspec.field(default="", name="addedUserId")
    removed_id: str = msgspec.field(default="", name="removedUserId")


NO_PROPS = Props()


class Reaction(msgspec.Struct, frozen=True, gc=False):
    """Somebody's reaction to a post; `emoji_name` has no colons."""

    user_id: str
    post_id: str
    emoji_name: str
    create_at: int = 0


class Metadata(msgspec.Struct, frozen=True, gc=False):
    """What the server tells beside a post."""

    reactions: list[Reaction] | None = None


NO_METADATA = Metadata()


class Post(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A post, of a websocket event or of a list; `original_id` marks an old version that an edit left behind.

    `edit_at` is when its words were changed last (ms), 0 where they never were; a pin changes none.
    """

    # In the server's order, in which they are found without a search.
    id: str
    create_at: int = 0
    update_at: int = 0
    edit_at: int = 0
    delete_at: int = 0
    user_id: str = ""
    channel_id: str
    root_id: str = ""
    original_id: str = ""
    message: str = ""
    type: str = ""
    props: Props = NO_PROPS
    file_ids: list[str] | None = None
    metadata: Metadata = NO_METADATA

    @property
    def is_spoken(self) -> bool:
        return self.type in SPOKEN or self.type.startswith("custom_")

    @property
    def is_automatic(self) -> bool:
        """Return whether it says of itself that a bot, a webhook or a plugin wrote it."""
        props = self.props
        return any(mark in ("true", True) for mark in (props.from_bot, props.from_webhook, props.from_plugin))

    @property
    def text(self) -> str:
        """Return all that people read in it: its message, and what stands in its attachments."""
        if not self.props.attachments:
            return self.message
        return "\n".join(part for part in (self.message, *_attached(self.props.attachments)) if part)

    @property
    def revision(self) -> int | None:
        """Return the revision that our own gateway wrote into one of the bot's messages."""
        mark = self.props.muster
        revision = mark.get("rev") if isinstance(mark, dict) else None
        return revision if isinstance(revision, int) else None

    @property
    def joined_id(self) -> str:
        """Return who became a member, if that is what the server notes here."""
        return (self.props.added_id or self.user_id) if self.type in JOINED else ""

    @property
    def left_id(self) -> str:
        """Return who ceased to be a member, if that is what the server notes here."""
        return (self.props.removed_id or self.user_id) if self.type in LEFT else ""


class Timezone(msgspec.Struct, frozen=True, gc=False):
    """A user's choice of time zone; the server keeps the tick as the word "true" or "false"."""

    use_automatic: Any = msgspec.field(default="", name="useAutomaticTimezone")
    automatic: str = msgspec.field(default="", name="automaticTimezone")
    manual: str = msgspec.field(default="", name="manualTimezone")

    @property
    def name(self) -> str:
        return self.automatic if self.use_automatic in ("true", True) else self.manual


class User(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A user; `roles` are words between spaces."""

    id: str
    username: str = ""
    roles: str = ""
    delete_at: int = 0
    is_bot: bool = False
    timezone: Timezone = Timezone()
    locale: str = ""

    @property
    def person(self) -> Person:
        roles = self.roles.split()
        return Person(
            id=self.id,
            username=self.username,
            timezone=self.timezone.name,
            locale=self.locale,
            is_bot=self.is_bot,
            is_guest="system_guest" in roles,
            is_admin="system_admin" in roles,
            is_active=self.delete_at == 0,
        )


class Channel(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A channel; `last_post_at` moves with each new post, also the server's own notes, not with edits.

    `update_at` moves when it is renamed, converted or archived (server source: model/channel.go, PreUpdate).
    """

    id: str
    team_id: str = ""
    type: Kind = "O"
    name: str = ""
    display_name: str = ""
    creator_id: str = ""
    create_at: int = 0
    update_at: int = 0
    delete_at: int = 0
    last_post_at: int = 0

    @property
    def place(self) -> Place:
        return Place(id=self.id, team_id=self.team_id, kind=self.type, name=self.name, title=self.display_name)


class Team(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A team; an archived one has `delete_at`."""

    id: str
    name: str = ""
    display_name: str = ""
    delete_at: int = 0


class TeamMember(msgspec.Struct, frozen=True, gc=False):
    """Somebody's membership of a team; `delete_at` is when (ms) they left it, 0 as long as they are in it."""

    user_id: str
    delete_at: int = 0


class Stats(msgspec.Struct, frozen=True, gc=False):
    """How many people are in a channel, and how many of them are guests; older servers may not tell."""

    member_count: int
    guest_count: int = 0


class Member(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Somebody's membership of a channel; where a scheme renames the roles, `scheme_admin` alone tells an admin."""

    channel_id: str
    user_id: str = ""
    roles: str = ""
    scheme_admin: bool = False

    @property
    def is_admin(self) -> bool:
        return self.scheme_admin or "channel_admin" in self.roles.split()


def _attached(attachments: Any) -> Iterator[str]:
    """Give the words of attachments; the fallback, made for clients that draw none, only where nothing else is."""
    for one in attachments if isinstance(attachments, list) else ():
        if isinstance(one, dict):
            words = [*_words(one, "pretext", "title", "text"), *_of_fields(one.get("fields"))]
            words += _words(one, "footer")
            yield from words or _words(one, "fallback")


def _of_fields(fields: Any) -> Iterator[str]:
    for field in fields if isinstance(fields, list) else ():
        if isinstance(field, dict):
            yield from _words(field, "title", "value")


def _words(thing: dict[str, Any], *keys: str) -> list[str]:
    found = (thing.get(key) for key in keys)
    return [str(word) for word in found if isinstance(word, str | int | float) and word != ""]
