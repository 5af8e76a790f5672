"""The dialogs of a checklist: everything about one that is there, and a new one."""

from handlers.context import Context
from handlers.controls import CHECKLIST_NEW, CHECKLIST_SAVE, entry
from handlers.effects import Ask, Option
from handlers.payloads import ListOfRun, OfRun
from handlers.rules.list_actions import VERBS, what
from handlers.rules.ordering import TITLE_LIMIT
from store import Checklist, Run


def list_dialog(ctx: Context, run: Run, row: Checklist) -> Ask:
    """Ask for everything about a checklist."""
    said = ctx.say("checklists", what=what(row), position=row.position)
    also = tuple(Option(said[f"also_{verb}"], verb) for verb in VERBS)
    return CHECKLIST_SAVE.ask(
        ListOfRun(run.id, row.id),
        said,
        entry(said, "also", "select", options=also, optional=True),
        entry(said, "title", default=row.title, max_length=TITLE_LIMIT if len(row.title) > 150 else 150),
        entry(said, "number", default=str(row.position), max_length=100),
        submit="save",
    )


def new_list_dialog(ctx: Context, run: Run) -> Ask:
    """Ask for a new checklist."""
    said = ctx.say("checklists")
    entries = (entry(said, "title", max_length=150), entry(said, "tasks", "textarea", optional=True))
    return CHECKLIST_NEW.ask(OfRun(run.id), said, *entries, intro="", title="new_title", submit="add")
