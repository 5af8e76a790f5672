"""Writes posts: checks, stores and announces them, to a channel or to one person."""

from typing import Any

from .attachments import read_props
from .errors import ApiError, bad_param
from .file_shapes import take_files
from .hub import Event
from .ids import new_id
from .integrations import Cookie
from .jsontext import dump
from .mentions import channels_in, mentioned, not_in_channel
from .model import Channel, Post, Props, User
from .post_shapes import post_shape
from .threads import follow_thread
from .world import World

MESSAGE_LIMIT = 16_383
_TYPES = {"", "me", "slack_attachment", "reminder", "add_bot_teams_channels"}


def publish_post(world: World, post: Post, author: User, session_bot: bool = False) -> Post:
    """Check and store a new post and tell the channel. `session_bot`: a bot wrote it itself."""
    channel = world.channel(post.channel_id)
    post.props = read_props(post.props, world.version.newest)
    if session_bot and author.is_bot:
        post.props["from_bot"] = "true"
    _note_channels(world, post, channel)
    check_post(world, post)
    take_files(world, post)
    store_post(world, post)
    announce_post(world, post, author, channel)
    return post


def check_post(world: World, post: Post) -> None:
    """Refuse what no server stores."""
    if len(post.message) > MESSAGE_LIMIT:
        raise ApiError(world.version.message_error, 400)
    if len(dump(post.props)) > world.version.props_limit:
        raise ApiError("model.post.is_valid.props.app_error", 400)
    known = post.type in _TYPES or post.type.startswith(("custom_", "system_"))
    if not known:
        raise ApiError("model.post.is_valid.type.app_error", 400)
    if "\x00" in post.message:
        raise ApiError("app.post.save.app_error", 500)


def store_post(world: World, post: Post) -> None:
    """Remember a post and move the counters of its channel and thread."""
    channel = world.channel(post.channel_id)
    world.posts[post.id] = post
    world.channel_posts[channel.id].append(post)
    channel.last_post_at = max(channel.last_post_at, post.create_at)
    # Joins and leaves do not make a channel unread.
    counts = post.type not in ("system_join_channel", "system_leave_channel")
    channel.total_msg_count += counts
    if post.root_id:
        world.replies[post.root_id].append(post)
        world.posts[post.root_id].update_at = max(world.posts[post.root_id].update_at, post.create_at)
    else:
        channel.total_msg_count_root += counts
        channel.last_root_post_at = max(channel.last_root_post_at, post.create_at)


def announce_post(world: World, post: Post, author: User, channel: Channel) -> None:
    """Tell the channel's members of a new post."""
    hit = mentioned(world, post, channel)
    for user_id in hit:
        member = world.channel_members[channel.id][user_id]
        member.mention_count += 1
        member.mention_count_root += not post.root_id
    data: dict[str, Any] = {
        "channel_display_name": channel.display_name,
        "channel_name": channel.name,
        "channel_type": channel.type,
        "post": dump(post_shape(world, post, pending=True)),
        "sender_name": "System" if post.is_system else f"@{author.username}",
        "set_online": True,
        "team_id": channel.team_id,
    }
    if channel.type == "D":
        data["channel_display_name"] = f"@{author.username}"
    if post.file_ids:
        data["otherFile"] = "true"
    if hit and not world.version.modern:
        data["mentions"] = dump(sorted(hit))

    def mine(user_id: str) -> dict[str, Any]:
        return {"mentions": dump([user_id])} if user_id in hit else {}

    personal = mine if world.version.modern else None
    world.hub.publish(Event("posted", data, channel_id=channel.id, personal=personal))
    follow_thread(world, post, channel, hit)
    if not author.is_bot and not post.is_system:
        view_channel(world, author.id, channel)
    _hint_absent(world, post, author, channel)


def view_channel(world: World, user_id: str, channel: Channel) -> None:
    """Note that somebody has read a channel."""
    member = world.member(channel.id, user_id)
    if member is None:
        return
    now = world.clock()
    member.last_viewed_at = now
    member.mention_count = member.mention_count_root = 0
    member.msg_count, member.msg_count_root = channel.total_msg_count, channel.total_msg_count_root
    if world.version.modern:
        event = Event("multiple_channels_viewed", {"channel_times": {channel.id: now}}, user_id=user_id)
    else:
        event = Event("channel_viewed", {"channel_id": channel.id}, user_id=user_id)
    world.hub.publish(event)


def system_post(world: World, channel: Channel, author: User, type: str, message: str, *, props: Props) -> Post:
    """Write one of the server's own posts into a channel."""
    props = props | ({"from_bot": "true"} if author.is_bot else {})
    post = new_post(world, channel.id, author.id, message)
    post.type, post.props = type, dict(sorted(props.items()))
    return publish_post(world, post, author)


def new_post(world: World, channel_id: str, user_id: str, message: str) -> Post:
    """Return a post that is not stored yet."""
    now = world.clock()
    return Post(new_id(), channel_id, user_id, message, now, now)


def send_ephemeral(world: World, post: Post, user_id: str) -> Post:
    """Show a post to one person only; it is not stored."""
    post.type, post.update_at = "system_ephemeral", 0
    post.props = read_props(post.props, world.version.newest)
    add_cookies(world, post)
    data = {"post": dump(post_shape(world, post, reply_count=0))}
    channel_id = post.channel_id if post.channel_id in world.channels or world.version.modern else ""
    world.hub.publish(Event("ephemeral_message", data, user_id=user_id, channel_id=channel_id))
    return post


def add_cookies(world: World, post: Post) -> None:
    """Give the buttons of a post that is not stored what they need to be clicked."""
    for row in post.props.get("attachments") or []:
        for action in row.get("actions", []):
            if integration := action.pop("integration", None):
                key = "".join(new_id() for _ in range(16))
                type, source = action["type"], action.get("data_source", "")
                cookie = Cookie(post.id, post.channel_id, post.root_id, type, source, integration)
                world.cookies[key] = cookie
                action["cookie"] = key


def refuse_system_type(post_type: str) -> None:
    """Refuse a type that only the server itself may use."""
    if post_type.startswith("system_"):
        raise bad_param("post.type")


def _note_channels(world: World, post: Post, channel: Channel) -> None:
    found = {}
    for name in channels_in(post.message):
        target = world.channel_named(channel.team_id, name) if channel.team_id else None
        if target and target.type == "O" and not target.delete_at:
            team = world.teams[channel.team_id]
            found[name] = {"display_name": target.display_name, "team_name": team.name}
    if found:
        post.props["channel_mentions"] = found


def _hint_absent(world: World, post: Post, author: User, channel: Channel) -> None:
    absent = not_in_channel(world, post, channel)
    if not absent:
        return
    names = [world.users[user_id].username for user_id in absent]
    subject = names[0] if len(names) == 1 else ", @".join(names[:-1]) + f" and @{names[-1]}"
    text = f"@{subject} did not get notified by this mention because they are not in the channel."
    hint = new_post(world, channel.id, author.id, text)
    hint.root_id = post.root_id
    hint.props = {
        "add_channel_member": {
            "not_in_channel_user_ids": absent,
            "not_in_channel_usernames": names,
            "not_in_groups_user_ids": [],
            "not_in_groups_usernames": [],
            "post_id": post.id,
            "user_ids": absent,
            "usernames": names,
        }
    }
    send_ephemeral(world, hint, author.id)
