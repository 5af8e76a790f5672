"""What of a message concerns the bot: keywords of playbooks, or words that are meant for it."""

import re
from typing import Protocol

import msgspec
from cachetools import LRUCache

from bot.wire.things import Post, Reaction
from handlers.events import Hit, Person, Place
from handlers.messages.reactions import MEANINGFUL


class Keywords(Protocol):
    """Finds the words that are watched for in a team (empty for direct messages) and in a channel."""

    def find(self, text: str, team_id: str, place_id: str = "") -> tuple[Hit, ...]: ...


class HeardPost(msgspec.Struct, frozen=True):
    """A message that concerns the bot."""

    post: Post
    place: Place
    hits: tuple[Hit, ...]
    command: str | None

    @property
    def text(self) -> str:
        return self.post.text


class Ear:
    """Tells messages that concern the bot from all others; nothing here waits."""

    def __init__(self, me: Person, keywords: Keywords, prefix: str = "", trigger: str = "") -> None:
        self.me = me
        self.keywords = keywords
        self._prefix = re.compile(rf"\s*{re.escape(prefix)}(?=\w)") if prefix else None
        # A name may be followed by marks that it could also contain, as in "@muster: run".
        self._call = re.compile(rf"\s*[@＠]{re.escape(me.username)}[.,:;!?_\-，：、]*(?:\s+|\Z)", re.IGNORECASE)
        # A slash command is a message where a space or a line stands before it, or its slash is a wide one.
        self._slash = re.compile(rf"\s*(?=[/／]{re.escape(trigger)}(?!\S))", re.IGNORECASE) if trigger else None

    def listen(self, post: Post, team_id: str, kind: str) -> tuple[tuple[Hit, ...], str | None] | None:
        """Return the keywords in a post and the command that it gives, None if it is nothing to the bot.

        The bot's own posts are never heard. Those of other bots and of webhooks are heard for keywords, but give no
        commands, so that two bots cannot keep each other talking.
        """
        if post.user_id == self.me.id or (post.type and not post.is_spoken):
            return None
        hits = self.keywords.find(post.text, team_id, post.channel_id)
        command = self.command(post, kind)
        return (hits, command) if hits or command is not None else None

    def minds(self, reaction: Reaction) -> bool:
        """Return whether a reaction may mean something."""
        return reaction.emoji_name in MEANINGFUL and reaction.user_id != self.me.id

    def command(self, post: Post, kind: str) -> str | None:
        """Return the words of a command, None where a post gives none."""
        call = self._called(post.message)
        if (call is None and kind != "D") or post.is_automatic:
            return None
        words = post.message[call.end() if call is not None else 0 :].strip()
        return words if words or call is not None else None

    def _called(self, message: str) -> re.Match[str] | None:
        """Return what calls the bot at the start of a message; most hold neither of its signs."""
        call = self._call.match(message) if "@" in message or "＠" in message else None
        if call is None and self._slash is not None and ("/" in message or "／" in message):
            call = self._slash.match(message)
        return self._prefix.match(message) if call is None and self._prefix is not None else call


class Once:
    """A bounded memory of posts that are dealt with or waiting for it; the store knows of them for longer."""

    def __init__(self, size: int = 20_000) -> None:
        self._ids: LRUCache[str, None] = LRUCache(size)

    def __contains__(self, post_id: str) -> bool:
        return post_id in self._ids

    def add(self, post_id: str) -> None:
        """Remember a post; the empty id stands for none."""
        if post_id:
            self._ids[post_id] = None

    def discard(self, post_id: str) -> None:
        self._ids.pop(post_id, None)
