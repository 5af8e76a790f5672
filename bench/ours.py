"""Muster itself in a process of its own, as it runs everywhere, with as many keywords as it is told."""

import asyncio
import json
import signal
import socket
import sys
from typing import Any

from pydantic import SecretStr

from bench.words import END, keywords
from bot.app import leave_alone_what_is_there, running
from bot.logs.log import set_up
from bot.settings.config import Config
from bot.settings.sections import Callbacks, Channels, Commands, Limits, Log, Playbooks, Prompts, Server, Storage
from handlers.playbooks.keywords import Keywords, Watched

SECRET = "a secret for the bench only"
COMMAND_TOKEN = "commandtokencommandtoken01"


def free_port() -> int:
    """Return a port on loopback that nobody listens at."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def config(url: str, store: str, port: int, playbooks: tuple[str, ...] = ()) -> Config:
    """Return a configuration for a bot that listens on loopback."""
    sections: dict[str, Any] = {
        "token": SecretStr("tokentokentokentokentoken1"),
        "server": Server(url=url),
        "callbacks": Callbacks(
            mode="on",
            listen_host="127.0.0.1",
            listen_port=port,
            url=f"http://127.0.0.1:{port}/hooks",
            secret=SecretStr(SECRET),
        ),
        # A few people stand for many here, at a pace that nobody keeps.
        "limits": Limits(requests=0, starts=0),
        "commands": Commands(trigger="playbook", tokens={"ops": SecretStr(COMMAND_TOKEN)}),
        "channels": Channels(),
        "store": Storage(url=store),
        "playbooks": Playbooks(starters=not playbooks, files=playbooks),
        "prompts": Prompts(),
        "log": Log(),
    }
    return Config.model_construct(**sections)


def listened_for(playbooks: int, each: int) -> Keywords:
    """Return the keywords of so many playbooks; one of them also listens for the end of what is measured."""
    words = keywords(playbooks * each)
    watched = [Watched(1, (END,))]
    watched += [Watched(n + 1, tuple(words[n * each : (n + 1) * each])) for n in range(playbooks)]
    return Keywords(watched)


async def run(options: dict[str, Any]) -> None:
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    async with running(config(options["url"], options["store"], options["port"])) as bot:
        if "playbooks" in options:
            bot.ears.keywords = listened_for(options["playbooks"], options["each"])
            await bot.ears.refresh()
        leave_alone_what_is_there()
        print(json.dumps({"ready": True}), flush=True)
        await stopped.wait()


if __name__ == "__main__":
    set_up("error", "console")
    asyncio.run(run(json.loads(sys.argv[1])))
