"""Starting a run of a playbook, whoever asks for it: from a prompt, by a command or a dialog."""

from dataclasses import dataclass

from handlers.context import Context
from handlers.effects import Doing, Effects
from handlers.events import Person, Place
from handlers.operations.answer_prompt import open_prompt
from handlers.operations.create_run import make_run, open_channel
from handlers.operations.enter_channel import arrive, found_place
from handlers.rules import pace, permissions, teams
from handlers.rules.places import began_in_private, require_member
from handlers.rules.run_request import Wish
from handlers.views import prompt as prompts
from handlers.views.keep import in_words
from store import KnownPlace, Prompt, Run


@dataclass(frozen=True, slots=True)
class Started:
    """The run that began, and whether its channel is still to be opened."""

    run: Run
    is_opening: bool


def start_run(ctx: Context, wish: Wish, here: Place | None = None) -> Doing[Started]:
    """Start a run, `here` or where its playbook says, and answer its prompt. Raises `Refused` where it cannot start."""
    require_start(ctx, wish, here)
    _require_people(ctx, wish)
    prompt = open_prompt(ctx, wish.prompt.id, wish.asker) if wish.prompt is not None else None
    run = make_run(ctx, wish)
    if prompt is not None:
        prompt.state, prompt.answered_by, prompt.run_id = "started", wish.asker.id, run.id
        ctx.store.cancel_jobs(ctx.now, "fold", prompt)
    yield from _begin(ctx, run, wish.asked_in, here)
    if prompt is not None:
        yield from prompts.refresh_prompt(ctx, prompt)
    return Started(run, run.channel_id is None)


def require_start(ctx: Context, wish: Wish, here: Place | None = None) -> None:
    """Raise `Refused` where somebody cannot start now what they wish for, before they are asked about it."""
    permissions.require_start(ctx, wish.asker, wish.team_id, wish.book)
    if wish.row not in ctx.playbooks_in(wish.team_id):
        raise permissions.archived(ctx, wish.row)
    pace.require_start(ctx, wish.asker)
    if here is not None:
        if here.kind not in ("O", "P"):
            raise ctx.refused("start", "here_direct")
        require_member(ctx, here)


def _require_people(ctx: Context, wish: Wish) -> None:
    """Raise `Refused` where an attribute names somebody who is not in the team."""
    for one in wish.book.attributes:
        if one.type == "person":
            teams.require_in_team(ctx, wish.team_id, wish.attributes.get(one.name, ()))


def offered(
    ctx: Context, prompt: Prompt, playbook_id: int | None, asker: Person, name: str = "", summary: str = ""
) -> Wish:
    """Return what a prompt offers to start; of several playbooks the one with this id. Raises `Refused`."""
    offers = prompts.offers_of(ctx, prompt)
    meant = offers if playbook_id is not None else prompts.used_of(ctx, prompt, offers) or offers
    for row, book, offer in meant:
        if row.id == playbook_id or (len(meant) == 1 and playbook_id is None):
            return Wish(
                row=row,
                book=book,
                asker=asker,
                team_id=prompt.team_id,
                asked_in=prompt.place_id,
                prompt=prompt,
                keywords=tuple(offer.keywords.split("\n")),
                name=name,
                summary=summary,
            )
    raise prompts.answered(ctx, prompt, asker)


def _begin(ctx: Context, run: Run, asked_in: str, here: Place | None = None) -> Effects:
    """Let a run live in the channel where it was wished for, in the one that its playbook names, or in a new one.

    What began with a message in a private channel does not come into a public one that the playbook names, unless the
    playbook lets private runs be told there.
    """
    name = run.definition["channel"].get("use")
    if here is None and name:
        known = ctx.store.place_named(run.team_id, name.removeprefix("~"))
        block = _why_not_there(ctx, run, known)
        if known is not None and not block:
            here = found_place(known)
        else:
            yield in_words(ctx, run.creator_id, ctx.say("start", name=run.name, channel=name), block, asked_in)
    if here is None:
        yield from open_channel(ctx, run)
        return
    run.own_channel = False
    yield from arrive(ctx, run, here)


def _why_not_there(ctx: Context, run: Run, known: KnownPlace | None) -> str:
    if known is None or not known.is_member:
        return "not_used"
    is_allowed = known.kind == "P" or run.definition["updates"].get("broadcast_private")
    return "" if is_allowed or not began_in_private(ctx, run) else "not_used_private"
