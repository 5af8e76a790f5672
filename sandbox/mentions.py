"""Finds out whom a post mentions."""

import re

from .attachments import searchable_text
from .model import Channel, Post
from .world import World

_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
_NAME = re.compile(r"(?<![\w@.\-`])@([\w.\-]+)")
_CHANNEL = re.compile(r"(?<![\w~])~([a-z0-9][a-z0-9._-]*)")
_EVERYBODY = {"channel", "all"}


def names_in(text: str) -> list[str]:
    """Return the words after an @ in a text, in lower case, code left out."""
    return [name.lower() for name in _NAME.findall(_CODE.sub("", text))]


def channels_in(text: str) -> list[str]:
    """Return the names after a ~ in a text."""
    return _CHANNEL.findall(_CODE.sub("", text))


def mentioned(world: World, post: Post, channel: Channel) -> set[str]:
    """Return the ids of the channel's members that a post mentions, its author never."""
    members = set(world.channel_members[channel.id])
    if post.type == "system_add_to_channel":
        return {str(post.props["addedUserId"])} & members
    if post.is_system:
        return set()
    if channel.is_talk:
        return members - {post.user_id}
    names = _names(world, post)
    if _EVERYBODY & names:
        return members - {post.user_id}
    return (_users(world, names) & members) - {post.user_id}


def not_in_channel(world: World, post: Post, channel: Channel) -> list[str]:
    """Return the ids of mentioned people, bots not counted, who will not hear of it."""
    if post.is_system or channel.is_talk:
        return []
    found = _users(world, _names(world, post)) - set(world.channel_members[channel.id])
    people = [user_id for user_id in found if not world.users[user_id].is_bot]
    return sorted(row for row in people if world.team_member(channel.team_id, row))


def _names(world: World, post: Post) -> set[str]:
    texts = [post.message, *searchable_text(post.props, world.version.newest)]
    return {name for text in texts for name in names_in(text)}


def _users(world: World, names: set[str]) -> set[str]:
    found: set[str] = set()
    for name in names:
        # Punctuation after a name is no part of it, unless a user is called so.
        for candidate in (name, name.rstrip("._-")):
            if user := world.user_named(candidate):
                found.add(user.id)
                break
    return found
