"""Who has the word after the slash already: Mattermost itself, a plugin, somebody else's command, or ours."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bot.driver import Driver, ServerRefused

# fmt: off
BUILT_IN = frozenset((
    "away", "code", "collapse", "dnd", "echo", "expand", "exportlink", "groupmsg", "header", "help", "invite",
    "invite_people", "join", "kick", "leave", "logout", "marketplace", "me", "msg", "mute", "offline", "online",
    "open", "purpose", "remove", "rename", "search", "secure-connection", "settings", "share-channel",
    "shortcuts", "shrug", "status", "test",
))
# fmt: on
_PLUGINS = {
    "playbooks": "Playbooks",
    "com.mattermost.plugin-incident-management": "Incident Collaboration",
    "com.mattermost.plugin-incident-response": "Incident Response",
}
_RUNNING = 2
PROPOSALS = ("playbook", "muster", "runs", "muster-playbook")


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a word in which team; `words` is a sentence for people."""

    by: Literal["server", "plugin", "somebody"]
    words: str


async def who_holds(
    admin: Driver, team: Mapping[str, Any], trigger: str, *, tokens: Collection[str], url: str
) -> Holder | None:
    """Return who holds the word in a team, None where it is free, or ours by its token or by where it leads."""
    if trigger in BUILT_IN:
        return Holder("server", f"/{trigger} is one of Mattermost's own commands")
    if await is_shadowed(admin, team["id"], trigger):
        # A plugin wins over a custom command without a word (server source: app/command.go, ExecuteCommand).
        name = await _plugin_name(admin)
        return Holder("plugin", f"/{trigger} belongs to {name} and would never reach Muster")
    for command in await custom_commands(admin, team["id"]):
        is_ours = command["token"] in tokens or command["url"] == url
        if command["trigger"] == trigger and not is_ours:
            return Holder(
                "somebody",
                f"/{trigger} leads to {command['url']} in {team['name']} already; if nobody needs that, delete "
                "it in Main menu > Integrations > Slash Commands",
            )
    return None


async def is_shadowed(driver: Driver, team_id: str, trigger: str) -> bool:
    """Tell whether the server or a plugin answers to the word; then what is offered for it has no id."""
    return any(row["trigger"] == trigger and not row.get("id") for row in await offered(driver, team_id))


async def offered(driver: Driver, team_id: str) -> Iterable[Mapping[str, Any]]:
    """Return the commands that are offered to whoever types in a team; any member may see these."""
    return list(await driver.client.get(f"/teams/{team_id}/commands/autocomplete") or [])


async def custom_commands(driver: Driver, team_id: str) -> list[dict[str, Any]]:
    """Return a team's custom commands with their tokens, which only those see who may manage them."""
    params = {"team_id": team_id, "custom_only": "true"}
    return list(await driver.client.get("/commands", params=params) or [])


async def _plugin_name(admin: Driver) -> str:
    try:
        statuses = await admin.client.get("/plugins/statuses") or []
    except ServerRefused:
        return "a plugin"
    running = [str(row.get("plugin_id")) for row in statuses if row.get("state") == _RUNNING]
    return next((f"the plugin {_PLUGINS[one]}" for one in running if one in _PLUGINS), "a plugin")
