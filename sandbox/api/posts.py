"""Posts: reading, changing, deleting and pinning single ones."""

from typing import Any

from ..errors import ApiError, bad_body, forbidden, unknown_post
from ..model import Post
from ..permissions import may_in_channel, may_read, require
from ..post_changes import change_post, delete_post
from ..post_shapes import post_shape
from ..routing import OK, Call, Route, string


async def get(call: Call) -> Any:
    """Show a post."""
    return post_shape(call.world, _readable(call))


async def patch(call: Call) -> Any:
    """Change the given parts of a post; given props replace all props."""
    post, body = _editable(call, "patch_post"), call.object("post")
    message = body.get("message")
    props = read_props(body) if body.get("props") is not None else None
    pinned = body.get("is_pinned")
    files = body.get("file_ids")
    changed = change_post(
        call.world,
        post,
        message=string(body, "message") if message is not None else None,
        props=props,
        pinned=bool(pinned) if pinned is not None else None,
        file_ids=files if isinstance(files, list) else None,
    )
    return post_shape(call.world, changed)


async def put(call: Call) -> Any:
    """Replace a post; what is not given is emptied."""
    body = call.object("post")
    if string(body, "id") != call.id("post_id"):
        raise bad_body("id")
    post = _editable(call, "update_post")
    pinned = bool(body.get("is_pinned"))
    message, props = string(body, "message"), read_props(body)
    changed = change_post(call.world, post, message=message, props=props, pinned=pinned)
    return post_shape(call.world, changed)


async def delete(call: Call) -> Any:
    """Delete a post and the replies to it."""
    world = call.world
    post = world.posts.get(call.id("post_id"))
    if post is None or post.delete_at:
        raise unknown_post() if world.version.newest else forbidden()
    permission = "delete_post" if post.user_id == call.user.id else "delete_others_posts"
    require(may_in_channel(world, call.user, world.channel(post.channel_id), permission))
    delete_post(world, post, call.user)
    return OK


async def pin(call: Call) -> Any:
    """Pin a post to its channel."""
    return _pin(call, True)


async def unpin(call: Call) -> Any:
    """Take a pin away."""
    return _pin(call, False)


async def edit_history(call: Call) -> Any:
    """List the old versions of one's own post, newest first."""
    post = _readable(call)
    require(post.user_id == call.user.id)
    rows = [row for row in call.world.channel_posts[post.channel_id] if row.original_id == post.id]
    return [post_shape(call.world, row, reply_count=0) for row in reversed(rows)]


def _readable(call: Call) -> Post:
    post = call.world.post(call.id("post_id"))
    channel = call.world.channel(post.channel_id)
    public = channel.type == "O" and may_in_channel(call.world, call.user, channel, "read_public_channel")
    require(public or may_read(call.world, call.user, channel))
    return post


def _editable(call: Call, deed: str) -> Post:
    world = call.world
    post = world.posts.get(call.id("post_id"))
    if post is None or post.delete_at:
        raise forbidden()
    channel = world.channel(post.channel_id)
    permission = "edit_post" if post.user_id == call.user.id else "edit_others_posts"
    require(may_in_channel(world, call.user, channel, permission))
    if channel.delete_at:
        raise ApiError(f"api.post.{deed}.can_not_update_post_in_deleted.error", 400)
    limit = int(str(world.setting("ServiceSettings", "PostEditTimeLimit")))
    if world.version.modern and limit >= 0 and world.clock() > post.create_at + limit * 1000:
        raise ApiError("api.post.update_post.permissions_time_limit.app_error", 400)
    return post


def _pin(call: Call, pinned: bool) -> Any:
    post = call.world.post(call.id("post_id"))
    channel = call.world.channel(post.channel_id)
    require(may_read(call.world, call.user, channel))
    if channel.delete_at:
        raise ApiError("api.post.patch_post.can_not_update_post_in_deleted.error", 400)
    change_post(call.world, post, pinned=pinned)
    return OK


def read_props(body: dict[str, Any]) -> dict[str, Any]:
    """Return the props of a body, which must be an object."""
    props = body.get("props")
    if props is None:
        return {}
    if not isinstance(props, dict):
        raise bad_body("post")
    return props


ROUTES = [
    Route("GET", "/posts/{post_id}", get),
    Route("PUT", "/posts/{post_id}", put),
    Route("DELETE", "/posts/{post_id}", delete),
    Route("PUT", "/posts/{post_id}/patch", patch),
    Route("POST", "/posts/{post_id}/pin", pin),
    Route("POST", "/posts/{post_id}/unpin", unpin),
    Route("GET", "/posts/{post_id}/edit_history", edit_history, since=10),
]
