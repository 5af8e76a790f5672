"""Which handler deals with which event, command, button, dialog and job: plain tables, and one `match`."""

from handlers.routes.buttons import BUTTONS
from handlers.routes.commands import COMMANDS, HINT, KNOWN
from handlers.routes.dialogs import DIALOGS
from handlers.routes.events import decide, handle, look_ahead
from handlers.routes.menus import MENUS, MORE, OF_LIST

__all__ = [
    "BUTTONS",
    "COMMANDS",
    "DIALOGS",
    "HINT",
    "KNOWN",
    "MENUS",
    "MORE",
    "OF_LIST",
    "decide",
    "handle",
    "look_ahead",
]
