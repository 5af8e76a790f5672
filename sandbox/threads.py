"""Collapsed threads: who follows a thread and is told of its replies."""

from typing import Any

from .hub import Event
from .jsontext import dump
from .model import Channel, Post
from .post_shapes import post_shape
from .shapes import user_shape
from .world import World


def follow_thread(world: World, post: Post, channel: Channel, mentioned: set[str]) -> None:
    """Let author and mentioned people follow a thread and tell its followers of a reply."""
    if not world.version.modern or post.is_system:
        return
    root = world.posts[post.root_id] if post.root_id else post
    followers = world.followers[root.id]
    followers |= mentioned
    if not post.root_id:
        return
    followers |= {root.user_id, post.user_id}
    for user_id in sorted(followers):
        thread = _thread(world, root, post, unread=user_id != post.user_id)
        data = {
            "previous_unread_mentions": 0,
            "previous_unread_replies": 0,
            "thread": dump(thread),
        }
        event = Event("thread_updated", data, user_id=user_id, team_id=channel.team_id)
        world.hub.publish(event)


def _thread(world: World, root: Post, reply: Post, unread: bool) -> dict[str, Any]:
    replies = world.live_replies(root.id)
    authors = list(dict.fromkeys(row.user_id for row in replies))
    return {
        "id": root.id,
        "reply_count": len(replies),
        "last_reply_at": reply.create_at,
        "last_viewed_at": 0 if unread else reply.create_at,
        "participants": [user_shape(world.version, world.users[id]) for id in authors],
        "post": post_shape(world, root, metadata=False, reply_count=0),
        "unread_replies": int(unread),
        "unread_mentions": 0,
        "is_urgent": False,
        "delete_at": 0,
    }
