"""Reads back what was posted in a channel since a time, however much it is."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from bot.wire.reading import read_posts
from bot.wire.things import Post

CHANGED_AT_ONCE = 1000
"""The server stops here, with an arbitrary part of what changed (server source: post_store.go:GetPostsSince)."""
PAGE = 200


class Get(Protocol):
    """Asks the server by REST, as often as it takes."""

    def __call__(self, path: str, params: dict[str, Any] | None = None) -> Awaitable[Any]: ...


class History:
    """The posts of channels; old versions that edits leave behind are never among them."""

    def __init__(self, get: Get) -> None:
        self._get = get

    async def since(self, place_id: str, at: int, wanted: Callable[[Post], bool]) -> tuple[list[Post], bool]:
        """Return the `wanted` posts that were made or changed after `at` (server's ms), the oldest first.

        Deleted posts are among them, and the second value is true, unless there are so many changes that only pages
        can be read.
        """
        # Zero would count as absent, and give an ordinary page.
        posts = read_posts(await self._get(f"/channels/{place_id}/posts", {"since": max(1, at)}))
        is_whole = len(posts) < CHANGED_AT_ONCE
        if not is_whole:
            posts = await self._pages(place_id, at, wanted)
        found = [post for post in reversed(posts) if not post.original_id and wanted(post)]
        return sorted(found, key=lambda post: post.create_at), is_whole

    async def _pages(self, place_id: str, at: int, wanted: Callable[[Post], bool]) -> list[Post]:
        found: list[Post] = []
        params: dict[str, Any] = {"per_page": PAGE}
        # Not by page numbers: what is posted meanwhile would shift them.
        while page := read_posts(await self._get(f"/channels/{place_id}/posts", params)):
            found += (post for post in page if post.create_at >= at and wanted(post))
            if page[-1].create_at < at:
                break
            params = {"per_page": PAGE, "before": page[-1].id}
        return found
