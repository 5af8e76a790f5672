"""What a handler is given where somebody asks on the host: for nobody in particular, and the server is not asked."""

from datetime import UTC, datetime

from bot.settings.config import Config
from handlers.context import Context, Installation
from handlers.events import Person
from handlers.routes import MENUS
from store import Store


def context_of(store: Store, config: Config) -> Context:
    """Return the surroundings of a decision, or of what is only looked at."""
    here = Installation(bot=Person(id="", username="muster", is_bot=True), site_url=config.server.url, menus=MENUS)
    return Context(datetime.now(UTC), store, here, asks=False)
