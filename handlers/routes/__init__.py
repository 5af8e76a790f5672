"""Which handler deals with which event, command, button, dialog and job: plain tables, and one `match`."""

from handlers.routes.buttons import BUTTONS, MORE
from handlers.routes.commands import ANYWHERE, IN_A_RUN, KNOWN
from handlers.routes.dialogs import DIALOGS
from handlers.routes.events import decide, handle, look_ahead

__all__ = ["ANYWHERE", "BUTTONS", "DIALOGS", "IN_A_RUN", "KNOWN", "MORE", "decide", "handle", "look_ahead"]
