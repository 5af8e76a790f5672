"""The prompt: what was heard, and the question whether to start a run."""

from collections.abc import Sequence

from handlers.context import Context
from handlers.effects import Button, Card, Colour, Content, Menu, Option, Refuse
from handlers.opening import stored
from handlers.playbook import Playbook
from handlers.words import Safe, escape, shorten
from store import PlaybookRow, Prompt, PromptOffer, Run

NAMED = 5
"""How many keywords or playbooks a prompt names; its menu has all of them."""

Offer = tuple[PlaybookRow, Playbook, PromptOffer]


def current(ctx: Context, prompt: Prompt) -> Content:
    """Return what a prompt shows in the state that it is in."""
    run = ctx.store.run(prompt.run_id) if prompt.run_id is not None else None
    if run is not None:
        return started(ctx, run) if run.channel_name else starting(ctx, run)
    offers = offers_of(ctx, prompt)
    if prompt.state != "open":
        return closed(ctx, prompt, offers, prompt.state)
    in_use = used_of(ctx, prompt, offers)
    return asking(ctx, prompt, in_use) if in_use else closed(ctx, prompt, offers, "archived")


def asking(ctx: Context, prompt: Prompt, offers: Sequence[Offer]) -> Content:
    """Return the open question: with one playbook a button starts it, with several a menu does."""
    said = ctx.say("prompt", **_about(offers))
    rest = (
        Button(said["not_now"], "prompt.dismiss", str(prompt.id)),
        Button(said["mute"], "prompt.mute", str(prompt.id)),
    )
    if len(offers) == 1:
        start: Button | Menu = Button(said["start"], "prompt.start", str(prompt.id), "primary")
        return _card(said["ask"], "amber", (start, *rest))
    options = tuple(Option(shorten(book.title, 100), str(row.id)) for row, book, _ in offers)
    start = Menu(said["start_which"], "prompt.start", str(prompt.id), options)
    return _card(said["ask_which"], "amber", (start, *rest))


def starting(ctx: Context, run: Run) -> Content:
    """Return the answer while the run's channel is being opened."""
    return _card(ctx.say("prompt", who=ctx.username(run.creator_id), name=run.name)["starting"])


def started(ctx: Context, run: Run) -> Content:
    """Return who started what, with a link."""
    said = ctx.say(
        "prompt",
        who=ctx.username(run.creator_id),
        name=run.name,
        link=ctx.run_link(run),
        channel=run.channel_name,
    )
    return _card(said["started"])


def closed(ctx: Context, prompt: Prompt, offers: Sequence[Offer], block: str) -> Content:
    """Return the one line that stays of a prompt nobody said yes to: `block` is dismissed, muted or folded."""
    who = ctx.username(prompt.answered_by) if prompt.answered_by else ""
    return _card(ctx.say("prompt", who=who, key=Safe(offers[0][0].key), **_about(offers))[block])


def _about(offers: Sequence[Offer]) -> dict[str, object]:
    book = offers[0][1]
    return {
        "keywords": Safe(", ".join(escape(word) for word in _keywords(offers))),
        "playbook": book,
        "titles": Safe(" or ".join(f"**{escape(one.title)}**" for _, one, _ in offers[:NAMED])),
        "invited": _invited(book),
        "checklists": _count(len(book.checklists), "checklist"),
    }


def _keywords(offers: Sequence[Offer]) -> list[str]:
    words = list(dict.fromkeys(word for _, _, offer in offers for word in offer.keywords.split("\n")))
    return words if len(words) <= NAMED else [*words[:NAMED], "…"]


def _invited(book: Playbook) -> Safe:
    if len(book.invite) <= 1:
        return Safe("".join(book.invite))
    return Safe(f"{book.invite[0]} and {_count(len(book.invite) - 1, 'other')}")


def _count(number: int, word: str) -> Safe:
    return Safe("" if number == 0 else f"{number} {word}" if number == 1 else f"{number} {word}s")


def _card(text: str, colour: Colour = "grey", controls: tuple[Button | Menu, ...] = ()) -> Content:
    return Content(cards=(Card(colour=colour, text=text, controls=controls),))


def answered(ctx: Context, prompt: Prompt | None) -> Refuse:
    """Say that somebody was quicker, and what came of it."""
    who = ctx.username(prompt.answered_by) if prompt and prompt.answered_by else ""
    run = ctx.store.run(prompt.run_id) if prompt and prompt.run_id else None
    row = ctx.store.playbook(ctx.store.offers(prompt.id)[0].playbook_id) if prompt and prompt.id else None
    said = ctx.say(
        "prompt",
        who=who,
        name=run.name if run else "",
        link=ctx.run_link(run) if run else "",
        key=Safe(row.key if row else ""),
    )
    block = "answered_started" if run else "answered" if who else "answered_nobody"
    return Refuse(title=said["answered_title"], text=said[block])


def used_of(ctx: Context, prompt: Prompt, offers: Sequence[Offer]) -> list[Offer]:
    """Return those offers of a prompt whose playbooks were not archived since, and still hold in its team."""
    here = ctx.playbooks_in(prompt.team_id)
    return [offer for offer in offers if offer[0] in here]


def offers_of(ctx: Context, prompt: Prompt) -> list[Offer]:
    """Return what a prompt offers, with the playbooks as they are now.

    What was said in a private channel stays private: a run that begins there opens a private channel.
    """
    place = ctx.store.place(prompt.place_id)
    is_private = place is not None and place.kind != "O"
    assert prompt.id is not None
    found = []
    for offer in ctx.store.offers(prompt.id):
        row = ctx.store.playbook(offer.playbook_id)
        assert row is not None
        book = stored(ctx, row)
        if is_private:
            book = book.model_copy(update={"channel": book.channel.model_copy(update={"visibility": "private"})})
        found.append((row, book, offer))
    return found
