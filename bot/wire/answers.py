"""What a Mattermost server answers to the gateway's requests, as the bot's own values; nothing here waits or asks."""

from collections.abc import Mapping
from typing import Any

import msgspec

from bot.wire.reading import Reader, read_user, read_users
from bot.wire.things import Post
from handlers.events import Person
from handlers.text.numbers import number

Json = Mapping[str, Any]

post = Reader(Post).value
"""Reads a single post. Raises `BadFrame`."""


class Server(msgspec.Struct, frozen=True, kw_only=True):
    """What the bot learns of its server at the start; `ephemeral` is None where it could not be found out.

    `max_file_size` is in bytes, 0 where it takes no files.
    """

    version: tuple[int, ...]
    site_url: str
    max_post_size: int
    max_file_size: int
    me: Person
    ephemeral: bool | None = None


def server(config: Json, user: Json, ephemeral: bool | None) -> Server:
    """Return what the client configuration and the bot's own account say of the server. Raises `BadFrame`."""
    return Server(
        version=version(str(config.get("Version", ""))),
        site_url=str(config.get("SiteURL", "")).rstrip("/"),
        max_post_size=int(config.get("MaxPostSize") or 16383),
        max_file_size=_file_size(config),
        me=read_user(user).person,
        ephemeral=ephemeral,
    )


def file_ids(uploaded: Json) -> list[str]:
    """Return the ids of files that were uploaded."""
    return [str(one["id"]) for one in uploaded["file_infos"]]


def file_info(info: Json) -> tuple[str, int]:
    """Return the name of a file and its size in bytes."""
    return str(info.get("name", "")), int(info.get("size") or 0)


def _file_size(config: Json) -> int:
    return 0 if config.get("EnableFileAttachments") == "false" else int(config.get("MaxFileSize") or 52_428_800)


def version(text: str) -> tuple[int, ...]:
    """Return a version's numbers, `(10, 0, 0)`; empty if it has none."""
    numbers = text.split(".")[:3]
    return tuple(map(number, numbers)) if all(one.isascii() and one.isdecimal() for one in numbers) else ()


def effect_key(post: Post) -> str:
    """Return the key of the effect that made a post; empty where no such effect did."""
    ours = post.props.muster
    return str(ours.get("effect", "")) if isinstance(ours, dict) else ""


def group_id(listed: Any, name: str) -> str:
    """Return the id of the group that has a name, empty where none has it."""
    return next((str(one["id"]) for one in listed or () if str(one.get("name") or "").casefold() == name), "")


def members_of_group(listed: Json) -> list[Person]:
    """Return the people on a page of a group's members."""
    return [user.person for user in read_users(listed.get("members"))]


def has_category(channel: Json, category: str) -> bool:
    """Return whether a channel stands in a category of the sidebar by default; older servers know no such thing."""
    return channel.get("default_category_name") == category
