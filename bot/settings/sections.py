"""The sections of `bot.toml`: their keys, what holds where they are left out, and what is allowed."""

import re
from datetime import timedelta
from ipaddress import ip_address
from typing import Annotated, Literal, Self
from urllib.parse import parse_qsl, unquote, unquote_plus, urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, model_validator

from handlers.editor.starters import starters
from handlers.text import durations
from handlers.text.nearest import nearest


def _url(text: str) -> str:
    if text and not _is_address(text):
        raise ValueError("an address is written like https://chat.example.com")
    return text.rstrip("/")


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        has_port = parts.port != 0
    except ValueError:
        return False
    is_whole = parts.scheme in ("http", "https") and bool(parts.hostname) and has_port
    return is_whole and not (parts.query or parts.fragment or re.search(r"\s", text))


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


def _prefix(text: str) -> str:
    if text and not re.fullmatch(r"[^\w\s/@#~:`]{1,3}", text):
        raise ValueError('a prefix is one to three signs like "!" or "??"; / @ # ~ : and ` mean something already')
    return text


def _begins_commands(entries: tuple[str, ...]) -> tuple[str, ...]:
    even = tuple(" ".join(entry.split()) for entry in entries)
    if wrong := [entry for entry in even if not entry.startswith("/") or entry.split()[0] == "/" or "$" in entry]:
        raise ValueError(f'"{wrong[0]}" is not how a command begins; an entry is written like "/jira create"')
    return even


def is_loopback(host: str) -> bool:
    """Return whether what stands in an address is this machine itself."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _safe_pages(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise ValueError("pages need https, since people are signed in there; only on this machine http will do")
    return url


def _starters(value: object) -> object:
    """Read true, false, or the keys of starters. Raises `ValueError` for a key of none."""
    if not isinstance(value, str | list | tuple) or str(value).strip().lower() in (
        "true",
        "false",
        "1",
        "0",
        "yes",
        "no",
        "on",
        "off",
    ):
        return value
    found, known = _list(value), list(starters())
    assert isinstance(found, tuple | list)
    if strange := [one for one in found if one not in known]:
        like = nearest(strange[0], known)
        hint = f"did you mean {like}?" if like else f"there are {', '.join(known)}"
        raise ValueError(f"there is no starter {strange[0]}; {hint}")
    return tuple(found)


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
    """The door for commands and clicks: where it listens, and at which `url` the server reaches it.

    `mode` tells whether it is used: "on", "off", or "auto" as far as the server can reach it.
    """

    mode: Literal["auto", "on", "off"] = "auto"
    listen_host: str = "0.0.0.0"  # noqa: S104 - in a container nothing else can be reached from the server
    listen_port: int = Field(default=8646, ge=0, le=65535)
    url: Address = ""
    secret: SecretStr = SecretStr("")


class Pages(Section):
    """The pages: at which `url` people reach them (none while it is empty), and where the bot listens for them.

    `oauth_client_id` and `oauth_client_secret` are those of an OAuth 2.0 application of the Mattermost server, by which
    people get in who are signed in there.
    """

    url: Annotated[Address, AfterValidator(_safe_pages)] = ""
    listen_host: str = "127.0.0.1"
    listen_port: int = Field(default=8647, ge=0, le=65535)
    oauth_client_id: str = ""
    oauth_client_secret: SecretStr = SecretStr("")

    @model_validator(mode="after")
    def _heard_where_it_is_safe(self) -> Self:
        if self.url.startswith("http:") and not is_loopback(self.listen_host):
            raise ValueError("without https pages work on this machine alone: let listen_host be 127.0.0.1")
        return self


class Commands(Section):
    """The slash command, the token of each team's one, by team, and what a message begins with that is a command.

    `run` says how commands of tasks begin that the bot itself runs.
    """

    trigger: Annotated[str, AfterValidator(_trigger)] = "playbook"
    prefix: Annotated[str, AfterValidator(_prefix)] = ""
    run: Annotated[Names, AfterValidator(_begins_commands)] = ()
    tokens: Annotated[dict[str, SecretStr], BeforeValidator(_tokens)] = {}


class Channels(Section):
    """Which channels the bot listens to: where it is invited, all public ones, or those of some names."""

    join: Annotated[Literal["invited", "all"] | tuple[str, ...], BeforeValidator(_patterns)] = "invited"


class Storage(Section):
    """The database."""

    url: str = "sqlite:///muster.sqlite"

    def passwords(self) -> set[str]:
        """Return what may be the password in the address, as it stands there and decoded."""
        before, at, _ = self.url.partition("://")[2].partition("@")
        users = {before, self.url.partition("://")[2].partition("?")[0].rpartition("@")[0]} if at else set()
        found = {user.partition(":")[2] for user in users}
        found |= {value for key, value in parse_qsl(urlsplit(self.url).query) if "password" in key}
        return {form for each in found for form in (each, unquote(each), unquote_plus(each)) if form}


class Playbooks(Section):
    """Where playbooks come from: starters, and files, folders and patterns named from the folder of `bot.toml`.

    `starters` are those that most teams begin with (true), none, or those of some keys.
    """

    starters: Annotated[bool | tuple[str, ...], BeforeValidator(_starters)] = True
    files: Names = ("playbooks/*.yaml",)


class Prompts(Section):
    """How long an offer waits for an answer before it folds."""

    fold_after: Annotated[timedelta, BeforeValidator(_duration)] = timedelta(hours=12)


class Limits(Section):
    """What one person may do within a while, 0 for as much as they like.

    `requests` are commands, presses and dialogs within 15 seconds, `starts` runs and checklists within ten minutes.
    """

    requests: int = Field(default=60, ge=0)
    starts: int = Field(default=10, ge=0)


class Webhooks(Section):
    """To which addresses of private networks webhooks of playbooks may go: networks, such as 10.1.0.0/16, and names."""

    allow: Names = ()


class Log(Section):
    """How much is logged, and for whom: people (console) or machines (json)."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["console", "json"] = "console"
