"""The server's settings: the part of a Mattermost configuration that changes behaviour here."""

from typing import Any

from .versions import Version

Config = dict[str, dict[str, Any]]


def default_config(version: Version, site_url: str) -> Config:
    """Return the settings of a server prepared for bots, with loopback integrations allowed."""
    service: dict[str, Any] = {
        "SiteURL": site_url,
        "EnableBotAccountCreation": True,
        "EnableUserAccessTokens": True,
        "EnableOAuthServiceProvider": version.modern,
        "EnableCommands": True,
        "EnableIncomingWebhooks": True,
        "EnablePostUsernameOverride": False,
        "EnablePostIconOverride": False,
        "EnablePostSearch": True,
        "EnableUserCreation": True,
        "AllowedUntrustedInternalConnections": "127.0.0.0/8 ::1 localhost",
        "EnableInsecureOutgoingConnections": False,
        "DisableBotsWhenOwnerIsDeactivated": True,
        "PostEditTimeLimit": -1,
        "EnableAPIChannelDeletion": False,
        "ExperimentalEnableHardenedMode": False,
        "CollapsedThreads": "always_on" if version.modern else "disabled",
    }
    if version.modern:
        service |= {
            "OutgoingIntegrationRequestsTimeout": 30,
            "MaximumPayloadSizeBytes": 300_000,
            "MaximumURLLength": 2048,
            "UniqueEmojiReactionLimitPerPost": 50,
        }
    else:
        service["EnableReliableWebSockets"] = False
    return {
        "ServiceSettings": service,
        "TeamSettings": {
            "SiteName": "Mattermost",
            "EnableOpenServer": True,
            "MaxUsersPerTeam": 50,
            "MaxChannelsPerTeam": 2000,
            "MaxNotificationsPerChannel": 1000,
            "ExperimentalViewArchivedChannels": True,
            **({"ExperimentalChannelCategorySorting": False} if version.newest else {}),
        },
        "FileSettings": {"EnableFileAttachments": True, "MaxFileSize": 104_857_600},
        "RateLimitSettings": {
            "Enable": False,
            "PerSec": 10,
            "MaxBurst": 100,
            "MemoryStoreSize": 10_000,
            "VaryByRemoteAddr": True,
            "VaryByUser": False,
            "VaryByHeader": "",
        },
    }


def merge(config: Config, patch: dict[str, Any]) -> None:
    """Write the given values over the present ones; unknown sections are kept as sent."""
    for section, values in patch.items():
        if isinstance(values, dict):
            config.setdefault(section, {}).update(values)


def client_config(config: Config, version: Version, known_user: bool) -> dict[str, str]:
    """Return the flat strings that every client reads on start."""
    service = config["ServiceSettings"]
    found = {
        "Version": version.number,
        "BuildNumber": "",
        "BuildEnterpriseReady": "false" if version.major < 10 else "",
        "SiteURL": str(service["SiteURL"]),
        "SiteName": str(config["TeamSettings"]["SiteName"]),
        "EnableBotAccountCreation": _text(service["EnableBotAccountCreation"]),
        "EnableUserCreation": _text(service["EnableUserCreation"]),
        "EnableOpenServer": _text(config["TeamSettings"]["EnableOpenServer"]),
        "PluginsEnabled": "false",
        "DefaultClientLocale": "en",
        "WebsocketURL": "",
    }
    if known_user:
        found |= {
            "MaxPostSize": "16383",
            "MaxFileSize": str(config["FileSettings"]["MaxFileSize"]),
            "EnableFileAttachments": _text(config["FileSettings"]["EnableFileAttachments"]),
            "CollapsedThreads": str(service["CollapsedThreads"]),
            "EnableCommands": _text(service["EnableCommands"]),
            "EnablePostUsernameOverride": _text(service["EnablePostUsernameOverride"]),
            "EnablePostIconOverride": _text(service["EnablePostIconOverride"]),
            "EnableUserAccessTokens": _text(service["EnableUserAccessTokens"]),
        }
        if version.modern:
            found["PostPriority"] = "true"
    return found


def _text(value: Any) -> str:
    return "true" if value else "false"
