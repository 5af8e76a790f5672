"""The buttons of a playbook's card."""

from typing import assert_never

from handlers.context import Context
from handlers.editing import editions, publishing, trying
from handlers.editing.cards import rights_asked
from handlers.editing.finding import by_id
from handlers.effects import Effects
from handlers.events import Press
from handlers.messages.as_direct_message import told
from handlers.payloads import DoneToPlaybook
from handlers.views.editing import refresh_cards


def pressed(event: Press[DoneToPlaybook], ctx: Context) -> Effects:
    """Do what a button says, or ask what is needed for it."""
    row = by_id(ctx, event.asker, event.payload.playbook_id)
    match event.payload.what:
        case "publish":
            yield publishing.asked(ctx, row, event.asker)
        case "share":
            yield rights_asked(ctx, row, event.asker)
        case "try":
            yield from told(event, trying.tried(ctx, row, event.asker, event.place))
        case "changes":
            yield from told(event, [publishing.changes(ctx, row, event.asker)])
        case "history":
            yield from told(event, [publishing.history(ctx, row, event.asker)])
        case "edition":
            yield from told(event, [editions.shown(ctx, row, event.asker)])
        case "drop":
            yield from told(event, [publishing.dropped(ctx, row, event.asker)])
            yield from refresh_cards(ctx, row)
        case "restore":
            yield from told(event, [publishing.bring_back(ctx, row, event.asker)])
            yield from refresh_cards(ctx, row)
        case _:
            assert_never(event.payload.what)
