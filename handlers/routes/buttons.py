"""Which handler deals with which button and menu, once the presser is let by the one table of permissions."""

from collections.abc import Callable, Iterator, Mapping

from handlers.context import Context
from handlers.effects import Effect, Refuse
from handlers.events import ButtonPressed
from handlers.lifecycle import (
    brief,
    delete,
    finish,
    info,
    move,
    rename,
    restart,
    timeline,
    variables,
)
from handlers.people import hand_over, members, roles, take_over
from handlers.personal import digests, todo
from handlers.routes.commands import given
from handlers.rules import permissions
from handlers.rules.admission import admitted, admitted_to_task
from handlers.rules.permission_table import OF_BUTTONS, OF_MORE, action_of
from handlers.rules.progress import Numbered
from handlers.start import by_command, by_dialog, prompts, standalone
from handlers.tasks import dialogs, done_when, due, list_dialogs, slash_commands, state, undo
from handlers.updates import follow, reminders, update
from store import Run

ABOUT_A_RUN: Mapping[str, Callable[[ButtonPressed, Run, Context], Iterator[Effect]]] = {
    "finish.ask": finish.asked,
    "handover.ask": hand_over.asked,
    "reminder.snooze": reminders.snoozed,
    "run.follow": follow.turned,
    "run.join": members.joins,
    "run.restart": restart.by_button,
    "timeline.page": timeline.turned,
    "update.ask": update.asked,
    "variable.undo": variables.undone,
}
"""Those whose `arg` begins with the number of a run, which has to be active."""

ABOUT_A_TASK: Mapping[str, Callable[[ButtonPressed, Run, Numbered, Context], Iterator[Effect]]] = {
    "task.done": state.done_by_button,
    "task.open": dialogs.opened,
    "task.run": slash_commands.by_button,
    "task.snooze": due.snoozed,
    "task.start": state.started_by_button,
    "todo.done": todo.done_by_button,
}
"""Those whose `arg` is the number of a task, whose run has to be active."""

OTHERS: Mapping[str, Callable[[ButtonPressed, Context], Iterator[Effect]]] = {
    "bare.ask": standalone.asked,
    "describe.undo": rename.undone,
    "digest.off": digests.switched_off,
    "handover.decline": lambda event, ctx: take_over.by_button(event, ctx, "declined"),
    "handover.take": lambda event, ctx: take_over.by_button(event, ctx, "accepted"),
    "prompt.dismiss": prompts.dismissed,
    "prompt.mute": prompts.muted,
    "prompt.start": by_dialog.by_prompt,
    "run.ask": by_command.asked,
    "run.brief": brief.by_button,
    "run.look": brief.looked,
    "run.more": lambda event, ctx: _more(event, ctx),  # noqa: PLW0108  (defined below)
    "run.which": lambda event, ctx: _which(event, ctx),  # noqa: PLW0108  (defined below)
    "settings.turn": digests.turned,
    "task.choose": dialogs.chosen,
    "task.pick": dialogs.picked,
    "timeline.change": timeline.changed_by_button,
    "undo": undo.by_button,
}

BUTTONS = frozenset({*ABOUT_A_RUN, *ABOUT_A_TASK, *OTHERS})

MORE: Mapping[str, Callable[[ButtonPressed, Run, Context], Iterator[Effect]]] = {
    "checklist.add": list_dialogs.asked_new,
    "follow": follow.turned,
    "note.ask": timeline.note_asked,
    "people.invite": lambda event, run, ctx: members.asked(event, run, ctx, "invite"),
    "people.join": members.joins,
    "people.leave": members.leaves,
    "people.remove": lambda event, run, ctx: members.asked(event, run, ctx, "remove"),
    "role.ask": roles.asked,
    "run.brief": lambda event, run, ctx: brief.by_button(event, ctx),
    "run.delete": delete.asked,
    "run.describe": rename.asked,
    "run.move": move.asked,
    "run.timeline": timeline.shown,
    "task.add": dialogs.asked_new,
    "task.words": done_when.asked,
    "todo": todo.shown,
    "undo.last": undo.by_menu,
    "variable.ask": variables.asked,
}
"""What the card's menu *More…* leads to, by the value that is chosen; the run has to be active."""

EVEN_FINISHED = frozenset(
    {"note.ask", "people.leave", "run.brief", "run.delete", "run.restart", "timeline.page", "todo"}
)
"""What also means something when the run is finished."""


def pressed(event: ButtonPressed, ctx: Context) -> Iterator[Effect]:
    """Decide what follows from a press.

    A copied button is worth nothing: its message has to be the one that the bot made it for.
    """
    copied = event.message_id and not ctx.store.is_message_at(event.message_id, event.post_id)
    if copied or event.action not in BUTTONS:
        yield permissions.gone(ctx)
        return
    standalone.take_part(event, ctx, ctx.store.bare_runs_in(event.place.id))
    if event.action in ABOUT_A_RUN:
        yield from _about_a_run(event, ctx)
    elif event.action in ABOUT_A_TASK:
        yield from _about_a_task(event, ctx)
    else:
        yield from OTHERS[event.action](event, ctx)


def _about_a_run(event: ButtonPressed, ctx: Context) -> Iterator[Effect]:
    action = action_of(OF_BUTTONS[event.action])
    finished = event.action in EVEN_FINISHED
    run = admitted(ctx, event.arg.partition(":")[0], event.asker, action, even_finished=finished)
    if isinstance(run, Refuse):
        yield run
    else:
        yield from ABOUT_A_RUN[event.action](event, run, ctx)


def _about_a_task(event: ButtonPressed, ctx: Context) -> Iterator[Effect]:
    found = admitted_to_task(ctx, event.arg, event.asker)
    if isinstance(found, Refuse):
        yield found
    else:
        yield from ABOUT_A_TASK[event.action](event, *found, ctx)


def _which(event: ButtonPressed, ctx: Context) -> Iterator[Effect]:
    command = info.of_chosen_run(event, ctx)
    if isinstance(command, Refuse):
        yield command
    else:
        yield from given(command, ctx)


def _more(event: ButtonPressed, ctx: Context) -> Iterator[Effect]:
    if event.choice not in MORE:
        yield permissions.gone(ctx)
        return
    action = action_of(OF_MORE[event.choice])
    run = admitted(ctx, event.arg, event.asker, action, even_finished=event.choice in EVEN_FINISHED)
    if isinstance(run, Refuse):
        yield run
    else:
        yield from MORE[event.choice](event, run, ctx)
