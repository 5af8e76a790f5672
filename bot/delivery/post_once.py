"""Posting once: looking whether a post stands already, and posting it where it does not."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.delivery.refusals import BAD_ROOTS, FOREIGN_POST, is_hopeless
from bot.driver import Driver, ServerRefused
from bot.transaction.parcel import Parcel
from bot.wire import answers, outgoing
from bot.wire.reading import read_posts
from bot.wire.things import Post

SLACK = timedelta(minutes=15)
"""How far the clocks of the bot and of its server may be apart."""
MOST_AT_ONCE = 1000
PAGE = 200


class Poster:
    """Posts as the bot whose id is `own_id`."""

    def __init__(self, driver: Driver, own_id: str) -> None:
        self.driver = driver
        self.own_id = own_id

    async def stand(
        self, parcel: Parcel, place_id: str, make: Callable[[], Awaitable[outgoing.Json]], root_id: str = ""
    ) -> Post:
        """Return the post of a parcel: an earlier attempt's, or a new one, whose body is made only then.

        It stands outside its thread when the thread's first post is gone. Raises `ServerRefused`.
        """
        if parcel.is_repeated and (found := await self._find(parcel, place_id)) is not None:
            return found
        body = await make()
        try:
            return await self._send(parcel, place_id, body, root_id)
        except ServerRefused as refusal:
            if not root_id or refusal.id not in BAD_ROOTS:
                raise
            return await self._send(parcel, place_id, body)

    async def _send(self, parcel: Parcel, place_id: str, body: outgoing.Json, root_id: str = "") -> Post:
        # All posts of a server share one space of pending ids: a used one is answered with the post that used it,
        # whoever wrote it and wherever (server source: app/post.go:deduplicateCreatePost).
        for pending_id in (parcel.key, f"{parcel.key}:{parcel.attempts}"):
            request = outgoing.new_post(place_id, body, pending_id=pending_id, root_id=root_id)
            post = answers.post(await self.driver.posts.create_post(options=request))
            if (post.user_id, post.channel_id) == (self.own_id, place_id):
                return post
        raise ServerRefused(500, FOREIGN_POST, "the server answered with somebody else's post")

    async def _find(self, parcel: Parcel, place_id: str) -> Post | None:
        """Return the post that an earlier attempt has made; a channel that cannot be read has none to be found."""
        since = parcel.created_at - SLACK
        try:
            posts = await self._changed_since(place_id, since)
            if len(posts) >= MOST_AT_ONCE:
                posts = await self._back_to(place_id, since)
        except ServerRefused as refusal:
            if not is_hopeless(refusal):
                raise
            return None
        return next((post for post in posts if self._is_it(post, parcel.key)), None)

    def _is_it(self, post: Post, key: str) -> bool:
        # Anybody can write a post whose props look like the bot's, and an edit leaves the old version behind.
        return answers.effect_key(post) == key and post.user_id == self.own_id and not post.original_id

    async def _changed_since(self, place_id: str, since: datetime) -> list[Post]:
        params = {"since": int(since.timestamp() * 1000)}
        return read_posts(await self.driver.posts.get_posts_for_channel(place_id, params=params))

    async def _back_to(self, place_id: str, since: datetime) -> list[Post]:
        """Read pages back to a time: of more than 1000 changes the server gives an arbitrary part.

        Server source: store/sqlstore/post_store.go:GetPostsSince.
        """
        found: list[Post] = []
        first = since.timestamp() * 1000
        for page in range(MOST_AT_ONCE):
            params = {"page": page, "per_page": PAGE}
            posts = read_posts(await self.driver.posts.get_posts_for_channel(place_id, params=params))
            found += posts
            if len(posts) < PAGE or posts[-1].create_at < first:
                break
        return found
