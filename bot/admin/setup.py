"""A set-up from the first question to the last file: an administrator's account makes the bot, and is not kept."""

import os
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.admin.account import CodeWanted, Credentials, reach, said_version, signed_in
from bot.admin.setup_choices import make_plan
from bot.admin.setup_files import Key, Value, require_writable, secrets_path, write_secrets, write_settings
from bot.admin.setup_loopback import LOOPBACK, wants_loopback
from bot.admin.setup_plan import Plan
from bot.admin.setup_questions import Questions
from bot.admin.setup_wishes import Wishes, insist
from bot.admin.setup_work import carry_out, grant
from bot.driver import Driver
from bot.settings.config import Config, config_path, load
from bot.settings.layers import variable_names
from bot.settings.sections import Commands, Server
from bot.trouble import Trouble


async def set_up(wishes: Wishes, credentials: Credentials, ask: Questions) -> None:
    """Ask, check, agree, do and write down. Raises `Trouble`."""
    toml = config_path(os.environ)
    present = _present(toml)
    require_writable(toml)
    verify = present.server.verify_tls if wishes.verify_tls is None else wishes.verify_tls
    url = insist(
        lambda: wishes.server or ask.text("Address of the Mattermost server", present.server.url, "--server"),
        Server,
        "url",
        ask,
    )
    if present.server.url not in ("", url):
        # What another server gave out is no business of this one's.
        present = present.model_copy(
            update={"token": SecretStr(""), "commands": Commands(trigger=present.commands.trigger)}
        )
    version = await reach(url, verify=verify)
    ask.say(f"{url} is Mattermost {said_version(version)}.")
    credentials = _credentials(credentials, ask)
    try:
        await _with(credentials, Plan(server=url, verify_tls=verify, version=version), wishes, present, ask)
    except CodeWanted as wanted:
        if not ask.asks:
            raise
        ask.say(str(wanted))
        code = ask.text("Code of the second factor", "", "--mfa-code")
        credentials = Credentials(name=credentials.name, password=credentials.password, code=code)
        await _with(credentials, Plan(server=url, verify_tls=verify, version=version), wishes, present, ask)


async def _with(credentials: Credentials, plan: Plan, wishes: Wishes, present: Config, ask: Questions) -> None:
    async with signed_in(plan.server, credentials, verify=plan.verify_tls) as admin:
        await make_plan(admin, plan, wishes, present, ask)
        ask.say("\nmuster setup is going to\n" + "\n".join(f"  - {line}" for line in plan.lines()))
        if not wishes.agreed and not ask.yes("Do that?", default=ask.asks):
            raise Trouble("Nothing was changed." + ("" if ask.asks else " Add --yes to have it done."))
        await _do(admin, plan, present, ask)
    if not wishes.listen_host and await wants_loopback(load(complete=False), ask):
        toml = config_path(os.environ)
        write_settings(toml, {("callbacks", "listen_host"): LOOPBACK})
        ask.say(f"✓ {toml} says so: listen_host = {LOOPBACK}")
    ask.say("\nNext: muster doctor tries everything, muster run starts the bot (stop first what runs already).")


async def _do(admin: Driver, plan: Plan, present: Config, ask: Questions) -> None:
    toml = config_path(os.environ)

    async def note(learnt: dict[str, str]) -> None:
        write_secrets(toml, learnt)

    await carry_out(admin, plan, present.callbacks.secret.get_secret_value(), note, ask.say)
    kept = write_settings(toml, _settings(plan), usual=_usual)
    ask.say(f"✓ {toml} is written" + (f"; the former one is kept as {kept.name}." if kept else "."))
    ask.say(f"✓ {secrets_path(toml)} holds the secrets; only you can read it.")
    await grant(admin, plan, ask.say)
    for name in variable_names(Config):
        if os.environ.get(name) or os.environ.get(f"{name}_FILE"):
            ask.say(f"⚠ {name} is set in the environment, and wins over these files.")


def _settings(plan: Plan) -> dict[Key, Value]:
    return {
        ("server", "url"): plan.server,
        ("server", "teams"): [str(team["name"]) for team in plan.teams] if plan.names_teams else [],
        ("server", "verify_tls"): plan.verify_tls,
        ("callbacks", "listen_host"): plan.callbacks.listen_host,
        ("callbacks", "listen_port"): plan.callbacks.listen_port,
        ("callbacks", "url"): plan.callbacks.url,
        ("commands", "trigger"): plan.trigger,
        ("channels", "join"): plan.join,
    }


def _usual(key: Key) -> Any:
    """Return what holds where a key is left out."""
    return getattr(getattr(Config.model_construct(), key[0]), key[1])


def _present(toml: Path) -> Config:
    """Return what is configured already, the defaults where nothing is."""
    if not toml.is_file() and "MUSTER_CONFIG" in os.environ:
        return Config.model_construct()
    return load(complete=False)


def _credentials(given: Credentials, ask: Questions) -> Credentials:
    if given.token:
        return given
    name = given.name or ask.text("User name of a system administrator", "", "--admin")
    option = "MUSTER_ADMIN_PASSWORD, --password-file or --token-file"
    return Credentials(name, given.password or ask.secret(f"Password of {name}", option), code=given.code)
