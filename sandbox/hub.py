"""The hub hands every event to the websocket connections that may see it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from .connection import Connection
from .model import Channel, TeamMember
from .versions import Version

_REAPER_MS = 5 * 60 * 1000
_DROPPABLE = {"typing", "status_change", "channel_viewed", "multiple_channels_viewed"}


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, and whom it is told."""

    name: str
    data: dict[str, Any]
    user_id: str = ""
    channel_id: str = ""
    team_id: str = ""
    omit: tuple[str, ...] = ()
    flag: str = ""
    """`contains_sanitized_data` or `contains_sensitive_data`."""
    personal: Callable[[str], dict[str, Any]] | None = field(default=None, compare=False)
    """What a receiver gets in addition, by user id."""


class Audience(Protocol):
    """Who is where, as far as it decides who hears of something; `clock` counts in ms."""

    clock: Callable[[], int]
    version: Version

    def channels_of(self, user_id: str) -> Iterator[Channel]: ...

    def team_member(self, team_id: str, user_id: str) -> TeamMember | None: ...


class Hub:
    """Knows all connections, also those that are away and may come back."""

    def __init__(self, world: Audience) -> None:
        self.world = world
        self.connections: list[Connection] = []
        self._held: list[Event] = []
        self._holds = 0
        self._started_at = world.clock()

    def publish(self, event: Event) -> None:
        """Queue an event for everybody who may see it."""
        if self._holds:
            self._held.append(event)
            return
        for connection in list(self.connections):
            if self._reaches(connection, event):
                self._queue(connection, event)

    def hold(self) -> None:
        """Hold all events back until as many releases."""
        self._holds += 1

    def release(self) -> None:
        """Deliver the events that were held back."""
        self._holds -= 1
        if self._holds == 0:
            held, self._held = self._held, []
            for event in held:
                self.publish(event)

    def add(self, connection: Connection) -> None:
        """Start to deliver to a connection."""
        self.connections.append(connection)

    def remove(self, connection: Connection) -> None:
        """Forget a connection for good."""
        if connection in self.connections:
            self.connections.remove(connection)
        connection.close()

    def resumable(self, connection_id: str, user_id: str) -> Connection | None:
        """Find the connection that somebody may take up again; an active one is not."""
        for connection in self.connections:
            if connection.id == connection_id and connection.user_id == user_id:
                if connection.active:
                    return None
                if self._reaped(connection):
                    self.remove(connection)
                    return None
                return connection
        return None

    def of(self, user_id: str) -> list[Connection]:
        """Return somebody's connections that are open now."""
        return [row for row in self.connections if row.user_id == user_id and row.active]

    def online(self, user_id: str) -> bool:
        """Say whether somebody has an open connection."""
        return bool(self.of(user_id))

    def touch(self, user_id: str) -> None:
        """Note that somebody is active, which keeps an interrupted connection longer."""
        for connection in self.connections:
            if connection.user_id == user_id:
                connection.last_activity = self.world.clock()

    def moved(self, user_id: str) -> None:
        """Have it looked up anew which channels somebody is in, since that has changed."""
        for connection in self.connections:
            if connection.user_id == user_id:
                connection.channels = None

    def silence_token(self, token: str) -> None:
        """Stop all delivery to the sockets that were opened with a token."""
        for connection in self.connections:
            if connection.token == token:
                connection.logged_out = True

    def _queue(self, connection: Connection, event: Event) -> None:
        full = connection.offer(self.frame(connection.user_id, event), event.name in _DROPPABLE)
        if full:
            self.remove(connection)

    def _reaches(self, connection: Connection, event: Event) -> bool:
        user_id = connection.user_id
        if connection.logged_out or connection.silenced:
            return False
        if event.user_id:
            return event.user_id == user_id
        if user_id in event.omit:
            return False
        if event.channel_id:
            return event.channel_id in self._channels(connection)
        if event.team_id:
            return self.world.team_member(event.team_id, user_id) is not None
        return True

    def _channels(self, connection: Connection) -> frozenset[str]:
        """Return the channels that a connection hears of; those that are archived when this is looked up are not."""
        if connection.channels is None:
            mine = self.world.channels_of(connection.user_id)
            connection.channels = frozenset(channel.id for channel in mine if not channel.delete_at)
        return connection.channels

    def frame(self, user_id: str, event: Event) -> dict[str, Any]:
        """Return the frame for one receiver, still without its number."""
        broadcast: dict[str, Any] = {
            "omit_users": dict.fromkeys(event.omit, True) or None,
            "user_id": event.user_id,
            "channel_id": event.channel_id,
            "team_id": event.team_id,
        }
        if self.world.version.modern:
            broadcast |= {"connection_id": "", "omit_connection_id": ""}
            if event.flag:
                broadcast[event.flag] = True
        data = event.data | (event.personal(user_id) if event.personal else {})
        return {"event": event.name, "data": dict(sorted(data.items())), "broadcast": broadcast}

    def _reaped(self, connection: Connection) -> bool:
        """Say whether the five-minute round has already cleared an idle, absent connection."""
        now = self.world.clock()
        first_idle = connection.last_activity + _REAPER_MS - self._started_at
        next_round = self._started_at + (first_idle // _REAPER_MS + 1) * _REAPER_MS
        return max(next_round, connection.left_at) <= now
