"""What a set-up is going to do on the server, in sentences that somebody agrees to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.admin import server_settings
from bot.settings.sections import Callbacks

Team = Mapping[str, Any]


@dataclass(slots=True, kw_only=True)
class Plan:
    """All that was agreed upon; `command_tokens` are those known before, by team."""

    server: str
    verify_tls: bool
    version: tuple[int, ...]
    settings: server_settings.Settings = field(default_factory=dict)
    username: str = ""
    bot: Mapping[str, Any] | None = None
    keeps_token: bool = False
    enable_bots: bool = False
    teams: list[Team] = field(default_factory=list)
    names_teams: bool = False
    callbacks: Callbacks = field(default_factory=Callbacks)
    allow_host: str = ""
    trigger: str = ""
    join: str | Sequence[str] = "invited"
    grants_ephemeral: bool = False
    pages_url: str = ""
    registers_pages: bool = False
    oauth_client_id: str = ""
    command_tokens: dict[str, str] = field(default_factory=dict)

    def lines(self) -> list[str]:
        """Return what is going to happen, a sentence each."""
        names = ", ".join(str(team["name"]) for team in self.teams)
        told = [
            (bool(self.enable_bots), f"switch on {server_settings.BOTS} for the moment, and off again"),
            (self.bot is None, f"create the bot @{self.username}"),
            (self.bot is not None, f"keep the bot @{self.username}"),
            (not self.keeps_token, "make a new access token for it"),
            (self.keeps_token, "keep its access token, which works"),
            (True, f"see that it is a member of {names}"),
            (True, f"let /{self.trigger} in {names} lead to {self.callbacks.url}/commands"),
            (bool(self.allow_host), f"add {self.allow_host} to {server_settings.CONNECTIONS}"),
            (bool(self.pages_url), f"let the pages be at {self.pages_url}"),
            (self.registers_pages, "register an OAuth 2.0 application, so that people sign in there by Mattermost"),
            (
                self.grants_ephemeral,
                "add create_post_ephemeral to the role system_post_all, and give the bot that role",
            ),
        ]
        return [line for holds, line in told if holds]
