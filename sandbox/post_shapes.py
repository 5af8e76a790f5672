"""The JSON shapes of posts, lists of posts and reactions, per version."""

import re
from collections.abc import Iterable
from typing import Any

from .attachments import strip
from .file_shapes import files_of
from .model import Post, Reaction
from .versions import Version
from .world import World

Shape = dict[str, Any]
_HASHTAG = re.compile(r"(?:^|\s)(#[A-Za-z]\w+)")


def post_shape(
    world: World,
    post: Post,
    *,
    metadata: bool = True,
    reply_count: int | None = None,
    pending: bool = False,
) -> Shape:
    """Show a post, its buttons without what they call.

    The pending id that its author sent is shown only in the first answer and in `posted`.
    """
    version = world.version
    if reply_count is None:
        reply_count = len(world.live_replies(post.root_id or post.id))
    found: Shape = {
        "id": post.id,
        "create_at": post.create_at,
        "update_at": post.update_at,
        "edit_at": post.edit_at,
        "delete_at": post.delete_at,
        "is_pinned": post.is_pinned,
        "user_id": post.user_id,
        "channel_id": post.channel_id,
        "root_id": post.root_id,
    }
    if not version.modern:
        found["parent_id"] = post.root_id
    found |= {
        "original_id": post.original_id,
        "message": post.message,
        "type": post.type,
        "props": strip(post.props),
        "hashtags": " ".join(_HASHTAG.findall(post.message)),
    }
    ephemeral = post.type == "system_ephemeral"
    if version.newest or post.file_ids:
        found["file_ids"] = None if ephemeral else post.file_ids
    found["pending_post_id"] = post.pending_post_id if pending else ""
    if version.modern and post.by_rest:
        found["remote_id"] = ""
    if post.has_reactions:
        found["has_reactions"] = True
    found |= {"reply_count": reply_count, "last_reply_at": 0, "participants": None}
    return found | ({"metadata": _metadata(world, post)} if metadata else {})


def reaction_shape(version: Version, reaction: Reaction, channel_id: str, gone_at: int = 0) -> Shape:
    """Show a reaction; a removed one has lost its creation time and its channel."""
    found: Shape = {
        "user_id": reaction.user_id,
        "post_id": reaction.post_id,
        "emoji_name": reaction.emoji_name,
        "create_at": 0 if gone_at else reaction.create_at,
        "update_at": gone_at or reaction.create_at,
        "delete_at": 0,
        "remote_id": "",
    }
    return found | ({"channel_id": "" if gone_at else channel_id} if version.modern else {})


def post_list(
    world: World,
    order: Iterable[Post],
    *,
    also: Iterable[Post] = (),
    next_id: str = "",
    prev_id: str = "",
    thread: bool = False,
    blank_deleted: bool = False,
) -> Shape:
    """Show posts in the order given, with further ones that the list only needs to hold."""
    listed = list(order)
    posts: Shape = {}
    for post in (*listed, *also):
        count = 0 if blank_deleted else None
        shape = post_shape(world, post, reply_count=count)
        if blank_deleted and post.delete_at:
            shape |= {"message": "", "metadata": {}}
        posts[post.id] = shape
    found: Shape = {
        "order": [post.id for post in listed],
        "posts": posts,
        "next_post_id": next_id,
        "prev_post_id": prev_id,
    }
    if world.version.major == 10 or (world.version.newest and thread):
        found["has_next"] = False
    return found | ({"first_inaccessible_post_time": 0} if world.version.modern else {})


def _metadata(world: World, post: Post) -> Shape:
    found: Shape = {}
    if post.props.get("attachments"):
        found["embeds"] = [{"type": "message_attachment"}]
    if files := files_of(world, post):
        found["files"] = files
    if reactions := world.reactions.get(post.id):
        shapes = [reaction_shape(world.version, row, post.channel_id) for row in reactions]
        found["reactions"] = shapes
    if post.priority is not None:
        found["priority"] = post.priority
    return found
