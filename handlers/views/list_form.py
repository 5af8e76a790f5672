"""The dialogs of a checklist: everything about one that is there, and a new one."""

from handlers.context import Context
from handlers.controls import CHECKLIST_NEW, CHECKLIST_SAVE
from handlers.effects import Dialog, Entry, Option
from handlers.payloads import ListOfRun, OfRun
from handlers.rules.list_actions import VERBS, what
from handlers.rules.ordering import TITLE_LIMIT
from store import Checklist, Run


def list_dialog(ctx: Context, run: Run, row: Checklist) -> Dialog:
    """Return the dialog with everything about a checklist."""
    said = ctx.say("checklists", what=what(row), position=row.position)
    room = TITLE_LIMIT if len(row.title) > 150 else 150
    also = tuple(Option(said[f"also_{verb}"], verb) for verb in VERBS)
    return CHECKLIST_SAVE.dialog(
        ListOfRun(run.id, row.id),
        said["dialog_title"],
        intro=said["intro"],
        entries=(
            Entry(name="also", label=said["also"], kind="select", options=also, optional=True),
            Entry(name="title", label=said["title_label"], default=row.title, max_length=room),
            Entry(
                name="number", label=said["number"], default=str(row.position), help=said["number_help"], max_length=100
            ),
        ),
        submit=said["save"],
    )


def new_list_dialog(ctx: Context, run: Run) -> Dialog:
    """Return the dialog of a new checklist."""
    said = ctx.say("checklists")
    return CHECKLIST_NEW.dialog(
        OfRun(run.id),
        said["new_title"],
        entries=(
            Entry(name="title", label=said["title_label"], max_length=150),
            Entry(name="tasks", label=said["tasks"], kind="textarea", help=said["tasks_help"], optional=True),
        ),
        submit=said["add"],
    )
