"""Which handler deals with which event, command, button, dialog and job: plain tables, and one `match`."""

from handlers.routes.buttons import BUTTONS as BUTTONS
from handlers.routes.commands import COMMANDS as COMMANDS
from handlers.routes.commands import HINT as HINT
from handlers.routes.commands import KNOWN as KNOWN
from handlers.routes.dialogs import DIALOGS as DIALOGS
from handlers.routes.events import decide as decide
from handlers.routes.events import handle as handle
from handlers.routes.events import look_ahead as look_ahead
from handlers.routes.menus import MENUS as MENUS
from handlers.routes.menus import MORE as MORE
from handlers.routes.menus import OF_LIST as OF_LIST
from handlers.routes.menus import OF_RETROSPECTIVE as OF_RETROSPECTIVE
