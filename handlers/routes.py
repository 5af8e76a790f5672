"""Which handler deals with which event, button, dialog and command."""

from collections.abc import Callable, Iterator, Mapping
from typing import assert_never

from handlers import (
    assigning,
    attributes,
    briefing,
    checklists,
    commands,
    deleting,
    describing,
    digests,
    done_when,
    due_times,
    finishing,
    following,
    handing_over,
    helping,
    joining,
    listing,
    moving,
    people,
    permissions,
    prompts,
    reacting,
    reminders,
    restarting,
    roles,
    setting_up,
    starting,
    task_commands,
    task_dialogs,
    task_lists,
    task_words,
    tasks,
    timeline,
    todo,
    troubles,
    undoing,
    updates,
)
from handlers.context import Context
from handlers.effects import Decided, Effect, Redraw
from handlers.events import (
    AnyEvent,
    ButtonPressed,
    ButtonsSwitched,
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
from handlers.permission_table import Action
from handlers.views.current import redraw
from store import Reminder, Run

BUTTONS: Mapping[str, Callable[[ButtonPressed, Context], Iterator[Effect]]] = {
    "digest.off": digests.switched_off,
    "describe.undo": describing.undone,
    "finish.ask": finishing.asked_by_button,
    "handover.ask": handing_over.asked_by_button,
    "handover.decline": lambda event, ctx: handing_over.answered(event, ctx, "declined"),
    "handover.take": lambda event, ctx: handing_over.answered(event, ctx, "accepted"),
    "prompt.dismiss": prompts.dismissed,
    "prompt.mute": prompts.muted,
    "prompt.start": starting.by_prompt,
    "reminder.snooze": reminders.snoozed,
    "run.brief": briefing.by_button,
    "run.more": lambda event, ctx: _more(event, ctx),  # noqa: PLW0108  (defined below)
    "run.restart": restarting.by_button,
    "run.which": lambda event, ctx: _command(commands.of_chosen_run(event, ctx), ctx),
    "task.choose": task_dialogs.chosen,
    "task.done": checklists.done_by_button,
    "task.snooze": due_times.snoozed,
    "task.start": checklists.started_by_button,
    "undo": undoing.by_button,
    "settings.turn": digests.turned,
    "todo.done": todo.done_by_button,
    "task.run": task_commands.by_button,
    "timeline.change": timeline.changed_by_button,
    "timeline.page": timeline.turned,
    "update.ask": updates.asked_by_button,
    "variable.undo": attributes.undone,
}

MORE: Mapping[str, Callable[[ButtonPressed, Run, Context], Iterator[Effect]]] = {
    "checklist.add": task_lists.asked_new,
    "follow": following.turned,
    "people.invite": lambda event, run, ctx: people.asked(event, run, ctx, "invite"),
    "people.leave": people.leaves,
    "people.remove": lambda event, run, ctx: people.asked(event, run, ctx, "remove"),
    "role.ask": roles.asked,
    "run.brief": lambda event, run, ctx: briefing.by_button(event, ctx),
    "task.add": task_dialogs.asked_new,
    "task.words": done_when.asked,
    "undo.last": undoing.by_menu,
    "run.delete": lambda event, run, ctx: _if_may("delete", deleting.asked, event, run, ctx),
    "run.describe": lambda event, run, ctx: _if_may("change", describing.asked, event, run, ctx),
    "variable.ask": lambda event, run, ctx: _if_may("change", attributes.asked, event, run, ctx),
    "run.move": lambda event, run, ctx: _if_may("change", moving.asked, event, run, ctx),
    "run.timeline": lambda event, run, ctx: _if_may("see", timeline.shown, event, run, ctx),
}
"""What the card's menu *More…* leads to, by the value that is chosen."""

DIALOGS: Mapping[str, Callable[[DialogSubmitted, Context], Iterator[Effect]]] = {
    "bare.make": listing.by_dialog,
    "describe.save": describing.by_dialog,
    "variable.save": attributes.by_dialog,
    "checklist.new": task_lists.added,
    "finish.confirm": finishing.by_dialog,
    "handover.give": handing_over.by_dialog,
    "people.invite": lambda event, ctx: people.by_dialog(event, ctx, "invite"),
    "people.remove": lambda event, ctx: people.by_dialog(event, ctx, "remove"),
    "role.give": roles.by_dialog,
    "run.delete": deleting.by_dialog,
    "run.move": moving.by_dialog,
    "run.start": starting.by_dialog,
    "task.new": task_dialogs.added,
    "task.save": task_dialogs.saved,
    "task.words": done_when.by_dialog,
    "update.post": updates.by_dialog,
}

REMINDERS: Mapping[str, Callable[[ReminderDue, Reminder, Context], Iterator[Effect]]] = {
    "digest": digests.due,
    "archive": restarting.archive_due,
    "fold": prompts.folded,
    "task_due": due_times.reminded,
    "task_soon": due_times.reminded,
    "turn": roles.turned,
    "update": reminders.update_due,
}

ANYWHERE: Mapping[str, Callable[[CommandGiven, str, Context], Iterator[Effect]]] = {
    "": helping.by_command,
    "help": helping.by_command,
    "info": lambda event, words, ctx: commands.info(event, ctx),
    "checklist": lambda event, words, ctx: _checklist(event, words, ctx),  # noqa: PLW0108  (defined below)
    "list": lambda event, words, ctx: commands.list_(event, ctx),
    "movehere": moving.here,
    "run": starting.by_command,
    "settings": digests.settings,
    "todo": todo.by_command,
}
"""Commands that mean the same in every channel."""

IN_A_RUN: Mapping[str, Callable[[CommandGiven, Run, str, Context], Iterator[Effect]]] = {
    "add": tasks.add,
    "assign": assigning.by_command,
    "check": lambda event, run, words, ctx: checklists.by_command(event, run, words, "check", ctx),
    "checklist": task_lists.by_command,
    "done-when": done_when.by_command,
    "due": due_times.by_command,
    "duplicate": tasks.duplicate,
    "edit": tasks.edit,
    "history": undoing.history_of,
    "move": tasks.move,
    "restore": lambda event, run, words, ctx: checklists.by_command(event, run, words, "restore", ctx),
    "skip": lambda event, run, words, ctx: checklists.by_command(event, run, words, "skip", ctx),
    "start": lambda event, run, words, ctx: checklists.by_command(event, run, words, "start", ctx),
    "undo": undoing.by_command,
    "brief": briefing.by_command,
    "delete": deleting.by_command,
    "do": task_commands.by_command,
    "finish": finishing.by_command,
    "follow": following.follow,
    "handover": handing_over.by_command,
    "invite": people.invite,
    "join": people.join,
    "leave": people.leave,
    "move-run": moving.elsewhere,
    "note": timeline.noted,
    "owner": people.owner,
    "remove": lambda event, run, words, ctx: (people if "@" in words else tasks).remove(event, run, words, ctx),
    "rename": describing.renamed,
    "restart": restarting.by_command,
    "role": roles.by_command,
    "roles": roles.shown,
    "set": attributes.by_command,
    "summary": describing.summarized,
    "timeline": timeline.by_command,
    "unfollow": following.unfollow,
    "unset": attributes.taken_away,
    "uncheck": lambda event, run, words, ctx: checklists.by_command(event, run, words, "uncheck", ctx),
    "update": updates.by_command,
}
"""Commands about the run of the channel where they are given, which has to be active."""

EVEN_FINISHED = frozenset({"brief", "delete", "leave", "note", "owner", "restart", "roles", "timeline", "unfollow"})
"""Those of them that also mean something when the run is finished."""

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


def decide(event: AnyEvent, ctx: Context) -> Iterator[Effect]:
    """Decide what follows from an event; what messages show then is left open, as `Redraw`."""
    found = _decide(event, ctx)
    yield from found if ctx.here.buttons else reacting.without_buttons(found, ctx)


def _decide(event: AnyEvent, ctx: Context) -> Iterator[Effect]:
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
        case ReactionAdded():
            ctx.meet(event.asker)
            yield from _reacted(event, ctx)
        case ButtonsSwitched():
            yield from reacting.switched(event, ctx)
        case CommandRan():
            yield from task_commands.ran(event, ctx)
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
            yield from reacting.posted(event, ctx)
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
        yield from task_words.heard(event, ctx)
        yield from prompts.heard(event, ctx)


def _pressed(event: ButtonPressed, ctx: Context) -> Iterator[Effect]:
    """A copied button is worth nothing: its message has to be the one that the bot made it for."""
    copied = event.message_id and not ctx.store.is_message_at(event.message_id, event.post_id)
    if copied or event.action not in BUTTONS:
        yield permissions.gone(ctx)
    else:
        listing.take_part(event, ctx)
        yield from BUTTONS[event.action](event, ctx)


def _more(event: ButtonPressed, ctx: Context) -> Iterator[Effect]:
    """The menu *More…* of the card, whose run has to be active."""
    run = ctx.store.run(int(event.arg))
    if run is None or event.choice not in MORE:
        yield permissions.gone(ctx)
    elif not run.is_active:
        yield permissions.finished(ctx, run, event.asker)
    else:
        yield from MORE[event.choice](event, run, ctx)


def _reacted(event: ReactionAdded, ctx: Context) -> Iterator[Effect]:
    """A reaction counts once; what stands for a press is decided by what the button would do."""
    if event.once and not ctx.store.once(event.once, ctx.now):
        return
    press = reacting.press_of(event, ctx)
    if press is not None:
        yield from reacting.told(event, _pressed(press, ctx))
    yield from timeline.pinned(event, ctx)


def _if_may(
    action: Action,
    handler: Callable[[ButtonPressed, Run, Context], Iterator[Effect]],
    event: ButtonPressed,
    run: Run,
    ctx: Context,
) -> Iterator[Effect]:
    if (refusal := permissions.refusal(ctx, action, event.asker, run)) is not None:
        yield refusal
    else:
        yield from handler(event, run, ctx)


def _command(event: CommandGiven, ctx: Context) -> Iterator[Effect]:
    event = commands.addressed(event, ctx)
    word, words = commands.split(event.text)
    if word in ANYWHERE:
        yield from ANYWHERE[word](event, words, ctx)
    elif word in IN_A_RUN:
        yield from _in_a_run(word, event, words, ctx)
    else:
        yield from commands.unknown(event, word, KNOWN, ctx)


def _checklist(event: CommandGiven, words: str, ctx: Context) -> Iterator[Effect]:
    """`checklist` changes a run's lists where it says how, and makes a list without a playbook otherwise."""
    verb = commands.split(words)[0]
    if verb in task_lists.VERBS and (event.run_id or ctx.store.runs_in(event.place.id)):
        yield from _in_a_run("checklist", event, words, ctx)
    else:
        yield from listing.by_command(event, words, ctx)


def _in_a_run(word: str, event: CommandGiven, words: str, ctx: Context) -> Iterator[Effect]:
    listing.take_part(event, ctx)
    run = commands.run_here(event, ctx, permissions.needs(word), even_finished=word in EVEN_FINISHED)
    if isinstance(run, Run):
        yield from IN_A_RUN[word](event, run, words, ctx)
    else:
        yield run


def _due(event: ReminderDue, ctx: Context) -> Iterator[Effect]:
    reminder = ctx.store.reminder(event.reminder_id)
    if reminder is not None and reminder.done_at is None and reminder.due_at <= ctx.now:
        yield from REMINDERS[reminder.kind](event, reminder, ctx)
