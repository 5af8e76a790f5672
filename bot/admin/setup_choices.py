"""Everything that a set-up has to know, asked for and checked before anything is changed."""

from collections.abc import Sequence

from bot.admin import server_settings
from bot.admin.account import explained
from bot.admin.setup_bot import choose_bot
from bot.admin.setup_grants import EPHEMERAL_FROM, OFFER, TOO_OLD, has_ephemeral
from bot.admin.setup_pages import choose_pages
from bot.admin.setup_places import choose_address, choose_teams
from bot.admin.setup_plan import Plan
from bot.admin.setup_questions import Questions
from bot.admin.setup_trigger import PROPOSALS, who_holds
from bot.admin.setup_wishes import Wishes, insist
from bot.driver import Driver
from bot.settings.config import Config
from bot.settings.sections import Channels, Commands
from bot.trouble import Trouble


async def make_plan(admin: Driver, plan: Plan, wishes: Wishes, present: Config, ask: Questions) -> Plan:
    """Fill in the plan, asking for what was not said. Raises `Trouble` for what stands in the way."""
    with explained("say how it is set up"):
        plan.settings = await admin.client.get("/config")
    _check_settings(plan, ask)
    await choose_bot(admin, plan, wishes, present, ask)
    await choose_teams(admin, plan, wishes, present, ask)
    await choose_address(plan, wishes, present.callbacks, ask)
    plan.command_tokens = {team: token.get_secret_value() for team, token in present.commands.tokens.items()}
    plan.trigger = await _choose_trigger(admin, plan, wishes.trigger, present.commands.trigger, ask)
    choose_pages(plan, wishes.pages_url, present.pages, ask)
    plan.join = _choose_join(wishes.join, present.channels, ask)
    plan.grants_ephemeral = await _choose_ephemeral(admin, plan, wishes.grant_ephemeral, ask)
    return plan


def _check_settings(plan: Plan, ask: Questions) -> None:
    if server_settings.value(plan.settings, server_settings.COMMANDS) is False:
        place = server_settings.place(server_settings.COMMANDS)
        raise Trouble(f"Slash commands are switched off on this server. Switch on {place}.")
    if not server_settings.value(plan.settings, server_settings.SITE_URL):
        words = f"The server does not know its own address. Set {server_settings.place(server_settings.SITE_URL)}."
        if plan.version >= (11, 0):
            raise Trouble(f"{words} Without it no slash command runs.")
        ask.say(f"⚠ {words} Until then links and delayed answers lead nowhere.")


async def _choose_trigger(admin: Driver, plan: Plan, wished: str, present: str, ask: Questions) -> str:
    proposal = present

    def choose() -> str:
        return wished or ask.text("Word after the slash", proposal, "--trigger")

    while taken := await _taken(admin, plan, word := str(insist(choose, Commands, "trigger", ask))):
        proposal = await _free(admin, plan, word)
        if wished or not ask.asks:
            raise Trouble(f"{taken}. Choose another word: --trigger {proposal}.")
        ask.say(f"{taken}. Another word is needed.")
    return word


async def _free(admin: Driver, plan: Plan, word: str) -> str:
    for proposal in (*PROPOSALS, f"{plan.username}-{word}"):
        if proposal != word and not await _taken(admin, plan, proposal):
            return proposal
    return f"{plan.username}-{word}-2"


async def _taken(admin: Driver, plan: Plan, word: str) -> str:
    tokens, url = set(plan.command_tokens.values()), f"{plan.callbacks.url}/commands"
    with explained("list the slash commands"):
        for team in plan.teams:
            if taken := await who_holds(admin, team, word, tokens=tokens, url=url):
                return taken.words
    return ""


def _choose_join(wished: str, present: Channels, ask: Questions) -> str | Sequence[str]:
    usual = present.join if isinstance(present.join, str) else ", ".join(present.join)
    if not wished and ask.asks:
        ask.say(
            "Muster hears keywords in the channels that it is a member of. It can wait for invitations (invited), join "
            "every public channel (all), or those of some names (incident-*, ops). Joining is seen by everybody in a "
            "channel."
        )
    found = insist(lambda: wished or ask.text("Channels to join", usual, "--join"), Channels, "join", ask)
    return found if isinstance(found, str) else list(found)


async def _choose_ephemeral(admin: Driver, plan: Plan, wished: bool | None, ask: Questions) -> bool:
    if wished is False:
        return False
    if plan.version < EPHEMERAL_FROM:
        if wished or ask.asks:
            ask.say(TOO_OLD)
        return False
    with explained("show its roles"):
        if plan.bot is not None and await has_ephemeral(admin, str(plan.bot.get("roles", ""))):
            return False
    if wished or ask.asks:
        ask.say(OFFER)
    return bool(wished) or ask.yes("Grant that?", default=False)
