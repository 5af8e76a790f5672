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
    trigger: str = ""
    join: str = ""
    grant_ephemeral: bool | None = None
    enable_bots: bool = False
    allow_host: bool = False
    new_token: bool = False
    agreed: bool = False


def insist(choose: Callable[[], str], check: type[BaseModel], key: str, ask: Questions) -> Any:
    """Return what was chosen, as the configuration takes it; a person is asked again, otherwise it is `Trouble`."""
    while True:
        said = choose()
        try:
            return getattr(check.model_validate({key: said}), key)
        except ValidationError as error:
            words = f"{said}: {error.errors()[0]['msg'].removeprefix('Value error, ')}."
        if not ask.asks:
            raise Trouble(words)
        ask.say(words)
