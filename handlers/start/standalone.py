"""A bare checklist: a run without a playbook, asked for by a command or a dialog."""

from collections.abc import Sequence
from typing import Annotated

from handlers.context import Context
from handlers.controls import BARE_MAKE, LIST_WHERE
from handlers.effects import Answer, Ask, Card, Content, Correct, Effects, Entry
from handlers.events import ButtonPressed, CommandGiven, Submission
from handlers.forms import Filled, Line, Text, at_field
from handlers.operations.make_checklist import TITLE_LIMIT, make_checklist, require_fit, require_making
from handlers.payloads import KeptList, Nothing
from handlers.rules.list_actions import CHANGES
from handlers.rules.places import is_with_bot, require_member
from handlers.text.arguments import first_word, lines, titled
from handlers.text.nearest import nearest
from handlers.text.words import Safe, code, shorten
from store import Run

LIKELY, VERY_LIKELY = 75, 80
"""How like a word has to be to what is done to a checklist, of 100, before a number and before anything else."""

LONGEST = 16_000
"""How many characters of a checklist are kept until somebody says where it belongs."""


class BareForm(Filled, frozen=True):
    """The dialog of a checklist without a playbook: its title, and a line for each task."""

    title: Annotated[str, Line(TITLE_LIMIT)]
    tasks: Annotated[str, Text(16_383)]


def by_command(event: CommandGiven, words: str, ctx: Context) -> Effects:
    """`checklist Title; first; second`, or a dialog; `new` before the title says that it belongs to no run here.

    Raises `Refused` where it reads like a change of a run's checklists: a word that is mistyped makes no run.
    """
    word, rest = first_word(words)
    if word == "new":
        yield from _make(event, rest, ctx)
        return
    _require_no_typo(ctx, event, words)
    here = [run for run in ctx.store.runs_in(event.place.id) if run.is_active and run.playbook_id is not None]
    if here:
        yield _where(ctx, here, words)
    else:
        yield from _make(event, words, ctx)


def _make(event: CommandGiven, words: str, ctx: Context) -> Effects:
    title, tasks = titled(words)
    if not title and event.trigger_id:
        require_making(ctx, event.asker, event.place)
        yield _asked(ctx)
    else:
        made = yield from make_checklist(ctx, title, tasks, event.asker, event.place)
        yield ctx.answer("bare", "answer", title=title, count=made.count)


def _require_no_typo(ctx: Context, event: CommandGiven, words: str) -> None:
    """Raise `Refused` where words begin like what is done to a checklist, and name no tasks."""
    word, rest = first_word(words)
    like = nearest(word, CHANGES, LIKELY if rest.lstrip("#")[:1].isdigit() else VERY_LIKELY)
    if like and (rest or like == word.casefold()) and not titled(words)[1]:
        there = bool(ctx.store.runs_in(event.place.id)) or is_with_bot(ctx, event.place)
        meant = Safe(f"{like} {code(rest)}")
        raise ctx.refused("bare", "meant" if there else "no_run", "meant", words=code(words), meant=meant)


def _where(ctx: Context, runs: Sequence[Run], words: str) -> Answer:
    """Ask whether a checklist is to belong to a run here, in words and with buttons."""
    run = runs[0]
    said = ctx.say("bare", run=run, given=Safe(code(shorten(words or ctx.say("bare")["example"], 60))))
    key = ctx.store.keep_question(words, ctx.now) if ctx.here.buttons and len(words) <= LONGEST else ""
    to_run = LIST_WHERE.button(said["where_run"], KeptList(run.id, key), "primary")
    alone = LIST_WHERE.button(said["where_alone"], KeptList(0, key))
    return Answer(content=Content(said["where"], (Card(controls=(to_run, alone)),) if key else ()))


def asked(event: ButtonPressed, ctx: Context) -> Effects:
    """*New checklist…* below the list of runs: what `checklist` alone does."""
    require_member(ctx, event.place)
    given = CommandGiven(
        at=event.at, text="checklist", asker=event.asker, place=event.place, trigger_id=event.trigger_id
    )
    yield from by_command(given, "", ctx)


def by_dialog(event: Submission[Nothing, BareForm], ctx: Context) -> Effects:
    """The dialog with title and tasks, filled in."""
    title, tasks = event.form.title, lines(event.form.tasks)
    if not title:
        yield Correct(errors={"title": ctx.say("bare")["title_missing"]})
        return
    with at_field("tasks"):
        require_fit(ctx, title, tasks)
    yield from make_checklist(ctx, title, tasks, event.asker, event.place)


def _asked(ctx: Context) -> Ask:
    said = ctx.say("bare")
    title = Entry(name="title", label=said["title"], max_length=TITLE_LIMIT)
    tasks = Entry(name="tasks", label=said["tasks"], kind="textarea", help=said["tasks_help"], optional=True)
    return BARE_MAKE.ask(Nothing(), said, title, tasks)
