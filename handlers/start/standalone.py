"""A bare checklist: a run without a playbook, in any channel or direct message."""

from collections.abc import Iterator, Sequence
from typing import Annotated

from handlers.context import Context
from handlers.controls import BARE_MAKE
from handlers.effects import Answer, Ask, Content, Correct, Dialog, Effect, Entry, Refuse
from handlers.events import ButtonPressed, CommandGiven, DialogSubmitted, Person, Place, Submission
from handlers.forms import Filled, Line, Text
from handlers.operations.enter_channel import arrive
from handlers.payloads import Nothing
from handlers.playbooks.playbook import Playbook
from handlers.rules import pace, permissions, teams
from handlers.rules.places import is_member
from handlers.text.arguments import lines
from handlers.text.words import one_line
from store import Checklist, Participant, Run, Task, new_key

TITLE_LIMIT = 150
LINE_LIMIT = 200
MOST = 200


class BareForm(Filled, frozen=True):
    """The dialog of a checklist without a playbook: its title, and a line for each task."""

    title: Annotated[str, Line(TITLE_LIMIT)]
    tasks: Annotated[str, Text(16_383)]


_BOOK = Playbook.model_validate({"title": "Checklist", "key": "checklist"})
"""What stands in for the playbook that a bare checklist has not."""


def by_command(event: CommandGiven, words: str, ctx: Context) -> Iterator[Effect]:
    """`checklist Title; first; second`, or a dialog; tasks may also stand on lines of their own."""
    words = words.removeprefix("new ").strip()
    title, *rest = _parts(words.replace(";", "\n"))
    tasks = [line for line in rest if line]
    said = ctx.say("bare", limit=TITLE_LIMIT, most=MOST)
    if not is_member(ctx, event.place):
        told = ctx.say("bare" if event.place.kind in ("D", "G") else "start")
        yield Refuse(title=told["not_here_title"], text=told["not_here"])
    elif (refusal := pace.started_too_many(ctx, event.asker)) is not None:
        yield refusal
    elif not title and event.trigger_id:
        yield Ask(dialog=_dialog(ctx))
    elif not title or not _fits(title, tasks):
        yield Refuse(title=said["wrong_title"], text=said["wrong"])
    else:
        yield from _make(ctx, title, tasks, event.asker, event.place)
        yield Answer(content=Content(ctx.say("bare", title=title, count=len(tasks))["answer"]))


def asked(event: ButtonPressed, ctx: Context) -> Iterator[Effect]:
    """*New checklist…* below the list of runs."""
    told = ctx.say("bare" if event.place.kind in ("D", "G") else "start")
    here = is_member(ctx, event.place)
    yield Ask(dialog=_dialog(ctx)) if here else Refuse(title=told["not_here_title"], text=told["not_here"])


def by_dialog(event: Submission[Nothing, BareForm], ctx: Context) -> Iterator[Effect]:
    """The dialog with title and tasks, filled in."""
    title, tasks = event.form.title, lines(event.form.tasks)
    if not title:
        yield Correct(errors={"title": ctx.say("bare")["title_missing"]})
    elif not _fits(title, tasks):
        yield Correct(errors={"tasks": ctx.say("bare", limit=TITLE_LIMIT, most=MOST)["wrong"]})
    elif not is_member(ctx, event.place):
        yield Correct(error=ctx.say("start")["not_here"])
    elif _left_since(event, ctx):
        yield Correct(error=permissions.not_of_team(ctx).text)
    elif (refusal := pace.started_too_many(ctx, event.asker)) is not None:
        yield Correct(error=refusal.text)
    else:
        yield from _make(ctx, title, tasks, event.asker, event.place)


def take_part(event: CommandGiven | ButtonPressed | DialogSubmitted, ctx: Context, runs: Sequence[Run]) -> None:
    """Whoever works where a bare checklist is takes part in it: it has no invitations, only the people of its place.

    `runs` are those of the place, of which the bare ones in progress count.
    """
    if event.asker.is_bot:
        return
    for run in runs:
        if run.playbook_id is None and run.is_active and ctx.store.participant(run.id, event.asker.id) is None:
            _take_part(ctx, run, event.asker)


def _make(ctx: Context, title: str, tasks: list[str], asker: Person, place: Place) -> Iterator[Effect]:
    run = ctx.store.add(
        Run(
            key=new_key(),
            team_id=place.team_id,
            own_channel=False,
            definition=_BOOK.definition(),
            name=title,
            owner_id=asker.id,
            creator_id=asker.id,
            created_at=ctx.now,
        )
    )
    row = ctx.store.add(Checklist(run_id=run.id, position=1, title=title))
    ctx.store.add_all(
        [Task(run_id=run.id, checklist_id=row.id, position=at, title=line) for at, line in enumerate(tasks, 1)]
    )
    ctx.note(run, "started", asker.id)
    _take_part(ctx, run, asker)
    yield from arrive(ctx, run, place)


def _take_part(ctx: Context, run: Run, person: Person) -> None:
    ctx.store.add(Participant(run_id=run.id, person_id=person.id, joined_at=ctx.now, welcomed_at=ctx.now))


def _left_since(event: DialogSubmitted, ctx: Context) -> bool:
    """Return whether somebody left the team of a channel since they opened a dialog there."""
    if event.asker.is_admin or event.place.kind not in ("O", "P"):
        return False
    return bool(teams.outside_team(ctx, event.place.team_id, [event.asker.id]))


def _parts(text: str) -> list[str]:
    return [one_line(part) for part in text.split("\n")] or [""]


def _fits(title: str, tasks: list[str]) -> bool:
    return len(title) <= TITLE_LIMIT and len(tasks) <= MOST and all(0 < len(one) <= LINE_LIMIT for one in tasks)


def _dialog(ctx: Context) -> Dialog:
    said = ctx.say("bare")
    return BARE_MAKE.dialog(
        Nothing(),
        said["dialog_title"],
        entries=(
            Entry(name="title", label=said["title"], max_length=TITLE_LIMIT),
            Entry(name="tasks", label=said["tasks"], kind="textarea", help=said["tasks_help"], optional=True),
        ),
        submit=said["submit"],
    )
