"""What commands on the host share: the surroundings of a decision, for nobody in particular, and showing a table."""

from collections.abc import Callable
from datetime import UTC, datetime

from rich.table import Table

from bot.database import looking
from bot.settings.config import Config, load
from bot.tables import console
from handlers.context import Context, Installation
from handlers.events import Person
from handlers.routes import MENUS
from store import Store


def context_of(store: Store, config: Config) -> Context:
    """Return the surroundings of a decision, or of what is only looked at."""
    here = Installation(bot=Person(id="", username="muster", is_bot=True), site_url=config.server.url, menus=MENUS)
    return Context(datetime.now(UTC), store, here, asks=False)


def show_table(made: Callable[[Store], Table], nothing: str) -> None:
    """Show a table of what the store has, or say that it has nothing."""
    with looking(load(complete=False).store.url) as database:
        if database is None:
            console().print(nothing)
            return
        with database.reading() as store:
            table = made(store)
    console().print(table if table.row_count else nothing)
