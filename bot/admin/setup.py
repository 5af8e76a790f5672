"""A set-up from the first question to the last file: an administrator's account makes the bot, and is not kept."""

import os
from dataclasses import replace
from pathlib import Path

from pydantic import SecretStr

from bot.admin.account import CodeWanted, Credentials, NotLetIn, said_version, signed_in
from bot.admin.setup_address import choose_server
from bot.admin.setup_choices import make_plan
from bot.admin.setup_files import (
    Key,
    Value,
    require_writable,
    secrets_path,
    write_secrets,
    write_settings,
    write_template,
)
from bot.admin.setup_loopback import LOOPBACK, wants_loopback
from bot.admin.setup_plan import Plan
from bot.admin.setup_questions import Questions
from bot.admin.setup_wishes import Wishes
from bot.admin.setup_work import carry_out, grant
from bot.driver import Driver
from bot.settings.config import Config, config_path, load, without_local
from bot.settings.layers import local_path, variable_names
from bot.settings.sections import Commands
from bot.trouble import Trouble

ADMIN_NAME = "User name of a system administrator"
GIVEN_BY = "MUSTER_ADMIN_PASSWORD, --password-file or --token-file"


async def set_up(wishes: Wishes, credentials: Credentials, ask: Questions) -> None:
    """Ask, check, agree, do and write down. Raises `Trouble`."""
    toml = config_path(os.environ)
    present = _present(toml)
    require_writable(toml)
    verify = present.server.verify_tls if wishes.verify_tls is None else wishes.verify_tls
    url, version = await choose_server(wishes.server, present.server.url, verify, ask)
    if present.server.url not in ("", url):
        # What another server gave out is no business of this one's.
        present = present.model_copy(
            update={"token": SecretStr(""), "commands": Commands(trigger=present.commands.trigger)}
        )
    ask.say(f"{url} is Mattermost {said_version(version)}.")
    credentials = _credentials(credentials, ask)
    while True:
        try:
            plan = Plan(server=url, verify_tls=verify, version=version)
            return await _with(credentials, plan, wishes, present, ask)
        except (CodeWanted, NotLetIn) as refusal:
            if not ask.asks or credentials.token:
                raise
            ask.say(str(refusal))
            credentials = _other(credentials, isinstance(refusal, CodeWanted), ask)


def _other(refused: Credentials, is_code_wanted: bool, ask: Questions) -> Credentials:
    """Return what somebody says instead of what the server refused."""
    if is_code_wanted:
        return replace(refused, code=ask.text("Code of the second factor", "", "--mfa-code"))
    name = ask.text(ADMIN_NAME, refused.name, "--admin")
    return Credentials(name, ask.secret(f"Password of {name}", GIVEN_BY))


async def _with(credentials: Credentials, plan: Plan, wishes: Wishes, present: Config, ask: Questions) -> None:
    async with signed_in(plan.server, credentials, verify=plan.verify_tls) as admin:
        await make_plan(admin, plan, wishes, present, ask)
        ask.say("\nmuster setup is going to\n" + "\n".join(f"  - {line}" for line in plan.lines()))
        if not wishes.agreed and not ask.yes("Do that?", default=ask.asks):
            raise Trouble("Nothing was changed." + ("" if ask.asks else " Add --yes to have it done."))
        await _do(admin, plan, present, ask)
    if not wishes.listen_host and await wants_loopback(load(complete=False), ask):
        local = local_path(config_path(os.environ))
        write_settings(local, {("callbacks", "listen_host"): LOOPBACK})
        ask.say(f"✓ {local} says so: listen_host = {LOOPBACK}")
    ask.say("\nNext: muster doctor tries everything, muster run starts the bot (stop first what runs already).")


async def _do(admin: Driver, plan: Plan, present: Config, ask: Questions) -> None:
    toml = config_path(os.environ)

    async def note(learnt: dict[str, str]) -> None:
        write_secrets(toml, learnt)

    await carry_out(admin, plan, present.callbacks.secret.get_secret_value(), note, ask.say)
    local = local_path(toml)
    kept = write_settings(local, _settings(plan), usual=lambda key: without_local(*key))
    ask.say(f"✓ {local} is written" + (f"; the former one is kept as {kept.name}." if kept else "."))
    if write_template(toml):
        ask.say(f"✓ {toml} explains every other key, and says what holds for it.")
    ask.say(f"✓ {secrets_path(toml)} holds the secrets; only you can read it.")
    await grant(admin, plan, ask.say)
    for name in variable_names(Config):
        if os.environ.get(name) or os.environ.get(f"{name}_FILE"):
            ask.say(f"⚠ {name} is set in the environment, and wins over these files.")


def _settings(plan: Plan) -> dict[Key, Value]:
    pages = {"url": plan.pages_url, "oauth_client_id": plan.oauth_client_id}
    return {
        ("server", "url"): plan.server,
        ("server", "teams"): [str(team["name"]) for team in plan.teams] if plan.names_teams else [],
        ("server", "verify_tls"): plan.verify_tls,
        ("callbacks", "listen_host"): plan.callbacks.listen_host,
        ("callbacks", "listen_port"): plan.callbacks.listen_port,
        ("callbacks", "url"): plan.callbacks.url,
        ("commands", "trigger"): plan.trigger,
        ("channels", "join"): plan.join,
        **{("pages", name): said for name, said in pages.items() if said},
    }


def _present(toml: Path) -> Config:
    """Return what is configured already, the defaults where nothing is."""
    if not toml.is_file() and "MUSTER_CONFIG" in os.environ:
        return Config.model_construct()
    return load(complete=False)


def _credentials(given: Credentials, ask: Questions) -> Credentials:
    if given.token:
        return given
    name = given.name or ask.text(ADMIN_NAME, "", "--admin")
    return Credentials(name, given.password or ask.secret(f"Password of {name}", GIVEN_BY), code=given.code)
