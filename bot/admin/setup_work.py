"""Doing on the server what was agreed upon; whatever is there already is kept."""

import secrets
from collections.abc import Awaitable, Callable
from contextlib import nullcontext

from bot.admin import provision
from bot.admin.account import explained
from bot.admin.setup_grants import allow_calls, bots_may_be_created, grant_ephemeral
from bot.admin.setup_pages import register_pages
from bot.admin.setup_plan import Plan, Team
from bot.admin.setup_trigger import custom_commands
from bot.driver import Driver

Note = Callable[[dict[str, str]], Awaitable[None]]


async def carry_out(admin: Driver, plan: Plan, secret: str, note: Note, say: Callable[[str], None]) -> None:
    """Make what is missing. What is learnt and cannot be asked for again goes to `note` at once.

    Raises `Trouble`; running it again goes on from there.
    """
    bot_id = await _bot(admin, plan, say)
    await _token(admin, plan, bot_id, note, say)
    if not secret:
        await note({"MUSTER_CALLBACKS_SECRET": secrets.token_urlsafe(32)})
    tokens = dict(plan.command_tokens)
    for team in plan.teams:
        with explained(f"add the bot to the team {team['name']}"):
            await admin.client.post(f"/teams/{team['id']}/members", {"team_id": team["id"], "user_id": bot_id})
        tokens = await _command(admin, plan, team, tokens)
        say(f"✓ {team['name']}: @{plan.username} is a member, and /{plan.trigger} leads to it.")
    await note({"MUSTER_COMMANDS_TOKENS": ",".join(f"{team}:{token}" for team, token in tokens.items())})
    await register_pages(admin, plan, note, say)


async def grant(admin: Driver, plan: Plan, say: Callable[[str], None]) -> None:
    """Do what was asked for besides. Raises `Trouble`; what is needed to run is there already."""
    if plan.allow_host:
        say(f"✓ {await allow_calls(admin, plan.allow_host)}")
    if plan.grants_ephemeral:
        for done in await grant_ephemeral(admin, plan.username):
            say(f"✓ {done}")


async def _bot(admin: Driver, plan: Plan, say: Callable[[str], None]) -> str:
    async with bots_may_be_created(admin) if plan.enable_bots else nullcontext():
        with explained(f"create the bot @{plan.username}"):
            bot_id = await provision.bot_account(admin, plan.username)
    say(f"✓ @{plan.username} is there.")
    return bot_id


async def _token(admin: Driver, plan: Plan, bot_id: str, note: Note, say: Callable[[str], None]) -> None:
    if plan.keeps_token:
        return
    with explained("make an access token"):
        token = await provision.new_token(admin, bot_id)
    await note({"MUSTER_TOKEN": token})
    say("✓ It has a new access token.")


async def _command(admin: Driver, plan: Plan, team: Team, tokens: dict[str, str]) -> dict[str, str]:
    """Return the tokens with that of the team's command, which replaces one of ours with another word."""
    name = str(team["name"])
    with explained(f"set up /{plan.trigger} in the team {name}"):
        token = await provision.slash_command(admin, team["id"], plan.callbacks.url, plan.trigger)
        for command in await custom_commands(admin, team["id"]):
            if command["token"] == tokens.get(name) and command["trigger"] != plan.trigger:
                await admin.client.delete(f"/commands/{command['id']}")
    return {team: known for team, known in tokens.items() if known != token} | {name: token}
