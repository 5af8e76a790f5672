"""What a server remembers of integrations: commands, webhooks, and what buttons call."""

from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class Command:
    """A slash command of a team."""

    id: str
    token: str
    create_at: int
    update_at: int
    creator_id: str
    team_id: str
    trigger: str
    method: str
    url: str
    username: str = ""
    icon_url: str = ""
    auto_complete: bool = False
    auto_complete_desc: str = ""
    auto_complete_hint: str = ""
    display_name: str = ""
    description: str = ""


@dataclass(slots=True)
class ResponseHook:
    """The address at which an integration may answer a command later."""

    id: str
    command_id: str
    user_id: str
    channel_id: str
    root_id: str
    create_at: int
    uses: int = 0


@dataclass(slots=True)
class IncomingHook:
    """An incoming webhook."""

    id: str
    user_id: str
    channel_id: str
    team_id: str
    create_at: int
    update_at: int
    display_name: str = ""
    description: str = ""
    username: str = ""
    icon_url: str = ""
    channel_locked: bool = False


@dataclass(slots=True)
class Cookie:
    """What the opaque cookie on an ephemeral post's button stands for."""

    post_id: str
    channel_id: str
    root_id: str
    type: str
    data_source: str
    integration: dict[str, Any]
