"""Which handler deals with which dialog that was filled in, once the one table of permissions lets who did."""

from collections.abc import Callable, Iterator, Mapping

from handlers.context import Context
from handlers.effects import Correct, Effect, Refuse
from handlers.events import DialogSubmitted
from handlers.lifecycle import delete, finish, move, rename, timeline, variables
from handlers.people import hand_over, members, roles
from handlers.rules.admission import admitted
from handlers.rules.permission_table import OF_DIALOGS, action_of
from handlers.start import by_dialog, standalone
from handlers.tasks import dialogs, done_when, list_dialogs
from handlers.updates import update
from store import Run

ABOUT_A_RUN: Mapping[str, Callable[[DialogSubmitted, Run, Context], Iterator[Effect]]] = {
    "checklist.new": list_dialogs.added,
    "checklist.save": list_dialogs.saved,
    "describe.save": rename.by_dialog,
    "finish.confirm": finish.by_dialog,
    "handover.give": hand_over.by_dialog,
    "note.save": timeline.noted_by_dialog,
    "people.invite": lambda event, run, ctx: members.by_dialog(event, run, ctx, "invite"),
    "people.remove": lambda event, run, ctx: members.by_dialog(event, run, ctx, "remove"),
    "role.give": roles.by_dialog,
    "run.delete": delete.by_dialog,
    "run.move": move.by_dialog,
    "task.new": dialogs.added,
    "task.save": dialogs.saved,
    "task.words": done_when.by_dialog,
    "update.post": update.by_dialog,
    "variable.save": variables.by_dialog,
}
"""Those whose `arg` begins with the number of a run, which has to be active."""

OTHERS: Mapping[str, Callable[[DialogSubmitted, Context], Iterator[Effect]]] = {
    "bare.make": standalone.by_dialog,
    "run.start": by_dialog.by_dialog,
}

DIALOGS = frozenset({*ABOUT_A_RUN, *OTHERS})

LONGEST = 3000
"""How many characters a field holds where nothing else is said: what clients let people write into the largest."""

LIMITS: Mapping[str, Mapping[str, int]] = {
    "bare.make": {"title": standalone.TITLE_LIMIT, "tasks": 16_383},
    "checklist.new": list_dialogs.FIELDS,
    "checklist.save": list_dialogs.FIELDS,
    "describe.save": rename.FIELDS,
    "handover.give": {"words": hand_over.WORDS_LIMIT},
    "note.save": {"note": timeline.NOTE_LIMIT},
    "run.start": by_dialog.FIELDS,
    "task.new": dialogs.FIELDS,
    "task.save": dialogs.FIELDS,
    "task.words": {"task": 150},
    "update.post": {"text": update.TEXT_LIMIT},
    "variable.save": {"name": variables.NAME_ENTRY, "value": variables.VALUE_LIMIT},
}
"""How many characters the fields of dialogs hold; a client of one's own sends more than was asked for."""

EVEN_FINISHED = frozenset({"note.save", "run.delete"})
"""What also means something when the run is finished."""


def submitted(event: DialogSubmitted, ctx: Context) -> Iterator[Effect]:
    """Decide what follows from a dialog; why not is said in it, and it stays open."""
    if errors := _too_long(event, ctx):
        yield Correct(errors=errors)
        return
    if event.action in OTHERS:
        yield from OTHERS[event.action](event, ctx)
        return
    action = action_of(OF_DIALOGS[event.action])
    finished = event.action in EVEN_FINISHED
    run = admitted(ctx, event.arg.partition(":")[0], event.asker, action, even_finished=finished)
    if isinstance(run, Refuse):
        yield Correct(error=run.text)
    else:
        yield from ABOUT_A_RUN[event.action](event, run, ctx)


def _too_long(event: DialogSubmitted, ctx: Context) -> dict[str, str]:
    """Say at each field that holds too much how much it may hold."""
    limits = LIMITS.get(event.action, {})
    found = {
        name: (len(value.strip()), limits.get(name, LONGEST))
        for name, value in event.values.items()
        if isinstance(value, str)
    }
    return {
        name: ctx.say("field", count=count, limit=limit)["too_long"]
        for name, (count, limit) in found.items()
        if count > limit
    }
