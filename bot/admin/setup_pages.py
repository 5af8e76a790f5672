"""The pages in a set-up: where they are, and the application by which Mattermost tells them who somebody is."""

from collections.abc import Awaitable, Callable

from bot.admin import server_settings
from bot.admin.account import explained
from bot.admin.setup_plan import Plan
from bot.admin.setup_questions import Questions
from bot.admin.setup_wishes import checked
from bot.driver import Driver
from bot.settings.sections import Pages

SECRET = "MUSTER_PAGES_OAUTH_CLIENT_SECRET"  # noqa: S105 - a name, not a secret


def choose_pages(plan: Plan, wished: str, present: Pages, ask: Questions) -> None:
    """Let pages be where somebody wished, if anybody did. Raises `Trouble` for an address that will not do."""
    if not wished:
        return
    plan.pages_url = str(checked(wished, Pages, "url"))
    is_known = bool(present.oauth_client_id) and plan.pages_url == present.url
    plan.registers_pages = not is_known and bool(server_settings.value(plan.settings, server_settings.OAUTH))
    if not is_known and not plan.registers_pages:
        place = server_settings.place(server_settings.OAUTH)
        ask.say(f"People get into the pages by a link. To let them in by Mattermost, too, switch on {place}.")


async def register_pages(
    admin: Driver, plan: Plan, note: Callable[[dict[str, str]], Awaitable[None]], say: Callable[[str], None]
) -> None:
    """Make the application by which people sign in to the pages. Raises `Trouble`."""
    if not plan.registers_pages:
        return
    asked = {
        "name": "Muster",
        "description": "Pages of runs and playbooks",
        "homepage": plan.pages_url,
        "callback_urls": [f"{plan.pages_url}/oauth/back"],
        # Nobody is asked each time whether Muster may know who they are.
        "is_trusted": True,
    }
    with explained("register an OAuth 2.0 application for the pages"):
        made = await admin.client.post("/oauth/apps", asked)
    await note({SECRET: made["client_secret"]})
    plan.oauth_client_id = made["id"]
    say(f"✓ Who is signed in to Mattermost gets into the pages at {plan.pages_url}.")
