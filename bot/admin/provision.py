"""What an administrator's account sets up on a server: the bot, its token, its teams and its slash command."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.admin.setup_trigger import custom_commands
from bot.driver import Driver, ServerRefused
from handlers.routes import HINT

DESCRIPTION = "Starts playbooks, keeps their checklists, and reminds."


@dataclass(slots=True)
class Provisioned:
    """What was made or found: the bot's id and new token, and each team's command token by team name."""

    bot_id: str
    token: str = ""
    command_tokens: dict[str, str] = field(default_factory=dict)


async def provision(
    admin: Driver, *, username: str, teams: Iterable[str], callback_url: str, trigger: str
) -> Provisioned:
    """Make the bot account, a token, its team memberships and the slash command, as far as they are missing.

    Raises `ServerRefused` at the first thing that the server does not allow.
    """
    made = Provisioned(await bot_account(admin, username))
    made.token = await new_token(admin, made.bot_id)
    for name in teams:
        team = await admin.client.get(f"/teams/name/{name}")
        await admin.client.post(f"/teams/{team['id']}/members", {"team_id": team["id"], "user_id": made.bot_id})
        made.command_tokens[name] = await slash_command(admin, team["id"], callback_url, trigger)
    return made


async def bot_account(admin: Driver, username: str) -> str:
    """Return the id of the bot's account, made if there is none; one that was disabled is enabled."""
    try:
        user = await admin.client.get(f"/users/username/{username}")
    except ServerRefused as refusal:
        if refusal.status != 404:
            raise
        bot = await admin.client.post(
            "/bots", {"username": username, "display_name": "Muster", "description": DESCRIPTION}
        )
        return str(bot["user_id"])
    if not user.get("is_bot"):
        raise ServerRefused(409, "muster.not_a_bot", f"@{username} is a person's account; choose another name")
    if user.get("delete_at"):
        await admin.client.post(f"/bots/{user['id']}/enable")
    return str(user["id"])


async def new_token(admin: Driver, bot_id: str) -> str:
    """Return a new token; the server shows it this once."""
    made = await admin.client.post(f"/users/{bot_id}/tokens", {"description": "Muster"})
    return str(made["token"])


async def slash_command(admin: Driver, team_id: str, callback_url: str, trigger: str) -> str:
    """Return the token of the team's command, which is made, or pointed to the right address."""
    wanted = {
        "team_id": team_id,
        "trigger": trigger,
        "method": "P",
        "url": f"{callback_url}/commands",
        "auto_complete": True,
        "auto_complete_desc": "Run playbooks: start a run, work its checklists, post updates",
        "auto_complete_hint": HINT,
        "display_name": "Muster",
        "description": DESCRIPTION,
    }
    for command in await custom_commands(admin, team_id):
        if command["trigger"] == trigger:
            await admin.client.put(f"/commands/{command['id']}", command | wanted)
            return str(command["token"])
    made = await admin.client.post("/commands", wanted)
    return str(made["token"])
