"""Changes posts: edits with their history, deletions, reactions, and what others hear of it."""

from dataclasses import replace
from typing import Any

from .attachments import has_same_look, read_props
from .errors import DropConnection
from .hub import Event
from .ids import new_id
from .jsontext import dump
from .model import Post, Props, Reaction, User
from .post_shapes import post_shape, reaction_shape
from .posting import check_post
from .world import World


def change_post(
    world: World,
    post: Post,
    *,
    message: str | None = None,
    props: Props | None = None,
    pinned: bool | None = None,
    file_ids: list[str] | None = None,
) -> Post:
    """Change a post in place; the old state stays as a history row with an id of its own."""
    new_message = post.message if message is None else message
    read = post.props if props is None else read_props(props, world.version.newest)
    same = new_message == post.message and _same_attachments(post.props, read)
    if props is not None and new_message == post.message:
        _fall_over(world, post.props, read)
    check_post(world, replace(post, message=new_message, props=read))
    now = world.clock()
    keep_history(world, post, now)
    post.message, post.props, post.update_at = new_message, read, now
    if pinned is not None:
        post.is_pinned = pinned
    if file_ids is not None:
        post.file_ids = file_ids
    if not same:
        post.edit_at = now
    data = {"post": dump(post_shape(world, post))}
    world.hub.publish(Event("post_edited", data, channel_id=post.channel_id))
    return post


def keep_history(world: World, post: Post, now: int) -> None:
    """Store the present state of a post as an old version of it."""
    old = replace(post, id=new_id(), original_id=post.id, delete_at=now, update_at=now)
    world.posts[old.id] = old
    world.channel_posts[post.channel_id].append(old)


def delete_post(world: World, post: Post, remover: User) -> None:
    """Delete a post and its replies; one event tells of it."""
    shape = post_shape(world, post, metadata=not world.version.modern)
    now = world.clock()
    for row in [post, *world.live_replies(post.id)]:
        row.props = {**row.props, "deleteBy": remover.id}
        row.delete_at = row.update_at = now
    if post.root_id:
        world.posts[post.root_id].update_at = now
    data = {"post": dump(shape)}
    event = Event("post_deleted", data, channel_id=post.channel_id, flag="contains_sanitized_data")
    world.hub.publish(event)


def react(world: World, post: Post, user: User, emoji: str) -> Reaction:
    """Put an emoji on a post; twice is once."""
    rows = world.reactions[post.id]
    for row in rows:
        if row.user_id == user.id and row.emoji_name == emoji:
            return row
    now = world.clock()
    reaction = Reaction(user.id, post.id, emoji, now)
    rows.append(reaction)
    post.has_reactions, post.update_at = True, now
    shape = reaction_shape(world.version, reaction, post.channel_id)
    _tell_reaction(world, "reaction_added", post, shape)
    return reaction


def unreact(world: World, post: Post, user: User, emoji: str) -> None:
    """Take an emoji away; nothing happens if there is none."""
    rows = world.reactions[post.id]
    found = [row for row in rows if row.user_id == user.id and row.emoji_name == emoji]
    for row in found:
        rows.remove(row)
    now = world.clock()
    post.has_reactions, post.update_at = bool(rows), now
    gone = found[0] if found else Reaction(user.id, post.id, emoji, now)
    shape = reaction_shape(world.version, gone, post.channel_id, gone_at=now)
    _tell_reaction(world, "reaction_removed", post, shape)


def _tell_reaction(world: World, name: str, post: Post, shape: dict[str, Any]) -> None:
    world.hub.publish(Event(name, {"reaction": dump(shape)}, channel_id=post.channel_id))


def _same_attachments(old: Props, new: Props) -> bool:
    return bool((old.get("attachments") or []) == (new.get("attachments") or []))


def _fall_over(world: World, old: Props, new: Props) -> None:
    """Repeat the crash of 5.37: equal attachments whose buttons have lost what they call."""
    if world.version.modern or not has_same_look(old, new):
        return
    rows = new.get("attachments") or []
    actions = [action for row in rows for action in row.get("actions", [])]
    if any("integration" not in action for action in actions):
        raise DropConnection
