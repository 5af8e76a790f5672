"""Websocket frames as typed values: what the server says has happened, in one frozen value for each kind of it.

Together with `bot.wire.things` the only place that knows the field names of what comes in. Events that mean nothing
to the bot are not decoded further than their name.
"""

from collections.abc import Callable
from typing import Literal

import msgspec

from bot.wire.happenings import (
    Added,
    Archived,
    ChannelChanged,
    Deleted,
    Edited,
    Happening,
    Hello,
    Posted,
    Reacted,
    Removed,
    Restored,
    TeamsChanged,
    UserChanged,
)
from bot.wire.reading import Reader
from bot.wire.things import Channel, Kind, Post, Reaction


class Broadcast(msgspec.Struct, frozen=True, gc=False):
    """To whom an event was sent; some events name their channel only here."""

    channel_id: str = ""
    user_id: str = ""
    team_id: str = ""


class Refusal(msgspec.Struct, frozen=True, gc=False):
    """Why the server refused an action on the websocket."""

    id: str = ""
    status_code: int = 0


class Frame(msgspec.Struct, frozen=True, gc=False):
    """One websocket frame: an event has a name, a reply has a `status` and the number of what it answers."""

    event: str = ""
    data: msgspec.Raw = msgspec.Raw(b"{}")
    broadcast: Broadcast = Broadcast()
    seq: int = 0
    status: str = ""
    seq_reply: int = 0
    error: Refusal = Refusal()


class _Posted(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    # In the server's order, in which they are found without a search.
    channel_display_name: str = ""
    channel_name: str = ""
    channel_type: Kind = "O"
    post: str
    team_id: str = ""


class PostedFrame(msgspec.Struct, frozen=True, gc=False):
    """The frame of a new post, read in one go: most frames are of this kind."""

    event: Literal["posted"]
    data: _Posted
    seq: int = 0


AnyFrame = Frame | PostedFrame
_POSTED = b'{"event":"posted"'


class _Ids(msgspec.Struct, frozen=True):
    team_id: str = ""
    user_id: str = ""
    channel_id: str = ""


class _Reacted(msgspec.Struct, frozen=True):
    reaction: str


class _Account(msgspec.Struct, frozen=True):
    id: str
    delete_at: int = 0


class _UserUpdated(msgspec.Struct, frozen=True):
    user: _Account


class _ChannelUpdated(msgspec.Struct, frozen=True):
    channel: str


_frame = Reader(Frame)
_decode_posted_frame = msgspec.json.Decoder(PostedFrame).decode
_hello = Reader(Hello)
_posted = Reader(_Posted)
_post = Reader(Post)
_ids = Reader(_Ids)
_reacted = Reader(_Reacted)
_reaction = Reader(Reaction)
_user_updated = Reader(_UserUpdated)
_channel_updated = Reader(_ChannelUpdated)
_channel = Reader(Channel)


def read_frame(raw: bytes | str) -> AnyFrame:
    """Read the envelope of a frame. Raises `BadFrame`."""
    if type(raw) is bytes and raw.startswith(_POSTED):
        try:
            return _decode_posted_frame(raw)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return _frame.text(raw)
    return _frame.text(raw)


def happening(frame: AnyFrame) -> Happening | None:
    """Return what an event tells, None if it is nothing to the bot. Raises `BadFrame`."""
    if isinstance(frame, PostedFrame):
        return _to_posted(frame.data)
    read = _EVENTS.get(frame.event)
    return None if read is None else read(frame)


def _to_posted(data: _Posted) -> Posted:
    post = _post.text(data.post)
    return Posted(post, data.team_id, data.channel_type, data.channel_name, data.channel_display_name)


def _to_edited(frame: Frame) -> Edited:
    return Edited(_post.text(_posted.text(frame.data).post))


def _to_deleted(frame: Frame) -> Deleted:
    return Deleted(_post.text(_posted.text(frame.data).post))


def _to_reacted(frame: Frame) -> Reacted:
    """Read `reaction_added`; the channel stands in the broadcast (server source: app/reaction.go)."""
    return Reacted(frame.broadcast.channel_id, _reaction.text(_reacted.text(frame.data).reaction))


def _to_added(frame: Frame) -> Added | None:
    """Read `user_added`; the channel stands in the broadcast alone (server source: app/channel.go)."""
    channel_id = frame.broadcast.channel_id
    user_id = _ids.text(frame.data).user_id
    return Added(channel_id, user_id) if channel_id and user_id else None


def _to_removed(frame: Frame) -> Removed | None:
    """Read `user_removed`: the channel learns the user and the user learns the channel, each by the broadcast."""
    data = _ids.text(frame.data)
    channel_id = data.channel_id or frame.broadcast.channel_id
    user_id = data.user_id or frame.broadcast.user_id
    return Removed(channel_id, user_id) if channel_id and user_id else None


def _to_entered(frame: Frame) -> Added | None:
    channel_id = frame.broadcast.channel_id or _ids.text(frame.data).channel_id
    return Added(channel_id) if channel_id else None


def _to_account(frame: Frame) -> UserChanged:
    """Read `user_updated`, by which a server tells that an account was deactivated, too (app/user.go)."""
    user = _user_updated.text(frame.data).user
    return UserChanged(user.id, user.delete_at == 0)


def _to_teams(frame: Frame, *, left: bool) -> TeamsChanged:
    data = _ids.text(frame.data)
    return TeamsChanged(data.user_id, data.team_id, left)


def _to_changed(frame: Frame) -> ChannelChanged | None:
    channel_id = _ids.text(frame.data).channel_id or frame.broadcast.channel_id
    return ChannelChanged(channel_id) if channel_id else None


def _to_updated(frame: Frame) -> ChannelChanged:
    channel = _channel.text(_channel_updated.text(frame.data).channel)
    return ChannelChanged(channel.id, channel)


_EVENTS: dict[str, Callable[[Frame], Happening | None]] = {
    "hello": lambda frame: _hello.text(frame.data),
    "posted": lambda frame: _to_posted(_posted.text(frame.data)),
    "post_edited": _to_edited,
    "post_deleted": _to_deleted,
    "reaction_added": _to_reacted,
    "user_added": _to_added,
    "user_removed": _to_removed,
    "channel_created": _to_entered,
    "direct_added": _to_entered,
    "group_added": _to_entered,
    "added_to_team": lambda frame: _to_teams(frame, left=False),
    "leave_team": lambda frame: _to_teams(frame, left=True),
    "channel_deleted": lambda frame: Archived(_ids.text(frame.data).channel_id),
    "channel_restored": lambda frame: Restored(_ids.text(frame.data).channel_id),
    "channel_updated": _to_updated,
    "channel_converted": _to_changed,
    "user_updated": _to_account,
    "user_role_updated": lambda frame: UserChanged(_ids.text(frame.data).user_id),
}
