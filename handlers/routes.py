"""Which handler deals with which event, button, dialog and command."""

from collections.abc import Callable, Iterator, Mapping
from typing import assert_never

from handlers import (
    checklists,
    commands,
    finishing,
    joining,
    permissions,
    prompts,
    reminders,
    setting_up,
    starting,
    troubles,
    updates,
)
from handlers.context import Context
from handlers.effects import Decided, Effect, Redraw, Refuse
from handlers.events import (
    AnyEvent,
    ButtonPressed,
    ChannelOpened,
    CommandGiven,
    CommandRan,
    DialogSubmitted,
    MessageHeard,
    MessageOvertaken,
    MessagePosted,
    PeopleInvited,
    PersonJoined,
    PersonLeft,
    PlaceClosed,
    PlaceReopened,
    PostDeleted,
    ReactionAdded,
    ReminderDue,
    Undeliverable,
)
from handlers.views.current import redraw
from store import Reminder, Run

BUTTONS: Mapping[str, Callable[[ButtonPressed, Context], Iterator[Effect]]] = {
    "finish.ask": finishing.asked_by_button,
    "prompt.dismiss": prompts.dismissed,
    "prompt.mute": prompts.muted,
    "prompt.start": starting.by_prompt,
    "reminder.snooze": reminders.snoozed,
    "task.choose": checklists.chosen,
    "task.done": checklists.done_by_button,
    "update.ask": updates.asked_by_button,
}

DIALOGS: Mapping[str, Callable[[DialogSubmitted, Context], Iterator[Effect]]] = {
    "finish.confirm": finishing.by_dialog,
    "run.start": starting.by_dialog,
    "task.save": checklists.changed_by_dialog,
    "update.post": updates.by_dialog,
}

REMINDERS: Mapping[str, Callable[[ReminderDue, Reminder, Context], Iterator[Effect]]] = {
    "fold": prompts.folded,
    "update": reminders.update_due,
}

ANYWHERE: Mapping[str, Callable[[CommandGiven, str, Context], Iterator[Effect]]] = {
    "": lambda event, words, ctx: commands.help_(event, ctx),
    "help": lambda event, words, ctx: commands.help_(event, ctx),
    "info": lambda event, words, ctx: commands.info(event, ctx),
    "list": lambda event, words, ctx: commands.list_(event, ctx),
    "run": starting.by_command,
}
"""Commands that mean the same in every channel."""

IN_A_RUN: Mapping[str, Callable[[CommandGiven, Run, str, Context], Iterator[Effect]]] = {
    "check": lambda event, run, words, ctx: checklists.by_command(event, run, words, "done", ctx),
    "finish": finishing.by_command,
    "uncheck": lambda event, run, words, ctx: checklists.by_command(event, run, words, "open", ctx),
    "update": updates.by_command,
}
"""Commands about the run of the channel where they are given, which has to be active."""

KNOWN = sorted({*ANYWHERE, *IN_A_RUN} - {""})


def handle(event: AnyEvent, ctx: Context) -> Iterator[Decided]:
    """Decide what follows from an event, and what its messages show then."""
    stale: dict[int, bool] = {}
    for effect in decide(event, ctx):
        if isinstance(effect, Redraw):
            stale[effect.message_id] = effect.again or stale.get(effect.message_id, False)
        else:
            yield effect
    yield from redraw(ctx, stale)


def decide(event: AnyEvent, ctx: Context) -> Iterator[Effect]:  # noqa: PLR0912  (one branch for each kind of event)
    """Decide what follows from an event; what messages show then is left open, as `Redraw`."""
    match event:
        case MessageHeard():
            yield from _heard(event, ctx)
        case CommandGiven():
            ctx.meet(event.asker)
            yield from _command(event, ctx)
        case ButtonPressed():
            ctx.meet(event.asker)
            yield from _pressed(event, ctx)
        case DialogSubmitted():
            ctx.meet(event.asker)
            yield from DIALOGS[event.action](event, ctx)
        case ReminderDue():
            yield from _due(event, ctx)
        case ReactionAdded() | CommandRan():
            yield from ()
        case PersonJoined():
            ctx.meet(event.person)
            yield from joining.joined(event, ctx)
        case PersonLeft():
            yield from joining.left(event, ctx)
        case ChannelOpened():
            yield from setting_up.channel_opened(event, ctx)
        case PeopleInvited():
            yield from joining.invited(event, ctx)
            yield from setting_up.invited(event, ctx)
        case MessagePosted():
            yield from setting_up.posted(event, ctx)
        case MessageOvertaken():
            yield from troubles.overtaken(event, ctx)
        case PlaceClosed():
            yield from troubles.place_closed(event, ctx)
        case PlaceReopened():
            yield from troubles.place_reopened(event, ctx)
        case PostDeleted():
            yield from troubles.post_deleted(event, ctx)
        case Undeliverable():
            yield from troubles.undeliverable(event, ctx)
        case _:
            assert_never(event)


def _heard(event: MessageHeard, ctx: Context) -> Iterator[Effect]:
    if not ctx.store.once(f"post:{event.post_id}", ctx.now):
        return
    ctx.meet(event.author)
    word = commands.split(event.command or "")[0]
    if event.command is not None and (word in (*ANYWHERE, *IN_A_RUN) or not event.hits):
        yield from _command(commands.from_message(event), ctx)
    else:
        yield from prompts.heard(event, ctx)


def _pressed(event: ButtonPressed, ctx: Context) -> Iterator[Effect]:
    """A copied button is worth nothing: its message has to be the one that the bot made it for."""
    message = ctx.store.message(event.message_id) if event.message_id else None
    copied = event.message_id and (message is None or message.post_id not in (None, event.post_id))
    if copied or event.action not in BUTTONS:
        yield permissions.gone(ctx)
    else:
        yield from BUTTONS[event.action](event, ctx)


def _command(event: CommandGiven, ctx: Context) -> Iterator[Effect]:
    word, words = commands.split(event.text)
    if word in ANYWHERE:
        yield from ANYWHERE[word](event, words, ctx)
    elif word in IN_A_RUN:
        run = commands.run_here(event, ctx)
        if isinstance(run, Refuse):
            yield run
        else:
            yield from IN_A_RUN[word](event, run, words, ctx)
    else:
        yield from commands.unknown(event, word, KNOWN, ctx)


def _due(event: ReminderDue, ctx: Context) -> Iterator[Effect]:
    reminder = ctx.store.reminder(event.reminder_id)
    if reminder is not None and reminder.done_at is None and reminder.due_at <= ctx.now:
        yield from REMINDERS[reminder.kind](event, reminder, ctx)
