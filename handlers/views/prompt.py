"""The prompt: what was heard, and the question whether to start a run."""

from collections.abc import Iterator, Sequence
from typing import Literal

from handlers.context import Context
from handlers.controls import PROMPT_DISMISS, PROMPT_MUTE, PROMPT_START, RUN_JOIN
from handlers.effects import Button, Card, Colour, Content, Edit, Menu, Option, Redraw, Refused
from handlers.events import Person
from handlers.payloads import OfPrompt, OfRun
from handlers.playbooks.playbook import Playbook
from handlers.rules import permissions
from handlers.rules.places import is_open, place_of
from handlers.rules.run_request import stored_for
from handlers.text.words import Safe, escape, shorten
from handlers.views.keep import show
from handlers.views.run_lists import linked
from store import PlaybookRow, Prompt, PromptOffer, PromptState, Run

NAMED = 5
"""How many keywords or playbooks a prompt names; its menu has all of them."""

JOINED = 3
"""How many runs that are in progress a prompt names, and lets people join."""

LABEL_LIMIT = 34
"""How many characters of a button phones show."""

Offer = tuple[PlaybookRow, Playbook, PromptOffer]


def refresh_prompt(ctx: Context, prompt: Prompt) -> Iterator[Edit]:
    """Let a prompt show the state that it is in."""
    for message in ctx.store.messages("prompt", prompt_id=prompt.id):
        yield from show(message, current(ctx, prompt))


def refresh_questions(ctx: Context, run: Run) -> Iterator[Redraw]:
    """Draw anew the open questions that name a run as long as it is in progress, where all may see it."""
    prompts = ctx.store.open_prompts_for(run.team_id, run.playbook_id) if run.playbook_id is not None else ()
    for prompt in prompts:
        yield from (Redraw(message_id=one.id) for one in ctx.store.messages("prompt", prompt_id=prompt.id))


def current(ctx: Context, prompt: Prompt) -> Content:
    """Return what a prompt shows in the state that it is in."""
    run = ctx.store.run(prompt.run_id) if prompt.run_id is not None else None
    if run is not None:
        return _started(ctx, prompt, run)
    offers = offers_of(ctx, prompt)
    if prompt.state != "open":
        return _closed(ctx, prompt, offers, prompt.state)
    in_use = used_of(ctx, prompt, offers)
    return asking(ctx, prompt, in_use) if in_use else _closed(ctx, prompt, offers, "archived")


def asking(ctx: Context, prompt: Prompt, offers: Sequence[Offer]) -> Content:
    """Return the open question: with one playbook a button starts it, with several a menu does.

    Runs that are in progress already are offered first. All who are in the channel read it, so that private playbooks
    and runs are not named: their members know them.
    """
    ctx = ctx.to(ctx.everybody())
    going = _going(ctx, prompt, offers)
    said = ctx.say("prompt", **_about(ctx, offers), going=linked(ctx, going))
    which = OfPrompt(prompt.id)
    joins = tuple(RUN_JOIN.button(_join_label(ctx, run, alone=len(going) == 1), OfRun(run.id)) for run in going)
    rest = (PROMPT_DISMISS.button(said["not_now"], which), PROMPT_MUTE.button(said["mute"], which))
    if len(offers) == 1:
        start: Button | Menu = PROMPT_START.button(said["start"], which, "primary")
        return _card(said["ask_private" if offers[0][1].is_private else "ask"], "amber", (*joins, start, *rest))
    options = tuple(Option(shorten(shown_title(ctx, book), 100), str(row.id)) for row, book, _ in offers)
    start = PROMPT_START.menu(said["start_which"], options, which)
    return _card(said["ask_which"], "amber", (*joins, start, *rest))


def _going(ctx: Context, prompt: Prompt, offers: Sequence[Offer]) -> list[Run]:
    """Return the newest runs of what is offered that are in progress, as far as everybody of the team may see them."""
    named = [row.id for row, book, _ in offers if not book.is_private]
    runs = ctx.store.runs_of_playbooks(prompt.team_id, named, 10 * JOINED) if named else ()
    return [run for run in runs if is_open(ctx, run)][:JOINED]


def _join_label(ctx: Context, run: Run, *, alone: bool) -> str:
    said = ctx.say("prompt", name=run.name)
    return shorten(said["join" if alone else "join_named"], LABEL_LIMIT)


def _started(ctx: Context, prompt: Prompt, run: Run) -> Content:
    """Return who started what, with a link to its channel once it stands where all who read it may see the run."""
    ctx = ctx.to(ctx.everybody())
    place = place_of(ctx, run)
    said = ctx.say(
        "prompt",
        who=ctx.username(run.creator_id),
        name=run.name,
        number=run.called,
        link=ctx.run_link(run),
        channel=place.name if place else "",
    )
    block = "starting" if run.channel_id is None else "started"
    is_shown = run.channel_id == prompt.place_id or is_open(ctx, run)
    return _card(said[block if is_shown else f"{block}_private"])


def _closed(ctx: Context, prompt: Prompt, offers: Sequence[Offer], block: PromptState | Literal["archived"]) -> Content:
    """Return the one line that stays of a prompt nobody said yes to."""
    ctx = ctx.to(ctx.everybody())
    who = ctx.username(prompt.answered_by) if prompt.answered_by else ""
    return _card(ctx.say("prompt", who=who, **_about(ctx, offers))[block])


def _about(ctx: Context, offers: Sequence[Offer]) -> dict[str, object]:
    book = offers[0][1]
    return {
        "keywords": Safe(", ".join(escape(word) for word in _keywords(offers))),
        "key": Safe(_key(offers)),
        "playbook": book,
        "titles": list(dict.fromkeys(Safe(f"**{escape(shown_title(ctx, one))}**") for _, one, _ in offers[:NAMED])),
        "invited": list(map(Safe, book.invite)),
    }


def shown_title(ctx: Context, book: Playbook) -> str:
    """Return what a playbook is called where everybody reads it."""
    return ctx.say("prompt")["a_private"] if book.is_private else book.title


def _key(offers: Sequence[Offer]) -> str:
    return next((row.key for row, book, _ in offers if not book.is_private), "")


def _keywords(offers: Sequence[Offer]) -> list[str]:
    shown = [offer for _, book, offer in offers if not book.is_private]
    words = list(dict.fromkeys(word for offer in shown for word in offer.keywords.split("\n")))
    return words if len(words) <= NAMED else [*words[:NAMED], "…"]


def _card(text: str, colour: Colour = "grey", controls: tuple[Button | Menu, ...] = ()) -> Content:
    return Content(cards=(Card(colour=colour, text=text, controls=controls),))


def answered(ctx: Context, prompt: Prompt | None, asker: Person) -> Refused:
    """Say that somebody was quicker, and what came of it, as far as who asks may see it."""
    who = ctx.username(prompt.answered_by) if prompt and prompt.answered_by else ""
    run = ctx.store.run(prompt.run_id) if prompt and prompt.run_id else None
    if run is not None:
        block = "answered_started" if permissions.may_see(ctx, asker, run) else "answered_started_private"
    else:
        block = "answered" if who else "answered_nobody"
    return ctx.refused(
        "prompt",
        block,
        "answered",
        who=who,
        name=run.name if run else "",
        number=run.called if run else "",
        link=ctx.run_link(run) if run else "",
        key=Safe(_key(offers_of(ctx, prompt)) if prompt else ""),
    )


def used_of(ctx: Context, prompt: Prompt, offers: Sequence[Offer]) -> list[Offer]:
    """Return those offers of a prompt whose playbooks were not archived since, and still hold in its team."""
    here = ctx.playbooks_in(prompt.team_id)
    return [offer for offer in offers if offer[0] in here]


def offers_of(ctx: Context, prompt: Prompt) -> list[Offer]:
    """Return what a prompt offers, with the playbooks as they are now."""
    found = []
    for offer in ctx.store.offers(prompt.id):
        row = ctx.store.playbook(offer.playbook_id)
        assert row is not None
        found.append((row, stored_for(ctx, row, prompt.place_id), offer))
    return found
