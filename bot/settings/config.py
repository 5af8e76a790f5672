"""The configuration: `bot.toml`, `bot.local.toml` after it, secrets from files, and the environment, which wins."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.logs.veil import veil
from bot.settings import layers
from bot.settings.sections import (
    Callbacks,
    Channels,
    Commands,
    Limits,
    Log,
    Pages,
    Playbooks,
    Prompts,
    Server,
    Storage,
    Webhooks,
)
from bot.trouble import Trouble
from handlers.playbooks.mistakes import in_words


class ConfigMistake(Trouble):
    """A configuration that cannot be used; the text names each key, where it stands and what is allowed."""

    def __init__(self, mistakes: Sequence[str]) -> None:
        super().__init__("\n".join(["The configuration cannot be used:", *(f"  {mistake}" for mistake in mistakes)]))
        self.mistakes = tuple(mistakes)


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
    pages: Pages = Pages()
    commands: Commands = Commands()
    channels: Channels = Channels()
    store: Storage = Storage()
    playbooks: Playbooks = Playbooks()
    prompts: Prompts = Prompts()
    limits: Limits = Limits()
    webhooks: Webhooks = Webhooks()
    log: Log = Log()

    @property
    def folder(self) -> Path:
        """The folder of `bot.toml`, from which files are named."""
        return config_path(os.environ).parent

    def secrets(self) -> set[str]:
        """Return all that must stand in nothing that is written."""
        tokens = (self.token, self.callbacks.secret, self.pages.oauth_client_secret, *self.commands.tokens.values())
        found = {token.get_secret_value() for token in tokens} | self.store.passwords()
        return found - {""}

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings, *(layer.source for layer in _layers(settings_cls)))


def config_path(environ: Mapping[str, str]) -> Path:
    """Return where `bot.toml` is: MUSTER_CONFIG (or --config) says so, or else it is in the current folder."""
    return Path(environ.get("MUSTER_CONFIG") or "bot.toml")


def load(*, complete: bool = True) -> Config:
    """Return the configuration; with `complete` all that is needed to run must be there. Raises `ConfigMistake`."""
    try:
        config = Config()
    except ValidationError as error:
        raise ConfigMistake([_mistake(each) for each in error.errors(include_url=False)]) from None
    except layers.UnreadableSource as error:
        raise ConfigMistake([str(error)]) from None
    veil.hide(*config.secrets())
    if complete and (missing := _missing(config)):
        raise ConfigMistake(missing)
    return config


def without_local(section: str, key: str) -> Any:
    """Return what holds for a key by `bot.toml` and the defaults alone, once `load` has taken them."""
    said = layers.base(Config, config_path(os.environ)).source().get(section, {})
    return getattr(type(getattr(Config.model_construct(), section)).model_validate(said), key)


def _layers(settings_cls: type[BaseSettings]) -> list[layers.Layer]:
    path = config_path(os.environ)
    if os.environ.get("MUSTER_CONFIG") and not path.is_file():
        raise layers.UnreadableSource(f"--config or MUSTER_CONFIG names {path}, where there is no file")
    return layers.stack(settings_cls, path, os.environ)


def _missing(config: Config) -> list[str]:
    wanted = {"MUSTER_TOKEN": config.token.get_secret_value(), "[server] url": config.server.url}
    if config.callbacks.mode == "on":
        wanted["[callbacks] url"] = config.callbacks.url
    if config.callbacks.mode == "on" or (config.callbacks.mode == "auto" and config.callbacks.url):
        wanted["MUSTER_CALLBACKS_SECRET"] = config.callbacks.secret.get_secret_value()
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
