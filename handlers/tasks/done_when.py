"""Which words complete a task when they are said in the run's channel: set, shown, taken away, and heard."""

import re
from collections.abc import Sequence
from typing import Annotated

from msgspec import UNSET

from handlers.context import Context
from handlers.controls import TASK_WORDS, entry
from handlers.effects import Answer, Ask, Content, Effects
from handlers.events import ButtonPressed, CommandGiven, MessageHeard, Person, Submission
from handlers.forms import Filled, Line, at_field
from handlers.messages.as_direct_message import told
from handlers.operations.edit_tasks import edit_tasks, turn_tasks
from handlers.payloads import TaskOfRun
from handlers.rules import people_named, permissions, task_lookup
from handlers.rules.assignees import sayings
from handlers.rules.planned_tasks import missing_for
from handlers.rules.progress import Numbered, progress
from handlers.rules.task_edit import TaskEdit
from handlers.text.arguments import is_none, lines, names, phrases
from handlers.text.plain_forms import aligned
from handlers.text.quotes import MARKS
from handlers.text.words import Safe, one_line
from handlers.views.attributes import tell_missing
from handlers.views.keep import post
from handlers.views.undo import answer
from store import Message, Run

SHOWN = 20

_NAME = rf"(?:@[^\s,;/&+|{MARKS}]++|me\b)"
_BY = re.compile(rf"(?<![^\s{MARKS}])by:? ({_NAME}(?:(?: ?[,;/&+|]| and\b)? ?{_NAME})*)[.!]*$", re.IGNORECASE)


class WordsForm(Filled, frozen=True):
    """The dialog of the words that complete a task; one that is about a task does not ask which."""

    task: Annotated[str, Line(150)]
    words: str
    people: str


def by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`done-when 2.3 "build is green" by @ann`, `done-when 2.3 off`; without words it asks, or shows what there is."""
    standing = progress(ctx, run)
    if not words.strip():
        yield _all(ctx, run, standing.tasks)
        return
    tasks, rest = task_lookup.leading(ctx, standing, words, "done-when")
    if not rest:
        yield _dialog(ctx, run, tasks[0]) if len(tasks) == 1 and event.trigger_id else _all(ctx, run, tasks)
        return
    says, by = _read(event, rest, ctx)
    yield from _set(ctx, run, tasks, says, by, event.asker, is_off=not says)


def asked(event: ButtonPressed, run: Run, ctx: Context) -> Effects:
    """*Words that complete a task…* in the card's menu."""
    yield _dialog(ctx, run, None)


def by_dialog(event: Submission[TaskOfRun, WordsForm], run: Run, ctx: Context) -> Effects:
    """The dialog, filled in; without words nothing that is said completes the task."""
    task_id, form = event.payload.task_id, event.form
    standing = progress(ctx, run)
    known = standing.numbered(task_id) if task_id is not None else None
    if task_id is not None and known is None:
        raise permissions.task_gone(ctx)
    with at_field("task"):
        tasks = [known] if known else task_lookup.tasks(ctx, standing, form.task, "done-when")
    with at_field("people"):
        by = _people(ctx, form.people, event.asker)
    says = lines(form.words)
    yield from told(event, _set(ctx, run, tasks, says, by if says else [], event.asker))


def heard(event: MessageHeard, ctx: Context) -> Effects:
    """Complete the tasks that wait for these words, from anybody or from those who are to say them."""
    for hit in event.hits:
        task = ctx.store.task(hit.task_id) if hit.task_id else None
        run = ctx.store.run(task.run_id) if task is not None else None
        if task is None or run is None or not run.is_active or run.channel_id != event.place.id:
            continue
        numbered = progress(ctx, run).numbered(task.id)
        # Between a change of the words and the message, the ears may have been a moment behind.
        said = next((word for word in hit.keywords if word in task.words), "")
        if numbered is not None and said and task.is_open and (not task.words_by or event.author.id in task.words_by):
            if missing_for(ctx, run, task):
                yield from tell_missing(ctx, run, [numbered], root_id=event.root_id or event.post_id)
                continue
            yield from _told(ctx, run, numbered, event, said)
            yield from turn_tasks(ctx, run, [numbered], "check", event.author, post_id=event.post_id)


def _told(ctx: Context, run: Run, numbered: Numbered, event: MessageHeard, said: str) -> Effects:
    to, task = ctx.readers_of(run), numbered.task
    text = ctx.say("do", to, number=Safe(numbered.number), title=task.title, words=said)["said"]
    message = Message(kind="note", run_id=run.id, task_id=task.id, place_id=event.place.id)
    yield from post(ctx, message, Content(text), root_id=event.root_id or event.post_id)


def _set(
    ctx: Context,
    run: Run,
    tasks: Sequence[Numbered],
    says: list[str],
    by: list[str],
    asker: Person,
    *,
    is_off: bool = False,
) -> Effects:
    """Let words complete tasks; with `is_off` nothing does any more, a status update neither."""
    edit = TaskEdit(words=says, words_by=by, by_update=False if is_off else UNSET)
    done = yield from edit_tasks(ctx, run, tasks, edit, asker)
    words, people = sayings(ctx, says, by)
    if not says and not done.key:
        yield ctx.answer("done_when", "off_before", what=task_lookup.what(ctx, tasks), number=tasks[0].number)
        return
    yield answer(ctx, run, done.key, done.tasks, "done_when", "set" if says else "off", words=words, people=people)


def _read(event: CommandGiven, words: str, ctx: Context) -> tuple[list[str], list[str]]:
    """Return the words that complete a task, and the ids of those who are to say them. Raises `Refused`."""
    if is_none(words):
        return [], []
    words = one_line(words)
    match = _BY.search(aligned(words))
    says = phrases(words[: match.start()] if match else words)
    if not says:
        raise ctx.refused("done_when", "how", "which")
    people = people_named.people(event, match[1], ctx) if match else []
    return says, [one.id for one in people]


def _people(ctx: Context, words: str, asker: Person) -> list[str]:
    """Return the ids of those whose names stand in the dialog; none where anybody may say the words."""
    found: list[str] = []
    for name in names(words.casefold()) if not is_none(words) else ():
        person = people_named.called(ctx, name, asker)
        if person is None:
            raise ctx.refused("done_when", "nobody", "which", word=name)
        found.append(person.id)
    return found


def _all(ctx: Context, run: Run, tasks: Sequence[Numbered]) -> Answer:
    """Tell which of these tasks are completed by which words."""
    rows = []
    for one in (one for one in tasks if one.task.words or one.task.by_update):
        words, people = sayings(ctx, one.task.words, one.task.words_by)
        about = {"number": Safe(one.number), "title": one.task.title, "by_update": one.task.by_update}
        rows.append({**about, "words": words, "people": people})
    said = ctx.say("done_when", rows=rows[:SHOWN], more=max(0, len(rows) - SHOWN))
    return Answer(content=Content(said["list" if rows else "none"]))


def _dialog(ctx: Context, run: Run, one: Numbered | None) -> Ask:
    task = one.task if one else None
    said = ctx.say("done_when", number=Safe(one.number if one else ""), title=task.title if task else "")
    by = ", ".join(f"@{ctx.username(person_id)}" for person_id in task.words_by) if task else ""
    # Clients take no longer line than 150 characters, unless what is there already is longer.
    room = 150 if len(by) <= 150 else 3000
    which = () if task else (entry(said, "task", max_length=150),)
    words = "\n".join(task.words) if task else ""
    return TASK_WORDS.ask(
        TaskOfRun(run.id, task.id if task else None),
        said,
        *which,
        entry(said, "words", "textarea", default=words, optional=True, max_length=3000),
        entry(said, "people", default=by, optional=True, max_length=room),
        intro=said["intro_one" if task else "intro"],
        submit="save",
    )
