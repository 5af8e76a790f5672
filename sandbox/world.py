"""Everything that the server remembers, and the questions that are asked of it."""

from collections import defaultdict
from collections.abc import Callable, Iterator

from .config import Config, default_config
from .errors import ApiError, unknown_channel, unknown_post, unknown_user
from .hub import Hub
from .ids import new_id
from .integrations import Command, Cookie, IncomingHook, ResponseHook
from .model import (
    AccessToken,
    Channel,
    ChannelMember,
    File,
    Group,
    OAuthApp,
    OAuthCode,
    Post,
    Reaction,
    Role,
    Session,
    Team,
    TeamMember,
    User,
)
from .outgoing import Outgoing
from .roles import default_roles
from .versions import Version


class World:
    """The state of one server. There is no database: it lives as long as the sandbox."""

    def __init__(self, version: Version, clock: Callable[[], int]) -> None:
        self.version = version
        self.clock = clock
        self.config: Config = default_config(version, "")
        self.build_hash = (new_id() * 3)[: version.hash_length]
        self.users: dict[str, User] = {}
        self.sessions: dict[str, Session] = {}
        self.access_tokens: dict[str, AccessToken] = {}
        self.oauth_apps: dict[str, OAuthApp] = {}
        self.oauth_codes: dict[str, OAuthCode] = {}
        self.teams: dict[str, Team] = {}
        self.team_members: dict[str, dict[str, TeamMember]] = defaultdict(dict)
        self.channels: dict[str, Channel] = {}
        self.channel_members: dict[str, dict[str, ChannelMember]] = defaultdict(dict)
        self.posts: dict[str, Post] = {}
        self.files: dict[str, File] = {}
        self.groups: dict[str, Group] = {}
        self.channel_posts: dict[str, list[Post]] = defaultdict(list)
        self.replies: dict[str, list[Post]] = defaultdict(list)
        self.reactions: dict[str, list[Reaction]] = defaultdict(list)
        self.followers: dict[str, set[str]] = defaultdict(set)
        self.pending_posts: dict[str, tuple[int, str]] = {}
        self.commands: dict[str, Command] = {}
        self.response_hooks: dict[str, ResponseHook] = {}
        self.incoming_hooks: dict[str, IncomingHook] = {}
        self.cookies: dict[str, Cookie] = {}
        self.trigger_secret = new_id() + new_id()
        self.dialog_place: dict[str, object] = {}
        now = clock()
        self.roles = {
            name: Role(new_id(), name, permissions, now, now) for name, permissions in default_roles(version).items()
        }
        self.hub: Hub
        self.outgoing: Outgoing

    @property
    def version_id(self) -> str:
        """The text that the server shows as its exact build."""
        return f"{self.version.number}..{self.build_hash}.false"

    def user(self, user_id: str) -> User:
        """Return a user or raise 404."""
        if found := self.users.get(user_id):
            return found
        raise unknown_user()

    def user_named(self, username: str) -> User | None:
        """Find a user by name, in any letter case."""
        name = username.lower()
        return next((user for user in self.users.values() if user.username == name), None)

    def session_user(self, token: str) -> User | None:
        """Return who a token belongs to, None if it no longer lets anybody in."""
        if session := self.sessions.get(token):
            user = self.users[session.user_id]
            return user if not user.delete_at else None
        access = next((row for row in self.access_tokens.values() if row.token == token), None)
        if access is None or not access.is_active:
            return None
        user = self.users[access.user_id]
        # A 10.0 server keeps the cached session of a disabled bot.
        return user if not user.delete_at or self.version.major == 10 else None

    def team(self, team_id: str) -> Team:
        """Return a team or raise 404."""
        if found := self.teams.get(team_id):
            return found
        raise ApiError("app.team.get.find.app_error", 404)

    def team_member(self, team_id: str, user_id: str) -> TeamMember | None:
        """Return somebody's present membership of a team."""
        member = self.team_members[team_id].get(user_id) if team_id in self.teams else None
        return member if member and not member.delete_at else None

    def teams_of(self, user_id: str) -> list[Team]:
        """Return the teams that somebody belongs to."""
        return [team for team in self.teams.values() if self.team_member(team.id, user_id)]

    def channel(self, channel_id: str) -> Channel:
        """Return a channel, archived or not, or raise 404."""
        if found := self.channels.get(channel_id):
            return found
        raise unknown_channel(channel_id if self.version.newest else "")

    def channel_named(self, team_id: str, name: str) -> Channel | None:
        """Find a team's channel by name, archived ones included."""
        in_team = (row for row in self.channels.values() if row.team_id == team_id)
        return next((channel for channel in in_team if channel.name == name), None)

    def member(self, channel_id: str, user_id: str) -> ChannelMember | None:
        """Return somebody's membership of a channel."""
        return self.channel_members[channel_id].get(user_id)

    def channels_of(self, user_id: str) -> Iterator[Channel]:
        """Yield the channels that somebody is in."""
        for channel in self.channels.values():
            if user_id in self.channel_members[channel.id]:
                yield channel

    def post(self, post_id: str) -> Post:
        """Return a post that is neither deleted nor a history row, or raise 404."""
        found = self.posts.get(post_id)
        if found is None or found.delete_at:
            raise unknown_post()
        return found

    def live_replies(self, root_id: str) -> list[Post]:
        """Return the replies to a post that are not deleted, oldest first."""
        return [reply for reply in self.replies[root_id] if not reply.delete_at]

    def setting(self, section: str, name: str) -> object:
        """Return one setting."""
        return self.config[section].get(name)
