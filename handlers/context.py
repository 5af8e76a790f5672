"""What a handler is given besides the event: the time, the store, and what holds for this installation."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from handlers.events import Person
from store import Store


@dataclass(frozen=True, slots=True)
class Installation:
    """What holds as long as the bot runs: who it is, where the server is, and the choices of `bot.toml`."""

    bot: Person
    site_url: str
    trigger: str = "playbook"
    prompt_folds_after: timedelta = field(default=timedelta(hours=12))
    message_budget: int = 6000
    """How many characters of a checklist go into one message; servers before 6.0 keep 8,000 a post at most."""


@dataclass(frozen=True, slots=True)
class Context:
    """One decision's surroundings; `now` is in UTC."""

    now: datetime
    store: Store
    here: Installation
