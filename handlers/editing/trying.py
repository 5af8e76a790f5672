"""*Try it*: a run of a draft, alone, and the list of what it would have done."""

from handlers.context import Context
from handlers.editing.cards import answer
from handlers.editing.finding import meant
from handlers.effects import Content, Effects
from handlers.events import ChannelOpened, CommandGiven, Person, Place
from handlers.operations.try_playbook import WouldDo, try_playbook, would_do
from handlers.playbooks.playbook import Playbook
from handlers.rules.drafts import drafted, ruling
from handlers.rules.playbook_rights import teams_of
from handlers.rules.start_team import teams_at
from handlers.text.words import shorten
from handlers.views.keep import post
from store import Message, PlaybookRow

SHOWN = 100


def by_command(event: CommandGiven, words: str, ctx: Context) -> Effects:
    """`try PLAYBOOK`."""
    row, _ = meant(ctx, event.asker, words, "try")
    yield from tried(ctx, row, event.asker, event.place)


def tried(ctx: Context, row: PlaybookRow, asker: Person, place: Place) -> Effects:
    """Start the trial where its playbook holds: in the team of the channel, or the first of one's own."""
    holds = [one.id for one in teams_of(ctx, ruling(ctx, row))]
    there = [one for one in teams_at(ctx, asker, place) if one in holds]
    run = yield from try_playbook(ctx, row, asker, there[0] if there else "")
    yield answer(ctx.say("editing", name=run.name, number=run.id)["trying"])


def opened(event: ChannelOpened, ctx: Context) -> Effects:
    """The channel of a trial stands: say there what it is, and what a run would have done."""
    run = ctx.store.run(event.run_id)
    row = ctx.store.playbook(run.playbook_id or 0) if run is not None and run.is_trial else None
    if run is None or row is None:
        return
    to = ctx.to(ctx.readers_of(run))
    text = in_words(to, drafted(ctx, row))
    yield from post(ctx, Message(kind="note", run_id=run.id, place_id=event.place.id), Content(text))


def in_words(ctx: Context, book: Playbook) -> str:
    """Say what a trial is, and what a run of the playbook does besides."""
    found = list(would_do(book))
    lines = [f"- {_line(ctx, one)}" for one in found[:SHOWN]]
    said = ctx.say("editing", title=book.title, count=len(found))
    return "\n".join((said["trial"], *lines))


def _line(ctx: Context, one: WouldDo) -> str:
    return ctx.say("editing", what=shorten(one.what, 200))[f"would_{one.kind}"]
