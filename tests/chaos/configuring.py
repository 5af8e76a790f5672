"""Writes down how the bot's processes are set up, as an operator would."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stage import free_port

from bot.settings.config import Config
from chaos.process import Process

CLOCK = "clock"
"""The file that says how far the processes' clock is ahead."""


def configured(name: str, config: Config, folder: Path, *, server: int, storage: str) -> Process:
    """Return a process that is set up by files in a folder, reaches the `server` at a port, and has a port itself."""
    port, path = free_port(), folder / f"{name.replace(' ', '-')}.toml"
    sections = {
        "server": {"url": f"http://127.0.0.1:{server}"},
        "callbacks": {"mode": "on", "listen_host": "127.0.0.1", "listen_port": port, "url": config.callbacks.url},
        "commands": {"trigger": config.commands.trigger},
        "playbooks": {"starters": False, "files": list(config.playbooks.files)},
    }
    path.write_text(_toml(sections), encoding="utf-8")
    tokens = [f"{team}:{token.get_secret_value()}" for team, token in config.commands.tokens.items()]
    environment = {
        "MUSTER_CONFIG": str(path),
        "MUSTER_CHAOS_CLOCK": str(folder / CLOCK),
        "MUSTER_TOKEN": config.token.get_secret_value(),
        "MUSTER_CALLBACKS_SECRET": config.callbacks.secret.get_secret_value(),
        "MUSTER_COMMANDS_TOKENS": ",".join(tokens),
        "MUSTER_STORE_URL": storage,
    }
    return Process(name, port, environment)


def _toml(sections: Mapping[str, Mapping[str, Any]]) -> str:
    # A string, a number, a list or a boolean is written in JSON as in TOML.
    return "\n".join(
        line
        for section, values in sections.items()
        for line in (f"[{section}]", *(f"{key} = {json.dumps(value)}" for key, value in values.items()))
    )
