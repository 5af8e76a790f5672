"""Where a setting can come from, the strongest first.

Environment, files that it names, muster.secrets, bot.local.toml, bot.toml.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic_settings import BaseSettings, EnvSettingsSource, InitSettingsSource, PydanticBaseSettingsSource

from handlers.text.nearest import nearest

PREFIX = "MUSTER_"
_SECRETS = (
    ("token",),
    ("server", "token"),
    ("callbacks", "secret"),
    ("pages", "oauth_client_secret"),
    ("commands", "tokens"),
)


class UnreadableSource(Exception):
    """A source of settings that cannot be read, or holds what does not belong there; the text says so."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One source, and what it is called in messages."""

    name: str
    source: PydanticBaseSettingsSource

    def holds(self, path: tuple[str, ...]) -> bool:
        """Tell whether this source says anything about a key."""
        group: Any = self.source()
        for step in path[:2]:
            if not isinstance(group, dict) or step not in group:
                return False
            group = group[step]
        return True

    def where(self, path: tuple[str, ...]) -> str:
        """Return a key as it is written in this source."""
        if not isinstance(self.source, Variables):
            return f"{self.name}, [{path[0]}] {'.'.join(path[1:])}".rstrip() if path[1:] else f"{self.name}, {path[0]}"
        variable = PREFIX + "_".join(path[:2]).upper()
        return self.name.format(variable)


class Variables(EnvSettingsSource):
    """Settings by the names of variables, wherever these come from."""

    def __init__(self, settings_cls: type[BaseSettings], variables: Mapping[str, str]) -> None:
        super().__init__(settings_cls)
        self.env_vars = {name.lower(): value for name, value in variables.items()}


def stack(settings_cls: type[BaseSettings], toml: Path, environ: Mapping[str, str]) -> list[Layer]:
    """Return all sources, the strongest first."""
    names = variable_names(settings_cls)
    secrets, local = toml.with_name("muster.secrets"), local_path(toml)
    direct = {name: value for name in names if (value := environ.get(name))}
    by_file = {
        name: _content(Path(path), f"{name}_FILE names ").strip()
        for name in names
        if (path := environ.get(f"{name}_FILE"))
    }
    return [
        Layer("{}", Variables(settings_cls, direct)),
        Layer("the file that {}_FILE names", Variables(settings_cls, by_file)),
        Layer(f"{secrets.name}, {{}}", Variables(settings_cls, _read_secrets(secrets, names))),
        Layer(local.name, InitSettingsSource(settings_cls, _read_toml(local))),
        base(settings_cls, toml),
    ]


def base(settings_cls: type[BaseSettings], toml: Path) -> Layer:
    """Return the weakest source, `bot.toml` itself."""
    return Layer(toml.name, InitSettingsSource(settings_cls, _read_toml(toml)))


def local_path(toml: Path) -> Path:
    """Return the file beside `bot.toml` that is read after it: what this machine needs, written by muster setup."""
    return toml.with_name(f"{toml.stem}.local{toml.suffix}")


def variable_names(settings_cls: type[BaseSettings]) -> list[str]:
    """Return the variables that mean something: MUSTER_TOKEN, MUSTER_STORE_URL and so on."""
    names: list[str] = []
    for key, field in settings_cls.model_fields.items():
        section = field.annotation
        inside = section.model_fields if isinstance(section, type) and issubclass(section, BaseModel) else None
        names += [f"{PREFIX}{key}_{each}".upper() for each in inside] if inside else [f"{PREFIX}{key}".upper()]
    return names


def is_secret(path: tuple[str, ...]) -> bool:
    """Tell whether what stands at a key must not be shown."""
    return path[:2] in _SECRETS


def secrets_are_open(toml: Path) -> bool:
    """Tell whether others on this machine may read the secrets."""
    return is_open(toml.with_name("muster.secrets"))


def is_open(path: Path) -> bool:
    """Tell whether others on this machine may read or change a file."""
    return path.is_file() and bool(path.stat().st_mode & 0o077)


def _content(path: Path, named_by: str = "") -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        cannot = f"{named_by}{path}, which cannot be read" if named_by else f"{path} cannot be read"
        raise UnreadableSource(f"{cannot}: {_why(error)}") from None


def _read_secrets(path: Path, names: list[str]) -> dict[str, str]:
    """Read lines like MUSTER_TOKEN=…; quotes around the value are taken off."""
    found: dict[str, str] = {}
    if not path.is_file():
        return found
    for number, line in enumerate(_content(path).splitlines(), 1):
        name, sign, value = line.partition("=")
        name = name.removeprefix("export ").strip()
        if not name or name.startswith("#"):
            continue
        if not sign or name not in names:
            like = nearest(name.lower(), [known.lower() for known in names]).upper() if sign else ""
            hint = f"did you mean {like}?" if like else "a line is written like MUSTER_TOKEN=…"
            raise UnreadableSource(f"{path.name}, line {number}: there is no such setting; {hint}")
        found[name] = value.strip().strip("\"'")
    return found


def _read_toml(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        settings = tomllib.loads(_content(path))
    except tomllib.TOMLDecodeError as error:
        raise UnreadableSource(f"{path.name} is not TOML: {error}") from None
    for section, *key in _SECRETS:
        group = settings.get(section)
        if (key and isinstance(group, dict) and key[0] in group) or (not key and section in settings):
            variable = PREFIX + "_".join([section, *key] if section != "server" else key).upper()
            raise UnreadableSource(
                f"{path.name} is no place for secrets; put {variable}=… into muster.secrets beside it"
            )
    return settings


def _why(error: OSError | UnicodeDecodeError) -> str:
    return error.strerror or "" if isinstance(error, OSError) else "it is not UTF-8 text"
