"""The demo's bot: set up on the server like on a real one, with files in a folder of its own."""

import secrets
import socket
from pathlib import Path

from pydantic import SecretStr

from bot.admin.provision import Provisioned, provision
from bot.driver import connect
from bot.library.shelf import starter_files
from bot.settings.config import Config
from bot.settings.sections import Callbacks, Commands, Pages, Playbooks, Server, Storage
from sandbox.human import Human

BOT, TRIGGER = "muster", "playbook"


async def set_up_bot(admin: Human, folder: Path, team: str) -> Config:
    """Make the account, its token and its command as an administrator does, and return what to run the bot with."""
    port = _free_port()
    callback_url = f"http://127.0.0.1:{port}"
    driver = connect(admin.url, admin.token)
    made = await provision(driver, username=BOT, teams=[team], callback_url=callback_url, trigger=TRIGGER)
    await driver.close()
    secret = SecretStr(secrets.token_hex(32))
    callbacks = Callbacks(mode="on", listen_host="127.0.0.1", listen_port=port, url=callback_url, secret=secret)
    return _config(admin.url, made, callbacks, folder)


def _config(url: str, made: Provisioned, callbacks: Callbacks, folder: Path) -> Config:
    """Return a configuration that nothing from a real installation gets into: neither bot.toml nor environment."""
    tokens = {team: SecretStr(token) for team, token in made.command_tokens.items()}
    return Config.model_construct(
        token=SecretStr(made.token),
        server=Server(url=url),
        callbacks=callbacks,
        pages=Pages(url=f"http://127.0.0.1:{(port := _free_port())}", listen_port=port),
        commands=Commands(trigger=TRIGGER, tokens=tokens),
        store=Storage(url=f"sqlite:///{folder / 'muster.sqlite'}"),
        playbooks=Playbooks(files=(str(_incident(folder)),)),
    )


def _incident(folder: Path) -> Path:
    """Write the starter for incidents with a channel to tell, which a starter cannot know."""
    name = "incident-response.yaml"
    starter = dict(starter_files())[name]
    told = starter.replace("  broadcast: []\n", '  broadcast: ["~status"]\n')
    assert told != starter, "the starter says nothing of channels to tell"
    path = folder / name
    path.write_text(told, encoding="utf-8")
    return path


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
