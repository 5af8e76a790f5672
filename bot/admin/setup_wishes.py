"""What was said on the command line of a set-up, and whatever is said checked as the configuration would."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from bot.admin.setup_questions import Questions
from bot.trouble import Trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What was said on the command line; what is empty or None is asked for."""

    server: str = ""
    verify_tls: bool | None = None
    username: str = ""
    teams: Sequence[str] = ()
    callback_url: str = ""
    listen_host: str = ""
    listen_port: int | None = None
    pages_url: str = ""
    trigger: str = ""
    join: str = ""
    grant_ephemeral: bool | None = None
    enable_bots: bool = False
    allow_host: bool = False
    new_token: bool = False
    agreed: bool = False


class Unfit(Trouble):
    """Something was said that the configuration does not take; the text says why."""


def insist(choose: Callable[[], str], check: type[BaseModel], key: str, ask: Questions) -> Any:
    """Return what was chosen, as the configuration takes it; a person is asked again, otherwise it is `Trouble`."""
    while True:
        try:
            return checked(choose(), check, key)
        except Unfit as unfit:
            if not ask.asks:
                raise
            ask.say(str(unfit))


def checked(said: str, check: type[BaseModel], key: str) -> Any:
    """Return what was said as the configuration takes it. Raises `Unfit`."""
    try:
        return getattr(check.model_validate({key: said}), key)
    except ValidationError as error:
        raise Unfit(f"{said}: {error.errors()[0]['msg'].removeprefix('Value error, ')}.") from None
