"""What follows when a run's channel stands: its people, its card, its checklists, and the answer in the prompt."""

from collections.abc import Iterator

from handlers.context import Context
from handlers.effects import Effect, Invite, Pin, Post
from handlers.events import ChannelOpened, MessagePosted, PeopleInvited
from handlers.playbook import Playbook
from handlers.views import prompt as prompts
from handlers.views.card import card
from handlers.views.checklist import refresh_checklists
from handlers.views.messages import note, post, show
from handlers.words import Safe
from store import Message, Run

_WHY = ("unknown", "not_in_team", "deactivated", "forbidden")


def channel_opened(event: ChannelOpened, ctx: Context) -> Iterator[Effect]:
    """Invite people, post the card and the checklists, and say in the prompt where the run is."""
    run = ctx.store.run(event.run_id)
    if run is None or run.channel_id is not None:
        return
    run.channel_id, run.channel_name, run.state = event.place.id, event.place.name, "active"
    book = Playbook.model_validate(run.definition)
    yield Invite(
        run_id=event.run_id,
        place_id=event.place.id,
        person_ids=tuple(dict.fromkeys((run.creator_id, run.owner_id))),
        usernames=tuple(name.removeprefix("@") for name in book.invite),
    )
    yield from post(ctx, Message(kind="card", run_id=run.id, place_id=event.place.id), card(ctx, run))
    yield from refresh_checklists(ctx, run)
    yield from _owner_not_found(ctx, run, book)
    for prompt in ctx.store.prompts_of(event.run_id):
        for message in ctx.store.messages("prompt", prompt_id=prompt.id):
            yield from show(message, prompts.started(ctx, run))


def posted(event: MessagePosted, ctx: Context) -> Iterator[Pin]:
    """The run card stands: pin it."""
    message = ctx.store.message(event.message_id)
    if message is not None and message.kind == "card":
        yield Pin(message_id=event.message_id)


def invited(event: PeopleInvited, ctx: Context) -> Iterator[Post]:
    """Name those who could not be added, and why."""
    run = ctx.store.run(event.run_id)
    if run is None or not event.refused:
        return
    why = (
        ctx.say("people", name=Safe(name))[reason if reason in _WHY else "error"]
        for name, reason in event.refused.items()
    )
    yield from note(ctx, run, ctx.say("people", people=Safe(", ".join(why)))["refused"])


def _owner_not_found(ctx: Context, run: Run, book: Playbook) -> Iterator[Post]:
    wanted = book.owner.removeprefix("@")
    if book.owner != "creator" and ctx.store.person_named(wanted) is None:
        said = ctx.say("people", name=Safe(wanted), who=ctx.username(run.owner_id))
        yield from note(ctx, run, said["owner_unknown"])
