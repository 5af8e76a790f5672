"""What fixed menus lead to: a row for each item, in the order in which people see them."""

from collections.abc import Mapping
from functools import partial

from handlers.attributes import by_form as attributes
from handlers.automation import why
from handlers.context import Context
from handlers.controls import RETRO_MORE, RUN_MORE, TASK_CHOOSE
from handlers.editing import making, newer
from handlers.effects import Effects
from handlers.events import Press
from handlers.lifecycle import brief, end, move, rename, timeline, variables
from handlers.measures import export, metrics, times
from handlers.menus import Menus
from handlers.payloads import ItemOfList, ItemOfRun
from handlers.people import handover, members, roles
from handlers.personal import todo
from handlers.retro import asking, events, publishing, reviewing, showing
from handlers.routes.rows import Item, ListItem, RunItem, by_name
from handlers.rules import permissions
from handlers.rules.admission import admitted
from handlers.rules.permission_table import action_of
from handlers.rules.progress import progress
from handlers.tasks import dialogs, done_when, lists, pulse, undo
from handlers.updates import update

MORE: Mapping[str, RunItem] = by_name(
    (
        Item("task.add", dialogs.asked_new, "change", "tasks"),
        Item("checklist.add", lists.asked_new, "change", "checklists"),
        Item("task.words", done_when.asked, "change", "done_when"),
        Item("undo.last", undo.by_menu, "change", "undo"),
        Item("note.ask", timeline.note_asked, "change", "timeline", finished=True),
        Item("run.timeline", timeline.shown, "see", "timeline"),
        Item("why", why.shown, "see", "why", finished=True),
        Item("time.ask", times.asked, "change", "time", finished=True),
        Item("metric.ask", metrics.asked, "change", "metric", finished=True),
        Item("run.export", export.asked, "see", "export", finished=True),
        Item("run.brief", brief.shown, "see", "brief", finished=True),
        Item("pulse", pulse.pulse, "see", "pulse", finished=True),
        Item("todo", todo.shown, "see", "agenda", finished=True),
        Item("handover.ask", handover.asked, "own", "handover"),
        Item("role.ask", roles.asked, "change", "role"),
        Item("people.invite", partial(members.asked, what="invite"), "people", "members"),
        Item("people.remove", partial(members.asked, what="remove"), "people", "members"),
        Item("people.join", members.join, "join", "members"),
        Item("follow", update.follow_turned, "see", "members"),
        Item("people.leave", members.leave, "see", "members", finished=True),
        Item("run.describe", rename.asked, "change", "describe"),
        Item("attribute.ask", attributes.asked, "change", "attribute", finished=True),
        Item("variable.ask", variables.asked, "change", "variable"),
        Item("run.move", move.asked, "change", "move"),
        Item("retro.read", showing.shown, "see", "retro", finished=True),
        Item("run.newer", newer.by_menu, "see", "editing"),
        Item("run.save_as", making.run_saved_by_button, "see", "editing", finished=True),
        Item("run.delete", end.delete_asked, "delete", "delete", finished=True),
    )
)
"""The card's menu *More…*."""

OF_RETROSPECTIVE: Mapping[str, RunItem] = by_name(
    (
        Item("retro.review", reviewing.asked, "change", "retro", finished=True),
        Item("retro.comment", reviewing.comment_asked, "see", "retro", finished=True),
        Item("retro.event", events.asked, "change", "retro", finished=True),
        Item("retro.timeline", timeline.shown, "see", "timeline", finished=True),
        Item("retro.history", showing.history, "see", "retro", finished=True),
        Item("retro.skip", publishing.skip_asked, "finish", "retro", finished=True),
        Item("retro.off", asking.switched_off, "finish", "retro", finished=True),
    )
)
"""The draft's menu *More…*."""

OF_LIST: Mapping[str, ListItem] = by_name(
    (
        Item("new", dialogs.new_chosen, "change", "checklist", follow_ups=True),
        Item("list", lists.opened, "change", "checklist"),
    )
)
"""What a checklist's menu of all tasks has besides these."""

MENUS: Menus = {
    RETRO_MORE.name: tuple(row.offer for row in OF_RETROSPECTIVE.values()),
    RUN_MORE.name: tuple(row.offer for row in MORE.values()),
    TASK_CHOOSE.name: tuple(row.offer for row in OF_LIST.values()),
}


def more(event: Press[ItemOfRun], ctx: Context) -> Effects:
    """An item of the menu *More…*."""
    yield from _chosen(MORE, event, ctx)


def of_retrospective(event: Press[ItemOfRun], ctx: Context) -> Effects:
    """An item of a draft's menu *More…*."""
    yield from _chosen(OF_RETROSPECTIVE, event, ctx)


def _chosen(rows: Mapping[str, RunItem], event: Press[ItemOfRun], ctx: Context) -> Effects:
    row = rows.get(event.payload.item or "")
    if row is None:
        raise permissions.gone(ctx)
    run = admitted(ctx, event.payload.run_id, event.asker, action_of(row.who), even_finished=row.finished)
    yield from row.handler(event, run, ctx)


def of_list(event: Press[ItemOfList], ctx: Context) -> Effects:
    """A task of the menu of all tasks, or an item about the whole checklist."""
    row = OF_LIST.get(event.payload.item or "")
    if row is None:
        yield from dialogs.chosen(event, ctx)
        return
    checklist = ctx.store.checklist(event.payload.checklist_id)
    if checklist is None:
        raise permissions.gone(ctx)
    run = admitted(ctx, checklist.run_id, event.asker, action_of(row.who), follow_ups=row.follow_ups)
    if checklist not in progress(ctx, run).checklists:
        raise ctx.refused("checklists", "gone")
    yield from row.handler(event, run, checklist, ctx)
