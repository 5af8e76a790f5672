"""Which account is the bot's, and whether its access token is kept."""

from collections.abc import Mapping
from typing import Any

from bot.admin import server_settings
from bot.admin.account import explained
from bot.admin.setup_plan import Plan
from bot.admin.setup_questions import Questions
from bot.admin.setup_wishes import Wishes
from bot.driver import Driver, ServerRefused, ServerUnreachable, connect
from bot.settings.config import Config
from bot.trouble import Trouble


async def choose_bot(admin: Driver, plan: Plan, wishes: Wishes, present: Config, ask: Questions) -> None:
    """Fill in the plan's account and what becomes of its token. Raises `Trouble`."""
    token = present.token.get_secret_value()
    me = await _whose(plan, token) if token else None
    default = str(me["username"]) if me else "muster"
    while True:
        plan.username = wishes.username or ask.text("Name of the bot", default, "--bot")
        plan.bot = await _account(admin, plan.username)
        if plan.bot is None or plan.bot.get("is_bot"):
            break
        words = f"@{plan.username} is a person's account. Choose another name for the bot."
        if wishes.username or not ask.asks:
            raise Trouble(words)
        ask.say(words)
    plan.keeps_token = _keeps_token(plan, wishes, bool(token), me, ask)
    if plan.bot is None and not server_settings.value(plan.settings, server_settings.BOTS):
        plan.enable_bots = _enables_bots(wishes, ask)


def _keeps_token(plan: Plan, wishes: Wishes, known: bool, me: Mapping[str, Any] | None, ask: Questions) -> bool:
    works = me is not None and plan.bot is not None and me.get("id") == plan.bot["id"]
    if works or not known or plan.bot is None or wishes.new_token:
        return works and not wishes.new_token
    ask.say(f"The access token that is kept here does not work for @{plan.username}.")
    if not ask.yes("Make a new one?", default=True):
        raise Trouble("Without an access token that works Muster cannot run. Nothing was changed.")
    return False


def _enables_bots(wishes: Wishes, ask: Questions) -> bool:
    ask.say("The server does not let bots be created.")
    question = "Switch that on for the moment, and off again once the bot is made?"
    if wishes.enable_bots or ask.yes(question, default=False):
        return True
    raise Trouble(
        f"The bot cannot be made. Switch on {server_settings.place(server_settings.BOTS)}, "
        "or let muster setup do so for the moment: --enable-bot-creation."
    )


async def _whose(plan: Plan, token: str) -> Mapping[str, Any] | None:
    """Return the account that a token belongs to, None where it does not work."""
    driver = connect(plan.server, token, verify=plan.verify_tls)
    try:
        user: Mapping[str, Any] = await driver.client.get("/users/me")
    except (ServerRefused, ServerUnreachable):
        return None
    finally:
        await driver.close()
    return user


async def _account(admin: Driver, username: str) -> Mapping[str, Any] | None:
    with explained(f"look for @{username}"):
        try:
            user: Mapping[str, Any] = await admin.client.get(f"/users/username/{username}")
        except ServerRefused as refusal:
            if refusal.status != 404:
                raise
            return None
    return user
