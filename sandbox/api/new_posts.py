"""Writing new posts, for everybody or for one person."""

from typing import Any

from ..errors import ApiError, bad_body
from ..model import Channel, Post
from ..permissions import may, may_post, may_read, require
from ..post_shapes import post_shape
from ..posting import (
    new_post,
    publish_post,
    refuse_system_type,
    send_ephemeral,
)
from ..routing import Call, Route, string
from .posts import read_props

_DEDUPE_MS = 30_000
_CACHE = 25_000


async def create(call: Call) -> Any:
    """Write a post; a pending id that is known brings back the first post instead."""
    world, body = call.world, call.object("post")
    channel = world.channels.get(string(body, "channel_id"))
    require(may_post(world, call.user, channel))
    if channel is None:
        raise ApiError("app.channel.get.existing.app_error", 404)
    pending = string(body, "pending_post_id")
    if earlier := _earlier(call, pending):
        return post_shape(world, earlier, metadata=False)
    if channel.delete_at:
        raise ApiError("api.post.create_post.can_not_post_to_deleted.error", 400)
    post = _read(call, channel, body)
    publish_post(world, post, call.user, session_bot=True)
    if pending:
        _remember(call, pending, post.id)
    world.hub.touch(call.user.id)
    return post_shape(world, post, pending=True)


async def create_ephemeral(call: Call) -> Any:
    """Show a post to one person; nothing about it is checked but the right to do so."""
    require(may(call.world, call.user, "create_post_ephemeral"))
    body = call.object("body")
    inner = body.get("post")
    if not isinstance(inner, dict):
        raise bad_body("post")
    post = new_post(call.world, string(inner, "channel_id"), call.user.id, string(inner, "message"))
    post.root_id, post.props = string(inner, "root_id"), read_props(inner)
    send_ephemeral(call.world, post, string(body, "user_id"))
    return post_shape(call.world, post, reply_count=0)


def _read(call: Call, channel: Channel, body: dict[str, Any]) -> Post:
    refuse_system_type(string(body, "type"))
    post = new_post(call.world, channel.id, call.user.id, string(body, "message"))
    post.by_rest = True
    post.type, post.pending_post_id = string(body, "type"), string(body, "pending_post_id")
    post.root_id, post.props = string(body, "root_id"), read_props(body)
    files = body.get("file_ids")
    post.file_ids = [str(row) for row in files] if isinstance(files, list) else []
    _check_root(call, post)
    if call.world.version.modern:
        post.priority = _priority(body, post)
    return post


def _check_root(call: Call, post: Post) -> None:
    if not post.root_id:
        return
    root = call.world.posts.get(post.root_id)
    if root is None or root.delete_at or root.root_id:
        raise ApiError("api.post.create_post.root_id.app_error", 400)
    if root.channel_id != post.channel_id:
        raise ApiError("api.post.create_post.channel_root_id.app_error", 400)


def _priority(body: dict[str, Any], post: Post) -> dict[str, Any] | None:
    metadata = body.get("metadata")
    wanted = metadata.get("priority") if isinstance(metadata, dict) else None
    if not isinstance(wanted, dict):
        return None
    if post.root_id:
        area = "api.post.post_priority"
        kind = "priority_post_only_allowed_for_root_post"
        raise ApiError(f"{area}.{kind}.request_error", 400)
    if wanted.get("requested_ack") or wanted.get("persistent_notifications"):
        raise ApiError("license_error.feature_unavailable", 501)
    none = {"requested_ack": None, "persistent_notifications": None}
    return {"priority": wanted.get("priority") or "", **none}


def _earlier(call: Call, pending: str) -> Post | None:
    """Find the post of a pending id. The ids are shared by all users and channels."""
    known = call.world.pending_posts.get(pending)
    if not pending or known is None or call.world.clock() - known[0] >= _DEDUPE_MS:
        return None
    post = call.world.posts[known[1]]
    if call.world.version.newest:
        channel = call.world.channel(post.channel_id)
        # Only 11.6 looks whether the caller may read what it is about to show.
        return post if may_read(call.world, call.user, channel) else None
    return post


def _remember(call: Call, pending: str, post_id: str) -> None:
    rows = call.world.pending_posts
    rows[pending] = (call.world.clock(), post_id)
    if len(rows) > _CACHE:
        del rows[next(iter(rows))]


ROUTES = [
    Route("POST", "/posts", create, status=201),
    Route("POST", "/posts/ephemeral", create_ephemeral, status=201),
]
