"""What a run is called and what it is about: its name and its summary, by command and by dialog."""

from collections.abc import Iterator
from typing import Annotated

from handlers.context import Context
from handlers.controls import DESCRIBE_SAVE, DESCRIBE_UNDO
from handlers.effects import Answer, Ask, Card, ChangeChannel, Content, Correct, Dialog, Effect, Entry, Refuse
from handlers.events import ButtonPressed, CommandGiven, Person, Press, Submission
from handlers.forms import Filled, Line, Text
from handlers.payloads import OfMoment, OfRun
from handlers.rules import permissions
from handlers.rules.admission import admitted
from handlers.rules.run_request import NAME_LIMIT
from handlers.text.words import one_line, shorten
from handlers.views.card import refresh_card
from store import Moment, Run

SUMMARY_LIMIT = 3000
TITLE_LIMIT = 64
"""The longest title of a channel (server source: model/channel.go)."""

KINDS = ("renamed", "summary")
"""What such a change is called in the timeline, which also remembers what was there before."""


class DescribeForm(Filled, frozen=True):
    """The dialog of a run's name and summary."""

    name: Annotated[str, Line(NAME_LIMIT)]
    summary: Annotated[str, Text(SUMMARY_LIMIT)]


def asked(event: ButtonPressed, run: Run, ctx: Context) -> Iterator[Effect]:
    """*Name and summary…* in the card's menu."""
    yield Ask(dialog=_dialog(ctx, run))


def renamed(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    """`rename New name`."""
    name = one_line(words)
    if not name and event.trigger_id:
        yield Ask(dialog=_dialog(ctx, run))
    elif not name or len(name) > NAME_LIMIT:
        said = ctx.say("describe", limit=NAME_LIMIT)
        yield Refuse(title=said["name_title"], text=said["name_wrong"])
    else:
        yield from _change(ctx, run, {"name": name}, event.asker)


def summarized(event: CommandGiven, run: Run, words: str, ctx: Context) -> Iterator[Effect]:
    """`summary some words`, or a dialog with what the summary is now."""
    if not words and event.trigger_id:
        yield Ask(dialog=_dialog(ctx, run))
    elif not words or len(words) > SUMMARY_LIMIT:
        said = ctx.say("describe", limit=SUMMARY_LIMIT)
        yield Refuse(title=said["summary_title"], text=said["summary_wrong"])
    else:
        yield from _change(ctx, run, {"summary": words.strip()}, event.asker)


def by_dialog(event: Submission[OfRun, DescribeForm], run: Run, ctx: Context) -> Iterator[Effect]:
    """The dialog with name and summary, saved."""
    form = event.form
    if not form.name:
        yield Correct(errors={"name": ctx.say("describe", limit=NAME_LIMIT)["name_wrong"]})
    else:
        yield from _change(ctx, run, {"name": form.name, "summary": form.summary}, event.asker)


def undone(event: Press[OfMoment], ctx: Context) -> Iterator[Effect]:
    """*Undo* behind a new name or summary: as it was before, unless it was changed again since."""
    moment = ctx.store.moment(event.payload.moment_id)
    moment = moment if moment is not None and moment.kind in KINDS else None
    run = admitted(ctx, moment.run_id, event.asker) if moment is not None else permissions.gone(ctx)
    if isinstance(run, Refuse) or moment is None:
        yield run if isinstance(run, Refuse) else permissions.gone(ctx)
    elif any(getattr(run, part) != value for part, value in moment.details["after"].items()):
        said = ctx.say("describe")
        yield Refuse(title=said["changed_title"], text=said["changed"])
    else:
        yield from _change(ctx, run, dict(moment.details["before"]), event.asker)


def _change(ctx: Context, run: Run, wanted: dict[str, str], asker: Person) -> Iterator[Effect]:
    after = {part: value for part, value in wanted.items() if getattr(run, part) != value}
    if not after:
        yield Answer(content=Content(ctx.say("describe", run=run)["same"]))
        return
    before = {part: getattr(run, part) for part in after}
    for part, value in after.items():
        setattr(run, part, value)
    moment = _noted(ctx, run, asker, before, after)
    if "name" in after and run.own_channel and run.channel_id is not None and not run.closed_place:
        yield ChangeChannel(run_id=run.id, place_id=run.channel_id, title=shorten(run.name, TITLE_LIMIT))
    yield from refresh_card(ctx, run)
    said = ctx.say("describe", run=run, before=before.get("name", ""))
    undo = DESCRIBE_UNDO.button(said["undo"], OfMoment(moment.id))
    text = said["renamed" if "name" in after else "summarized" if run.summary else "no_summary"]
    yield Answer(content=Content(text, (Card(controls=(undo,)),)))


def _noted(ctx: Context, run: Run, asker: Person, before: dict[str, str], after: dict[str, str]) -> Moment:
    return ctx.store.add(
        Moment(
            run_id=run.id,
            at=ctx.now,
            kind="renamed" if "name" in after else "summary",
            person_id=asker.id,
            subject=after.get("name", after.get("summary", "")),
            details={"before": before, "after": after},
        )
    )


def _dialog(ctx: Context, run: Run) -> Dialog:
    said = ctx.say("describe", run=run)
    return DESCRIBE_SAVE.dialog(
        OfRun(run.id),
        said["dialog_title"],
        entries=(
            Entry(name="name", label=said["name"], default=run.name, max_length=NAME_LIMIT),
            Entry(
                name="summary",
                label=said["summary"],
                kind="textarea",
                default=run.summary[:SUMMARY_LIMIT],
                help=said["summary_help"],
                optional=True,
                max_length=SUMMARY_LIMIT,
            ),
        ),
        submit=said["save"],
    )
