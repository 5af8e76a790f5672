"""Reads what the server says into typed values, out of JSON or out of the values of an answer.

Unknown and missing keys and nulls are borne; what cannot be understood at all raises `BadFrame` and nothing else.
"""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

import msgspec

from bot.logs.discreet import without_quotes
from bot.wire.things import Channel, Member, Post, Stats, Team, TeamMember, User

T = TypeVar("T")


class BadFrame(ValueError):
    """Something came that is not what a Mattermost server sends."""


class Reader(Generic[T]):
    """Reads one kind of thing, out of JSON or out of the values of JSON that was read before."""

    def __init__(self, kind: type[T]) -> None:
        self._kind = kind
        self._decoder = msgspec.json.Decoder(kind)

    def text(self, raw: bytes | str | msgspec.Raw) -> T:
        """Read JSON. Raises `BadFrame`."""
        try:
            try:
                return self._decoder.decode(raw)
            except msgspec.ValidationError:
                # Go writes null for an empty list or map almost anywhere, though hardly ever where we look.
                return self._decoder.decode(msgspec.json.encode(_without_nulls(msgspec.json.decode(raw))))
        except (msgspec.MsgspecError, ValueError, OverflowError, RecursionError) as error:
            raise BadFrame(without_quotes(str(error))) from None

    def value(self, value: Any) -> T:
        """Read what a JSON library made of an answer. Raises `BadFrame`."""
        try:
            return msgspec.convert(_without_nulls(value), self._kind)
        except (msgspec.MsgspecError, ValueError, OverflowError, RecursionError) as error:
            raise BadFrame(without_quotes(str(error))) from None


class _Posts(msgspec.Struct, frozen=True):
    order: list[str] = []
    posts: dict[str, Post] = {}


def _list_of(kind: type[T]) -> Callable[[Any], list[T]]:
    reader: Reader[list[T]] = Reader(list[kind])  # type: ignore[valid-type]  # only known when it runs
    return lambda answer: reader.value(answer or [])


read_user = Reader(User).value
read_users = _list_of(User)
read_channel = Reader(Channel).value
read_channels = _list_of(Channel)
read_teams = _list_of(Team)
read_member = Reader(Member).value
read_stats = Reader(Stats).value
read_team_members = _list_of(TeamMember)
_posts = Reader(_Posts)


def read_posts(answer: Any) -> list[Post]:
    """Read a list of posts, the newest first; threads' first posts that only come along are left out."""
    found = _posts.value(answer)
    return [found.posts[post_id] for post_id in dict.fromkeys(found.order) if post_id in found.posts]


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [_without_nulls(inner) for inner in value if inner is not None]
    return value
