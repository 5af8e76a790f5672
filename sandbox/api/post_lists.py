"""Lists of posts: a channel's pages, what changed since, threads, pins, searches."""

from typing import Any

from ..errors import ApiError
from ..model import Channel, Post
from ..permissions import is_admin, may_read, require
from ..post_shapes import post_list, post_shape
from ..routing import Call, Route, string
from ..world import World

SINCE_LIMIT = 1000


async def of_channel(call: Call) -> Any:
    """List a channel's posts: `since` wins over `before` and `after`, those over pages."""
    channel = _channel(call)
    if call.flag("include_deleted"):
        require(is_admin(call.world, call.user))
    if since := call.number("since"):
        return _since(call.world, channel, since, call.flag("collapsedThreads"))
    rows = _live(call, channel)
    if call.query("before") or call.query("after"):
        return _around(call, rows)
    page = call.page(rows)
    start = rows.index(page[0]) if page else 0
    return _with_neighbours(call.world, rows, page, start)


async def thread(call: Call) -> Any:
    """List a post's thread, root first on newer servers."""
    world, post = call.world, call.world.post(call.id("post_id"))
    require(may_read(world, call.user, world.channel(post.channel_id)))
    root = world.posts[post.root_id] if post.root_id else post
    replies = world.live_replies(root.id)
    if world.version.modern:
        return post_list(world, [root, *replies], thread=True)
    return post_list(world, [root, *reversed(replies), root])


async def pinned(call: Call) -> Any:
    """List a channel's pinned posts."""
    channel = call.world.channel(call.id("channel_id"))
    require(may_read(call.world, call.user, channel))
    rows = (row for row in call.world.channel_posts[channel.id] if row.is_pinned)
    return post_list(call.world, [row for row in rows if not row.delete_at])


async def by_ids(call: Call) -> Any:
    """Show several posts; unknown and unreadable ones are left out."""
    world = call.world
    asked = (world.posts.get(post_id) for post_id in call.strings("post_ids"))
    rows = [row for row in asked if row and not row.delete_at]
    readable = [row for row in rows if may_read(world, call.user, world.channel(row.channel_id))]
    return [post_shape(world, row) for row in readable]


async def search_team(call: Call) -> Any:
    """Search the caller's channels of one team."""
    team_id = call.id("team_id")
    places = [row for row in call.world.channels_of(call.user.id) if row.team_id in (team_id, "")]
    return _search(call, places)


async def search_all(call: Call) -> Any:
    """Search the caller's channels of all teams."""
    return _search(call, list(call.world.channels_of(call.user.id)))


def _channel(call: Call) -> Channel:
    channel_id = call.id("channel_id")
    # An older server does not admit that a channel is unknown.
    require(call.world.version.modern or channel_id in call.world.channels)
    channel = call.world.channel(channel_id)
    require(may_read(call.world, call.user, channel))
    return channel


def _live(call: Call, channel: Channel) -> list[Post]:
    rows = [row for row in call.world.channel_posts[channel.id] if not row.delete_at]
    if call.flag("collapsedThreads"):
        rows = [row for row in rows if not row.root_id]
    return rows[::-1]


def _since(world: World, channel: Channel, since: int, roots_only: bool) -> Any:
    """List every row changed since: new and edited posts, deleted ones, history rows."""
    rows = [row for row in world.channel_posts[channel.id] if row.update_at > since]
    if roots_only:
        rows = [row for row in rows if not row.root_id]
        if not world.version.modern:
            rows = [row for row in rows if not row.delete_at]
    rows = rows[:SINCE_LIMIT]
    rows.sort(key=lambda row: row.create_at, reverse=True)
    roots = [world.posts[row.root_id] for row in rows if row.root_id]
    return post_list(world, rows, also=roots, blank_deleted=True)


def _around(call: Call, rows: list[Post]) -> Any:
    """List the page of posts right before or right after a given one."""
    before, after = call.query("before"), call.query("after")
    pivot = call.world.posts.get(before or after)
    if pivot is None:
        raise ApiError("app.post.get_posts_around.get.app_error", 500)
    ids = [row.id for row in rows]
    place = ids.index(pivot.id) if pivot.id in ids else len(ids)
    size = min(call.number("per_page", 60), 200)
    skip = call.number("page") * size
    if before:
        start = place + 1 + skip
        page = rows[start : start + size]
    else:
        end = max(place - skip, 0)
        start = max(end - size, 0)
        page = rows[start:end]
    return _with_neighbours(call.world, rows, page, start)


def _with_neighbours(world: World, rows: list[Post], page: list[Post], start: int) -> Any:
    end = start + len(page)
    newer = rows[start - 1].id if page and start > 0 else ""
    older = rows[end].id if page and end < len(rows) else ""
    roots = [world.posts[row.root_id] for row in page if row.root_id]
    return post_list(world, page, also=roots, next_id=newer, prev_id=older)


def _search(call: Call, places: list[Channel]) -> Any:
    """Find posts that hold the words; quotes keep words together, phrases are not weighed."""
    if not call.world.setting("ServiceSettings", "EnablePostSearch"):
        raise ApiError("store.sql_post.search.disabled", 501)
    body = call.object("search")
    terms = string(body, "terms")
    words = [word.strip('"*').lower() for word in terms.split()]
    wanted = any if body.get("is_or_search") else all
    posts = [row for place in places for row in call.world.channel_posts[place.id]]
    found = [
        row
        for row in posts
        if not row.delete_at and not row.is_system and words and wanted(word in row.message.lower() for word in words)
    ]
    found.sort(key=lambda row: row.create_at, reverse=True)
    return post_list(call.world, found) | {"matches": None}


ROUTES = [
    Route("GET", "/channels/{channel_id}/posts", of_channel),
    Route("GET", "/channels/{channel_id}/pinned", pinned),
    Route("GET", "/posts/{post_id}/thread", thread),
    Route("POST", "/posts/ids", by_ids, since=10),
    Route("POST", "/posts/search", search_all, since=10),
    Route("POST", "/teams/{team_id}/posts/search", search_team),
]
