"""Everything that can go wrong between a client and a server, switched on by tests."""

from dataclasses import dataclass
from enum import StrEnum, auto
from fnmatch import fnmatchcase

from .channel_changes import archive
from .connection import Connection
from .errors import unknown_user
from .ids import new_id
from .membership import remove_from_channel
from .model import Post, User
from .world import World

HTML_ERROR = "<html><body><h1>500 Internal Server Error</h1></body></html>"


class Kind(StrEnum):
    """What is done to a request."""

    RATE_LIMIT = auto()
    ERROR = auto()
    RESET_BEFORE = auto()
    RESET_AFTER = auto()
    DELAY = auto()
    FOREIGN_POST = auto()
    EVENTS_FIRST = auto()
    EVENTS_LAST = auto()


@dataclass(slots=True)
class Fault:
    """A fault that waits for the requests it is meant for; `after` of them are let through first."""

    kind: Kind
    route: str
    user: str
    times: int | None
    seconds: float = 0
    status: int = 500
    body: str = HTML_ERROR
    content_type: str = "text/html"
    after: int = 0

    def fits(self, routes: tuple[str, ...], username: str) -> bool:
        """Say whether a request, known by its path and its pattern, is meant."""
        if self.user and self.user != username:
            return False
        return any(fnmatchcase(route, self.route) for route in routes)


class Faults:
    """Switches faults on.

    A `route` is a method and a path below `/api/v4`, exact, with wildcards or with the names of
    parameters: `POST /posts`, `* /channels/*`, `PUT /posts/{post_id}/patch`. `times=None` means
    until `clear`. `user` is a username. An outage is `await mm.stop()` and later `await mm.start()`.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._waiting: list[Fault] = []

    def clear(self) -> None:
        """Switch off all faults that wait for requests or events and end all silence."""
        self._waiting.clear()
        self._world.dialog_place = {}
        for connection in self._world.hub.connections:
            connection.silenced = False
            connection.doubled = connection.swapped = 0
            connection.release()

    # Requests

    def rate_limit(self, route: str = "*", *, times: int | None = 1, user: str = "", retry_after: int = 1) -> None:
        """Answer 429 in plain text."""
        self._add(Fault(Kind.RATE_LIMIT, route, user, times, seconds=retry_after))

    def server_error(
        self,
        route: str = "*",
        *,
        times: int | None = 1,
        user: str = "",
        status: int = 500,
        body: str = HTML_ERROR,
        content_type: str = "text/html",
    ) -> None:
        """Answer with an error page instead of doing anything."""
        fault = Fault(Kind.ERROR, route, user, times, 0, status, body, content_type)
        self._add(fault)

    def reset(self, route: str = "*", *, times: int | None = 1, user: str = "", after_commit: bool = True) -> None:
        """Reset the connection before the reply: after the work was done, or instead of it."""
        kind = Kind.RESET_AFTER if after_commit else Kind.RESET_BEFORE
        self._add(Fault(kind, route, user, times))

    def delay(self, seconds: float, route: str = "*", *, times: int | None = 1, user: str = "", after: int = 0) -> None:
        """Do the work at once and answer later; `after` requests are answered as usual first."""
        self._add(Fault(Kind.DELAY, route, user, times, seconds, after=after))

    def foreign_post(self, *, times: int | None = 1, user: str = "") -> None:
        """Answer POST /posts with somebody else's post and create nothing.

        Servers do this when a pending id was used by somebody else within 30 seconds.
        """
        self._add(Fault(Kind.FOREIGN_POST, "POST /posts", user, times))

    def events_first(self, route: str = "*", *, times: int | None = 1, user: str = "") -> None:
        """Deliver the events of a request well before its reply."""
        self._add(Fault(Kind.EVENTS_FIRST, route, user, times))

    def events_last(self, route: str = "*", *, times: int | None = 1, user: str = "") -> None:
        """Deliver the events of a request only after its reply."""
        self._add(Fault(Kind.EVENTS_LAST, route, user, times))

    def misplace_dialogs(self, **place: object) -> None:
        """Hand on these values as the place of each submitted dialog, whatever the client says.

        Clients from 10.10 on name the channel that was open before, or none, and phones the one that is open now.
        """
        self._world.dialog_place = place

    def take(self, routes: tuple[str, ...], username: str) -> list[Fault]:
        """Return the faults for a request and count them down."""
        meant = [fault for fault in self._waiting if fault.fits(routes, username)]
        found = [fault for fault in meant if fault.after == 0]
        for fault in meant:
            fault.after = max(0, fault.after - 1)
        for fault in found:
            if fault.times is not None:
                fault.times -= 1
        self._waiting = [fault for fault in self._waiting if fault.times != 0]
        return found

    # Websockets

    def drop_sockets(self, user: str = "") -> None:
        """Cut open websockets without a close frame."""
        for connection in self._connections(user):
            connection.drop()

    def skip_sequence(self, user: str = "", count: int = 1) -> None:
        """Leave numbers out, as if events had been lost."""
        for connection in self._connections(user):
            connection.skip(count)

    def repeat_on_resume(self, user: str = "", count: int = 10) -> None:
        """Send the last events that were already received again at the next resume."""
        for connection in self._connections(user):
            connection.repeat = count

    def double_events(self, user: str = "", count: int = 1) -> None:
        """Send the next events twice, as two nodes of a cluster may."""
        for connection in self._connections(user):
            connection.doubled = count

    def swap_events(self, user: str = "", count: int = 1) -> None:
        """Send the next events each after the one that follows it, as two nodes of a cluster may."""
        for connection in self._connections(user):
            connection.swapped = count

    def refuse_resume(self, user: str = "") -> None:
        """Answer the next resume with a fresh hello, followed by the events that were queued."""
        for connection in self._connections(user):
            connection.misfit = True

    def silence(self, user: str = "") -> None:
        """Keep open websockets open, answer control pings, and send nothing else."""
        for connection in self._connections(user):
            connection.silenced = True

    # The world changes under the client

    def revoke_tokens(self, user: str) -> None:
        """Revoke somebody's access tokens."""
        found = self._user(user)
        for row in [r for r in self._world.access_tokens.values() if r.user_id == found.id]:
            del self._world.access_tokens[row.id]
            if self._world.version.modern:
                self._world.hub.silence_token(row.token)

    def remove_from_channel(self, user: str, channel_id: str) -> None:
        """Remove somebody from a channel, as an administrator would."""
        channel = self._world.channel(channel_id)
        remove_from_channel(self._world, channel, self._user(user), self._admin())

    def archive_channel(self, channel_id: str) -> None:
        """Archive a channel, as an administrator would."""
        archive(self._world, self._world.channel(channel_id), self._admin())

    def regenerate_command_token(self, trigger: str) -> str:
        """Give a slash command another token and return it."""
        for command in self._world.commands.values():
            if command.trigger == trigger:
                command.token = new_id()
                return command.token
        raise KeyError(trigger)

    def _connections(self, username: str) -> list[Connection]:
        rows = self._world.hub.connections
        return [row for row in rows if not username or self._name(row) == username]

    def _name(self, connection: Connection) -> str:
        return self._world.users[connection.user_id].username

    def _user(self, username: str) -> User:
        found = self._world.user_named(username)
        if found is None:
            raise unknown_user()
        return found

    def _admin(self) -> User:
        admins = (user for user in self._world.users.values() if "system_admin" in user.roles)
        return next(admins)

    def _add(self, fault: Fault) -> None:
        self._waiting.append(fault)


def routes_of(method: str, path: str, pattern: str) -> tuple[str, ...]:
    """Return the ways in which a fault may name a request."""
    return (f"{method} {path}", f"{method} {pattern}")


def foreign_post(world: World, user: User) -> Post | None:
    """Choose the post that somebody else is shown to have written, or None."""
    strangers = (row for row in world.posts.values() if row.user_id != user.id)
    return next((row for row in strangers if not row.delete_at), None)
