"""What a run is called and what it is about: its name and its summary, by command and by dialog."""

from typing import Annotated

from handlers.context import Context
from handlers.controls import DESCRIBE_SAVE, DESCRIBE_UNDO
from handlers.effects import Answer, Card, Content, Effects, Entry
from handlers.events import ButtonPressed, CommandGiven, Press, Submission
from handlers.forms import Filled, Line, Text, at_field
from handlers.operations.describe_run import SUMMARY_LIMIT, Described, describe_run, undo_description
from handlers.payloads import OfMoment, OfRun
from handlers.playbooks.playbook import playbook_of
from handlers.rules import permissions
from handlers.rules.admission import admitted
from handlers.rules.run_request import NAME_LIMIT, is_template
from handlers.text.arguments import text_or_none
from handlers.text.escaping import as_kept, as_typed
from handlers.text.words import one_line
from store import Run

KINDS = ("renamed", "summary")
"""What such a change is called in the timeline, which also remembers what was there before."""


class DescribeForm(Filled, frozen=True):
    """The dialog of a run's name and summary."""

    name: Annotated[str, Line(NAME_LIMIT)]
    summary: Annotated[str, Text(SUMMARY_LIMIT)]


def asked(event: ButtonPressed | CommandGiven, run: Run, ctx: Context) -> Effects:
    """*Name and summary…* in the card's menu."""
    said = ctx.say("describe", run=run)
    name = Entry(name="name", label=said["name"], default=run.name, max_length=NAME_LIMIT)
    summary = Entry(
        name="summary",
        label=said["summary"],
        kind="textarea",
        default=as_typed(run.summary or playbook_of(run.definition).summary)[:SUMMARY_LIMIT],
        help=said["summary_help"],
        optional=True,
        max_length=SUMMARY_LIMIT,
    )
    yield DESCRIBE_SAVE.ask(OfRun(run.id), said, name, summary)


def renamed(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`rename New name`."""
    name = one_line(words)
    if not name and event.trigger_id:
        yield from asked(event, run, ctx)
    else:
        described = yield from describe_run(ctx, run, event.asker, name=name)
        yield _answer(ctx, run, described)


def summarized(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`summary some words`, `summary none`, or a dialog with what the summary is now."""
    if not words and event.trigger_id:
        yield from asked(event, run, ctx)
    elif not words:
        raise ctx.refused("describe", "summary_wrong", "summary", limit=SUMMARY_LIMIT)
    else:
        described = yield from describe_run(ctx, run, event.asker, summary=text_or_none(words))
        yield _answer(ctx, run, described)


def by_dialog(event: Submission[OfRun, DescribeForm], run: Run, ctx: Context) -> Effects:
    """The dialog with name and summary, saved."""
    name, summary = event.form.name, as_kept(event.form.summary, run.summary)
    # Who gives it another name alone is not asked to fill the template in.
    is_left = name != run.name and not run.summary and is_template(summary, playbook_of(run.definition))
    with at_field("name"):
        described = yield from describe_run(ctx, run, event.asker, name=name, summary=None if is_left else summary)
    yield _answer(ctx, run, described)


def undone(event: Press[OfMoment], ctx: Context) -> Effects:
    """*Undo* behind a new name or summary: as it was before, unless it was changed again since."""
    moment = ctx.store.moment(event.payload.moment_id)
    if moment is None or moment.kind not in KINDS:
        raise permissions.gone(ctx)
    run = admitted(ctx, moment.run_id, event.asker)
    described = yield from undo_description(ctx, run, moment, event.asker)
    yield _answer(ctx, run, described)


def _answer(ctx: Context, run: Run, described: Described) -> Answer:
    if not described.after:
        return ctx.answer("describe", "same", run=run)
    said = ctx.say("describe", run=run, before=described.before.get("name", ""))
    undo = DESCRIBE_UNDO.button(said["undo"], OfMoment(described.moment_id))
    text = said["renamed" if "name" in described.after else "summarized" if run.summary else "no_summary"]
    return Answer(content=Content(text, (Card(controls=(undo,)),)))
