"""Reactions: adding, listing and taking them away."""

import re
from typing import Any

from ..emoji import EMOJI
from ..errors import ApiError, forbidden
from ..model import Post
from ..permissions import may_in_channel, may_read, require
from ..post_changes import react, unreact
from ..post_shapes import reaction_shape
from ..routing import OK, Call, Route, string

_NAME = re.compile(r"[a-zA-Z0-9\-+_]+")


async def add(call: Call) -> Any:
    """Put an emoji on a post."""
    world, body = call.world, call.object("reaction")
    if string(body, "user_id") != call.user.id:
        raise ApiError("api.reaction.save_reaction.user_id.app_error", 403)
    post = _post(call, string(body, "post_id"), "add_reaction")
    name = string(body, "emoji_name")
    if not world.version.modern and not _NAME.fullmatch(name):
        raise ApiError("model.reaction.is_valid.emoji_name.app_error", 400)
    if world.version.modern:
        _check_modern(call, post, name)
    reaction = react(world, post, call.user, name)
    return reaction_shape(world.version, reaction, post.channel_id)


async def list_all(call: Call) -> Any:
    """List a post's reactions; newer servers say null for none."""
    post = call.world.post(call.id("post_id"))
    require(may_read(call.world, call.user, call.world.channel(post.channel_id)))
    rows = call.world.reactions[post.id]
    shapes = [reaction_shape(call.world.version, row, post.channel_id) for row in rows]
    return shapes or (None if call.world.version.modern else [])


async def remove(call: Call) -> Any:
    """Take one's own emoji away; it is no error if there is none."""
    if call.id("user_id") != call.user.id:
        raise forbidden()
    post = _post(call, call.id("post_id"), "remove_reaction")
    unreact(call.world, post, call.user, call.text("emoji_name"))
    return OK


def _post(call: Call, post_id: str, permission: str) -> Post:
    post = call.world.posts.get(post_id)
    if post is None or post.delete_at:
        raise forbidden()
    channel = call.world.channel(post.channel_id)
    require(may_in_channel(call.world, call.user, channel, permission))
    if channel.delete_at:
        deed = "save" if permission == "add_reaction" else "delete"
        raise ApiError(f"api.reaction.{deed}.archived_channel.app_error", 403)
    return post


def _check_modern(call: Call, post: Post, name: str) -> None:
    if name not in EMOJI:
        raise ApiError("app.emoji.get_by_name.no_result", 404)
    limit = int(str(call.world.setting("ServiceSettings", "UniqueEmojiReactionLimitPerPost")))
    names = {row.emoji_name for row in call.world.reactions[post.id]}
    if name not in names and len(names) >= limit:
        raise ApiError("app.reaction.save.save.too_many_reactions", 400)


ROUTES = [
    Route("POST", "/reactions", add),
    Route("GET", "/posts/{post_id}/reactions", list_all),
    Route("DELETE", "/users/{user_id}/posts/{post_id}/reactions/{emoji_name}", remove),
]
