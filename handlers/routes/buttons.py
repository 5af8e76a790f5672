"""Which handler deals with which button and menu, and who may press it: a row for each."""

from collections.abc import Mapping
from functools import partial
from typing import assert_never

from msgspec.structs import asdict

from handlers import controls as on
from handlers.attributes import by_command as attributes
from handlers.attributes import by_form
from handlers.automation import offers, why
from handlers.context import Context
from handlers.editing import cards, editions, newer, orphans
from handlers.editing import pressed as edit_buttons
from handlers.editing import publishing as versions
from handlers.effects import Effects
from handlers.events import ButtonPressed, Press
from handlers.importing import by_message
from handlers.insights import changes
from handlers.lifecycle import brief, end, rename, timeline, variables
from handlers.measures import metrics, times
from handlers.operations.make_checklist import take_part
from handlers.payloads import KeptCommand, KeptList
from handlers.people import handover, members
from handlers.personal import digests, open_pages, todo
from handlers.retro import asking, events, publishing, reviewing, showing, writing
from handlers.routes import finding
from handlers.routes.commands import given
from handlers.routes.menus import more, of_list, of_retrospective
from handlers.routes.rows import AnyButton, FreeButton, RunButton, TaskButton, by_name, refusable, same
from handlers.rules import permissions
from handlers.rules.admission import admitted, admitted_to_task
from handlers.rules.permission_table import action_of
from handlers.start import by_command, by_dialog, prompts, standalone
from handlers.tasks import dialogs, due, reading, slash_commands, state, undo
from handlers.updates import update
from handlers.webhooks import commands as webhooks


def _where(event: Press[KeptList], ctx: Context) -> Effects:
    yield from given(finding.of_chosen_place(event, ctx), ctx)


def _which(event: Press[KeptCommand], ctx: Context) -> Effects:
    yield from given(finding.of_chosen_run(event, ctx), ctx)


_ROWS: tuple[AnyButton, ...] = (
    RunButton(on.ATTRIBUTES_ASK, by_form.by_button, "change", finished=True),
    RunButton(on.ATTRIBUTE_UNDO, attributes.undone, "change", finished=True),
    RunButton(on.ACTION_AGAIN, why.again_by_menu, "change", finished=True),
    RunButton(on.ACTION_RUN, offers.pressed, "change", finished=True),
    FreeButton(on.BARE_ASK, standalone.asked, "anybody"),
    FreeButton(on.IMPORT_CANCEL, by_message.cancelled, "anybody"),
    FreeButton(on.IMPORT_CONFIRM, by_message.confirmed, "anybody"),
    FreeButton(on.IMPORT_DO, by_message.done, "anybody"),
    FreeButton(on.IMPORT_HOW, by_message.on_conflict, "anybody"),
    FreeButton(on.IMPORT_LEAVE, by_message.without_unknown, "anybody"),
    FreeButton(on.IMPORT_TEAM, by_message.for_team, "anybody"),
    FreeButton(on.CHANGES_ACCEPT, changes.accepted, "anybody"),
    FreeButton(on.CHANGES_LEAVE, changes.left, "anybody"),
    FreeButton(on.CHANGES_PATCH, changes.patched, "anybody"),
    FreeButton(on.CHANGES_SHOW, changes.shown, "anybody"),
    FreeButton(on.DESCRIBE_UNDO, rename.undone, "change"),
    FreeButton(on.DIGEST_OFF, digests.switched_off, "anybody"),
    FreeButton(on.EDIT_CHOOSE, cards.chosen, "anybody"),
    FreeButton(on.EDITION_TAKE, editions.chosen, "anybody"),
    FreeButton(on.EDIT_DO, edit_buttons.pressed, "anybody"),
    FreeButton(on.EDIT_VERSION, versions.version_chosen, "anybody"),
    FreeButton(on.PLAYBOOK_TAKE_OVER, orphans.taken_over, "anybody"),
    RunButton(on.FINISH_ASK, end.finish_asked, "finish"),
    RunButton(on.HANDOVER_ASK, handover.asked, "own"),
    FreeButton(on.HANDOVER_DECLINE, partial(handover.answered, reply="declined"), "asked"),
    FreeButton(on.HANDOVER_TAKE, partial(handover.answered, reply="accepted"), "asked"),
    FreeButton(on.LIST_WHERE, _where, "anybody"),
    RunButton(on.NEWER_TAKE, newer.chosen, "change"),
    FreeButton(on.PROMPT_DISMISS, partial(prompts.declined, no="dismissed"), "anybody"),
    FreeButton(on.PROMPT_MUTE, partial(prompts.declined, no="muted"), "anybody"),
    FreeButton(on.PROMPT_START, by_dialog.by_prompt, "start"),
    RunButton(on.REMINDER_SNOOZE, update.snoozed, "change"),
    RunButton(on.RETRO_COMMENT, reviewing.comment_asked, "see", finished=True),
    RunButton(on.RETRO_EVENT, events.chosen, "change", finished=True),
    FreeButton(on.RETRO_MORE, of_retrospective, "anybody"),
    RunButton(on.RETRO_OVER, writing.over, "change", finished=True),
    RunButton(on.RETRO_PUBLISH, publishing.asked, "finish", finished=True),
    RunButton(on.RETRO_READ, showing.shown, "see", finished=True),
    RunButton(on.RETRO_SEEN, reviewing.seen, "see", finished=True),
    RunButton(on.RETRO_SETTLE, reviewing.settled_by_button, "change", finished=True),
    RunButton(on.RETRO_SWITCH, asking.switched_by_button, "finish", finished=True),
    RunButton(on.RETRO_WRITE, writing.chosen, "change", finished=True),
    FreeButton(on.RUN_ASK, by_command.asked, "start"),
    FreeButton(on.RUN_BRIEF, brief.by_button, "see"),
    RunButton(on.RUN_FOLLOW, update.follow_turned, "see"),
    RunButton(on.RUN_JOIN, members.join, "join"),
    FreeButton(on.RUN_LOOK, brief.looked, "see"),
    FreeButton(on.RUN_MORE, more, "anybody"),
    RunButton(on.RUN_RESTART, end.restarted, "finish", finished=True),
    FreeButton(on.RUN_WHICH, _which, "anybody"),
    FreeButton(on.SETTINGS_SIGN_OUT, open_pages.signed_out_by_button, "anybody"),
    FreeButton(on.SETTINGS_TURN, digests.turned, "anybody"),
    FreeButton(on.TASK_CHOOSE, of_list, "change"),
    TaskButton(on.TASK_DONE, state.done_by_button, "change"),
    TaskButton(on.TASK_OPEN, dialogs.opened, "change"),
    TaskButton(on.TASK_PICK, dialogs.opened, "change"),
    TaskButton(on.TASK_READ, reading.opened, "change"),
    TaskButton(on.TASK_RUN, slash_commands.by_button, "change"),
    TaskButton(on.TASK_SNOOZE, due.snoozed, "change"),
    TaskButton(on.TASK_START, state.started_by_button, "change"),
    TaskButton(on.TASK_TAKE, reading.taken, "change"),
    FreeButton(on.TIMELINE_CHANGE, timeline.changed_by_button, "change"),
    RunButton(on.METRICS_ASK, metrics.by_button, "change", finished=True),
    RunButton(on.TIMES_ASK, times.by_button, "change", finished=True),
    RunButton(on.TIMELINE_PAGE, timeline.turned, "see", finished=True),
    TaskButton(on.TODO_DONE, todo.done_by_button, "change"),
    RunButton(on.UNDO, undo.by_button, "change", follow_ups=True),
    RunButton(on.UPDATE_ASK, update.asked, "change"),
    FreeButton(on.WEBHOOK_AGAIN, webhooks.redelivered, "anybody"),
    FreeButton(on.WEBHOOK_LIST, webhooks.listed, "anybody"),
    FreeButton(on.WEBHOOK_ON, webhooks.turned_on, "anybody"),
    FreeButton(on.WEBHOOK_SECRET, webhooks.renewed, "anybody"),
    FreeButton(on.WEBHOOK_TEST, webhooks.tested, "anybody"),
    RunButton(on.VARIABLE_UNDO, variables.undone, "change"),
)

BUTTONS: Mapping[str, AnyButton] = by_name(_ROWS, lambda row: row.control.name)
same(BUTTONS, on.CONTROLS)


@refusable
def pressed(event: ButtonPressed, ctx: Context) -> Effects:
    """Decide what follows from a press.

    A copied button is worth nothing: its message has to be the one that the bot made it for.
    """
    copied = event.message_id and not ctx.store.is_message_at(event.message_id, event.post_id)
    row = BUTTONS.get(event.action)
    if copied or row is None:
        raise permissions.gone(ctx)
    take_part(ctx, event.asker, ctx.store.bare_runs_in(event.place.id))
    press = Press(**asdict(event), payload=row.control.read(event.arg, event.choice))
    match row:
        case RunButton(handler=handler):
            run = admitted(
                ctx,
                press.payload.run_id,
                event.asker,
                action_of(row.who),
                even_finished=row.finished,
                follow_ups=row.follow_ups,
            )
            yield from handler(press, run, ctx)
        case TaskButton(handler=handler):
            run, one = admitted_to_task(ctx, press.payload.task_id, event.asker, action_of(row.who))
            yield from handler(press, run, one, ctx)
        case FreeButton(handler=handler):
            yield from handler(press, ctx)
        case _:
            assert_never(row)
