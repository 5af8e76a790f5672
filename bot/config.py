"""The configuration: `bot.toml`, secrets from files, and the environment, which wins."""

import os
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot import layers
from bot.trouble import Trouble
from handlers import durations
from handlers.mistakes import in_words


class ConfigMistake(Trouble):
    """A configuration that cannot be used; the text names each key, where it stands and what is allowed."""

    def __init__(self, mistakes: Sequence[str]) -> None:
        super().__init__("\n".join(["The configuration cannot be used:", *(f"  {mistake}" for mistake in mistakes)]))
        self.mistakes = tuple(mistakes)


def _url(text: str) -> str:
    parts = urlsplit(text)
    if text and (parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment):
        raise ValueError("an address is written like https://chat.example.com")
    return text.rstrip("/")


def _list(value: object) -> object:
    return [word.strip() for word in value.split(",") if word.strip()] if isinstance(value, str) else value


def _tokens(value: object) -> object:
    """Take `team:token` or bare tokens, with commas between them, as a group by team."""
    listed = _list(value)
    if not isinstance(listed, list):
        return value
    named = [str(each).rpartition(":") for each in listed]
    return {team or str(number): token for number, (team, _, token) in enumerate(named, 1)}


def _patterns(value: object) -> object:
    if value in ("invited", "all"):
        return value
    patterns = _list(value)
    wrong = not isinstance(patterns, list) or not all(
        isinstance(each, str) and re.fullmatch(r"~?[a-z0-9*?_.-]+", each) for each in patterns
    )
    if wrong:
        raise ValueError('allowed are "invited", "all" or a list of channel names like ["incident-*", "ops"]')
    return tuple(each.removeprefix("~") for each in patterns)  # type: ignore[attr-defined]


def _duration(value: object) -> object:
    return timedelta(seconds=durations.parse(value)) if isinstance(value, str) else value


def _trigger(text: str) -> str:
    if not re.fullmatch(r"/?[a-z0-9][a-z0-9_-]{0,60}", text):
        raise ValueError('a command is one word of small letters, digits, - and _, like "playbook"')
    return text.removeprefix("/")


Address = Annotated[str, AfterValidator(_url)]
Names = Annotated[tuple[str, ...], BeforeValidator(_list)]


class Section(BaseModel):
    """A section of `bot.toml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Server(Section):
    """The Mattermost server, and the teams (by name in the address) to work in: none named, all the bot is in."""

    url: Address = ""
    teams: Names = ()
    verify_tls: bool = True


class Callbacks(Section):
    """The door for commands and clicks: where it listens, and at which `url` the server reaches it."""

    listen_host: str = "0.0.0.0"  # noqa: S104 - in a container nothing else can be reached from the server
    listen_port: int = Field(default=8646, ge=0, le=65535)
    url: Address = ""
    secret: SecretStr = SecretStr("")


class Commands(Section):
    """The slash command, and the token of each team's one, by team."""

    trigger: Annotated[str, AfterValidator(_trigger)] = "playbook"
    tokens: Annotated[dict[str, SecretStr], BeforeValidator(_tokens)] = {}


class Channels(Section):
    """Which channels the bot listens to: where it is invited, all public ones, or those of some names."""

    join: Annotated[Literal["invited", "all"] | tuple[str, ...], BeforeValidator(_patterns)] = "invited"


class Storage(Section):
    """The database."""

    url: str = "sqlite:///muster.sqlite"


class Playbooks(Section):
    """Where playbooks come from: the starters, and files, folders and patterns named from the folder of `bot.toml`."""

    starters: bool = True
    files: Names = ("playbooks/*.yaml",)


class Prompts(Section):
    """How long an offer waits for an answer before it folds."""

    fold_after: Annotated[timedelta, BeforeValidator(_duration)] = timedelta(hours=12)


class Log(Section):
    """How much is logged, and for whom: people (console) or machines (json)."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["console", "json"] = "console"


class Config(BaseSettings):
    """All sections, and the bot's token."""

    model_config = SettingsConfigDict(
        env_prefix="MUSTER_",
        env_nested_delimiter="_",
        env_nested_max_split=1,
        enable_decoding=False,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    token: SecretStr = SecretStr("")
    server: Server = Server()
    callbacks: Callbacks = Callbacks()
    commands: Commands = Commands()
    channels: Channels = Channels()
    store: Storage = Storage()
    playbooks: Playbooks = Playbooks()
    prompts: Prompts = Prompts()
    log: Log = Log()

    @property
    def folder(self) -> Path:
        """The folder of `bot.toml`, from which files are named."""
        return config_path(os.environ).parent

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return tuple(layer.source for layer in _layers(settings_cls))


def config_path(environ: Mapping[str, str]) -> Path:
    """Return where `bot.toml` is: MUSTER_CONFIG says so, or else it is looked for in the current folder."""
    return Path(environ.get("MUSTER_CONFIG") or "bot.toml")


def load(*, complete: bool = True) -> Config:
    """Return the configuration; with `complete` all that is needed to run must be there. Raises `ConfigMistake`."""
    try:
        config = Config()
    except ValidationError as error:
        raise ConfigMistake([_mistake(each) for each in error.errors(include_url=False)]) from None
    except layers.Unreadable as error:
        raise ConfigMistake([str(error)]) from None
    if complete and (missing := _missing(config)):
        raise ConfigMistake(missing)
    return config


def _layers(settings_cls: type[BaseSettings]) -> list[layers.Layer]:
    path = config_path(os.environ)
    if "MUSTER_CONFIG" in os.environ and not path.is_file():
        raise layers.Unreadable(f"MUSTER_CONFIG names {path}, where there is no file")
    return layers.stack(settings_cls, path, os.environ)


def _missing(config: Config) -> list[str]:
    wanted = {
        "MUSTER_TOKEN": config.token.get_secret_value(),
        "[server] url": config.server.url,
        "[callbacks] url": config.callbacks.url,
        "MUSTER_CALLBACKS_SECRET": config.callbacks.secret.get_secret_value(),
    }
    return [
        f"{key} is missing; muster setup asks for it and writes it down" for key, value in wanted.items() if not value
    ]


def _mistake(error: Any) -> str:
    path = tuple(str(step) for step in error["loc"])
    where = next((layer.where(path) for layer in _layers(Config) if layer.holds(path)), ".".join(path))
    inside = Config if len(path) == 1 else Config.model_fields[path[0]].annotation
    part = inside if isinstance(inside, type) and issubclass(inside, BaseModel) else None
    if layers.is_secret(path):
        return f"{where}: this is not what a secret looks like (it is not shown here)"
    return f"{where}: {in_words(error, part)}"
