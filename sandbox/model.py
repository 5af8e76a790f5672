"""What a server remembers: people, places, posts and roles."""

from dataclasses import dataclass, field
from typing import Any

Props = dict[str, Any]


@dataclass(slots=True)
class User:
    """A person or a bot."""

    id: str
    username: str
    email: str
    create_at: int
    update_at: int
    password: str = ""
    delete_at: int = 0
    nickname: str = ""
    first_name: str = ""
    last_name: str = ""
    position: str = ""
    roles: str = "system_user"
    locale: str = "en"
    timezone: dict[str, str] = field(
        default_factory=lambda: {
            "automaticTimezone": "",
            "manualTimezone": "",
            "useAutomaticTimezone": "true",
        }
    )
    status: str = "offline"
    is_bot: bool = False
    owner_id: str = ""
    description: str = ""
    bot_update_at: int = 0


@dataclass(slots=True)
class Session:
    """A login of a person."""

    token: str
    user_id: str
    access_token_id: str = ""


@dataclass(slots=True)
class AccessToken:
    """A personal access token, the way bots log in."""

    id: str
    token: str
    user_id: str
    description: str
    is_active: bool = True


@dataclass(slots=True)
class OAuthApp:
    """An application that people may let know who they are."""

    id: str
    secret: str
    name: str
    callback_urls: list[str]
    is_trusted: bool = False


@dataclass(slots=True)
class OAuthCode:
    """What an application gets a token for, once; `challenge` is that of PKCE, empty where it sent none."""

    code: str
    app_id: str
    user_id: str
    redirect_uri: str
    challenge: str
    create_at: int


@dataclass(slots=True)
class Team:
    """A team."""

    id: str
    name: str
    display_name: str
    create_at: int
    update_at: int
    invite_id: str
    type: str = "O"
    description: str = ""
    email: str = ""
    allow_open_invite: bool = False
    delete_at: int = 0


@dataclass(slots=True)
class TeamMember:
    """Somebody's place in a team."""

    team_id: str
    user_id: str
    scheme_user: bool = True
    scheme_admin: bool = False
    explicit_roles: str = ""
    delete_at: int = 0

    @property
    def roles(self) -> str:
        """The names of the roles that count in the team."""
        return _roles("team", self.scheme_user, self.scheme_admin, self.explicit_roles)


@dataclass(slots=True)
class Channel:
    """A channel: O public, P private, D direct, G group."""

    id: str
    team_id: str
    type: str
    name: str
    display_name: str
    create_at: int
    update_at: int
    header: str = ""
    purpose: str = ""
    creator_id: str = ""
    delete_at: int = 0
    last_post_at: int = 0
    last_root_post_at: int = 0
    total_msg_count: int = 0
    total_msg_count_root: int = 0
    default_category_name: str = ""

    @property
    def is_talk(self) -> bool:
        """Whether it is a direct or group conversation, which belongs to no team."""
        return self.type in "DG"


@dataclass(slots=True)
class Group:
    """People who are called together, as a licensed server has them."""

    id: str
    name: str
    user_ids: list[str]


@dataclass(slots=True)
class ChannelMember:
    """Somebody's place in a channel."""

    channel_id: str
    user_id: str
    last_update_at: int
    scheme_user: bool = True
    scheme_admin: bool = False
    explicit_roles: str = ""
    last_viewed_at: int = 0
    msg_count: int = 0
    msg_count_root: int = 0
    mention_count: int = 0
    mention_count_root: int = 0

    @property
    def roles(self) -> str:
        """The names of the roles that count in the channel."""
        return _roles("channel", self.scheme_user, self.scheme_admin, self.explicit_roles)


@dataclass(slots=True)
class Post:
    """A post, or a history row of one (`original_id` set). Buttons keep their integration here."""

    id: str
    channel_id: str
    user_id: str
    message: str
    create_at: int
    update_at: int
    edit_at: int = 0
    delete_at: int = 0
    is_pinned: bool = False
    root_id: str = ""
    original_id: str = ""
    type: str = ""
    props: Props = field(default_factory=dict)
    pending_post_id: str = ""
    file_ids: list[str] = field(default_factory=list)
    has_reactions: bool = False
    priority: dict[str, Any] | None = None
    by_rest: bool = False
    """Whether a client wrote it, and no integration."""

    @property
    def is_system(self) -> bool:
        """Whether the server wrote it by itself."""
        return self.type.startswith("system_")


@dataclass(slots=True)
class File:
    """An uploaded file; it belongs to the first post that its uploader makes with it."""

    id: str
    user_id: str
    channel_id: str
    name: str
    content: bytes
    create_at: int
    post_id: str = ""


@dataclass(slots=True)
class Reaction:
    """An emoji that somebody put on a post."""

    user_id: str
    post_id: str
    emoji_name: str
    create_at: int


@dataclass(slots=True)
class Role:
    """A named set of permissions."""

    id: str
    name: str
    permissions: set[str]
    create_at: int
    update_at: int


def _roles(place: str, user: bool, admin: bool, explicit: str) -> str:
    names = [f"{place}_user"] if user else []
    names += [f"{place}_admin"] if admin else []
    return " ".join(names + explicit.split())
