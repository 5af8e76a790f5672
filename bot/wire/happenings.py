"""What the websocket can tell: one frozen value for each kind of thing that means something to the bot."""

import msgspec

from bot.wire.things import Channel, Kind, Post, Reaction
from handlers.events import Place


class Hello(msgspec.Struct, frozen=True):
    """The server greets a connection; without `connection_id` it cannot be resumed later."""

    connection_id: str = ""
    server_version: str = ""


class Posted(msgspec.Struct, frozen=True, gc=False):
    """A new post, and where it stands; most posts are nothing to the bot, and nobody asks where."""

    post: Post
    team_id: str
    kind: Kind
    channel_name: str
    channel_title: str

    @property
    def place(self) -> Place:
        return Place(
            id=self.post.channel_id,
            team_id=self.team_id,
            kind=self.kind,
            name=self.channel_name,
            title=self.channel_title,
        )


class Edited(msgspec.Struct, frozen=True):
    """A post was changed, or pinned."""

    post: Post


class Deleted(msgspec.Struct, frozen=True):
    """A post was deleted; replies of a deleted thread are not told."""

    post: Post


class Reacted(msgspec.Struct, frozen=True):
    """Somebody put a reaction under a post."""

    channel_id: str
    reaction: Reaction


class Added(msgspec.Struct, frozen=True):
    """Somebody is in a channel now; `user_id` is empty when the channel is new and the bot is in it."""

    channel_id: str
    user_id: str = ""


class Removed(msgspec.Struct, frozen=True):
    """Somebody is no longer in a channel."""

    channel_id: str
    user_id: str


class TeamsChanged(msgspec.Struct, frozen=True):
    """Somebody came into a team, or `left` it; of who comes in only that person is told."""

    user_id: str
    team_id: str
    left: bool = False


class Archived(msgspec.Struct, frozen=True):
    """A channel was archived."""

    channel_id: str


class Restored(msgspec.Struct, frozen=True):
    """An archived channel was restored."""

    channel_id: str


class ChannelChanged(msgspec.Struct, frozen=True):
    """A channel has another name, title or kind; `channel` is None where the event does not tell more."""

    channel_id: str
    channel: Channel | None = None


class UserChanged(msgspec.Struct, frozen=True):
    """Something about a user changed: the name, the time zone, the roles, or whether the account is active.

    `is_active` is None where the event does not tell it.
    """

    user_id: str
    is_active: bool | None = None


Happening = (
    Hello
    | Posted
    | Edited
    | Deleted
    | Reacted
    | Added
    | Removed
    | TeamsChanged
    | Archived
    | Restored
    | ChannelChanged
    | UserChanged
)
