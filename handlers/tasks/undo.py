"""Taking back what was changed in a run's tasks, and telling what was."""

from collections.abc import Generator, Iterator

from handlers.context import Context
from handlers.effects import Answer, Content, Effect, Refuse
from handlers.events import ButtonPressed, CommandGiven, Person, Press
from handlers.operations.change_tasks import note_states, settled
from handlers.payloads import ChangeOfRun
from handlers.rules import change_log, permissions, task_lookup
from handlers.rules.progress import progress
from handlers.text.words import Safe, zone
from handlers.views.history import history
from store import CHANGES_KEPT, Change, Run


def by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    """`undo`: the last thing that the asker changed in this run."""
    change = _last(ctx, run, event.asker)
    outcome = yield from _undo(ctx, run, change, event.asker)
    is_undone = change is not None and change.undone_at == ctx.now and change.undone_by == event.asker.id
    yield Answer(content=Content(outcome.text)) if is_undone else outcome


def by_menu(event: ButtonPressed, run: Run, ctx: Context) -> Iterator[Effect]:
    """*Undo my last change* of the card's menu."""
    yield (yield from _undo(ctx, run, _last(ctx, run, event.asker), event.asker))


def by_button(event: Press[ChangeOfRun], run: Run, ctx: Context) -> Iterator[Effect]:
    """*Undo* on an answer: just what that answer told."""
    change = ctx.store.change(event.payload.run_id, event.payload.key)
    yield permissions.gone(ctx) if change is None else (yield from _undo(ctx, run, change, event.asker))


def history_of(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    """`history 2.3`: who did what to a task, and when."""
    found = task_lookup.tasks(ctx, progress(ctx, run), words, "history")
    if isinstance(found, Refuse):
        yield found
    else:
        yield Answer(content=Content(history(ctx, run, found[0], zone(event.asker.timezone))))


def _last(ctx: Context, run: Run, asker: Person) -> Change | None:
    """Return the asker's last operation that still counts, or else the last of anybody's."""
    counting = [one for one in ctx.store.changes(run.id) if one.undone_at is None]
    mine = (one for one in counting if one.by == asker.id)
    return next(mine, counting[0] if counting else None)


def _undo(ctx: Context, run: Run, change: Change | None, asker: Person) -> Generator[Effect, None, Refuse]:
    """Take an operation back; return what to say of it, as a small dialog shows it."""
    refused = _refused(ctx, change, asker)
    if refused is not None or change is None:
        return refused or permissions.gone(ctx)
    said = ctx.say("undo", label=change.label, **_who_and_when(ctx, change, asker))
    if not change_log.undo(ctx, run, change, asker.id):
        return Refuse(title=said["changed_title"], text=said["changed"])
    note_states(ctx, run, change.rows, asker.id)
    yield from settled(ctx, run)
    return Refuse(title=said["undone_title"], text=said["undone"])


def _refused(ctx: Context, change: Change | None, asker: Person) -> Refuse | None:
    if change is None:
        said = ctx.say("undo", days=CHANGES_KEPT.days)
        return Refuse(title=said["nothing_title"], text=said["nothing"])
    said = ctx.say("undo", label=change.label, **_who_and_when(ctx, change, asker))
    if change.undone_at is not None:
        return Refuse(title=said["before_title"], text=said["before"])
    if change.by != asker.id:
        return Refuse(title=said["others_title"], text=said["others"])
    return None


def _who_and_when(ctx: Context, change: Change, asker: Person) -> dict[str, object]:
    said = ctx.say("undo", label=change.label)
    block = f"did_{change.kind}"
    return {
        "who": ctx.username(change.by),
        "did": Safe(said[block if block in said else "did_change"]),
        "at": change.at,
        "zone": zone(asker.timezone),
    }
