"""Asking somebody to read a draft, commenting on it, and settling comments, by dialog and by command."""

from typing import Annotated

from handlers.context import Context
from handlers.controls import RETRO_ASK, RETRO_NOTE, entry
from handlers.effects import Answer, Content, Effects, Option
from handlers.events import ButtonPressed, CommandGiven, Person, Press, Submission
from handlers.forms import Filled, Text, at_field
from handlers.messages.as_direct_message import told
from handlers.operations.review_retrospective import answer_review, ask_for_review, comment, settle_comment
from handlers.payloads import CommentOfRun, OfRun
from handlers.rules import people_named, permissions
from handlers.rules.retrospective import COMMENT_LIMIT, opened, section_of
from handlers.text.numbers import leading_number, number
from handlers.text.plain_forms import plainly
from handlers.text.words import Safe, mention, plain, shorten
from store import Run

OPTION_LIMIT = 60


class ReviewForm(Filled, frozen=True):
    """The dialog that asks somebody to read a draft."""

    person: str
    words: Annotated[str, Text(COMMENT_LIMIT)]


class CommentForm(Filled, frozen=True):
    """The dialog of a comment; `section` is empty for all of the draft."""

    section: str
    comment: Annotated[str, Text(COMMENT_LIMIT)]


def asked(event: ButtonPressed | CommandGiven, run: Run, ctx: Context) -> Effects:
    """*Ask for review…*: whom, in a dialog."""
    opened(ctx, run)
    said = ctx.say("retro", run=run)
    whom = entry(said, "person", "users")
    words = entry(said, "words", "textarea", optional=True, max_length=COMMENT_LIMIT)
    yield RETRO_ASK.ask(OfRun(run.id), said, whom, words, title="review_dialog", submit="review_submit", intro="")


def by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`retro review @dana @bob Is that how it was?`; without names by dialog, where one can be opened."""
    permissions.require(ctx, "change", event.asker, run)
    people: list[Person] = []
    while plainly(words).lstrip().startswith("@"):
        person, words = people_named.leading(event, words, ctx)
        people += [person] if person is not None else []
    if not people and event.trigger_id:
        yield from asked(event, run, ctx)
    elif not people:
        raise ctx.refused("retro", "review_whom", "review")
    else:
        yield from _ask(ctx, run, people, event.asker, words)


def review_wanted(event: Submission[OfRun, ReviewForm], run: Run, ctx: Context) -> Effects:
    """The dialog, filled in."""
    person = people_named.chosen(ctx, event.form.person)
    with at_field("person"):
        if person is None:
            raise ctx.refused("retro", "review_whom", "review")
        yield from told(event, _ask(ctx, run, [person], event.asker, event.form.words))


def seen(event: ButtonPressed, run: Run, ctx: Context) -> Effects:
    """*I have read it* below the question."""
    yield from answer_review(ctx, run, event.asker)


def seen_by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`retro seen`."""
    yield from answer_review(ctx, run, event.asker)
    yield ctx.answer("retro", "seen", run=run)


def comment_asked(event: ButtonPressed | CommandGiven, run: Run, ctx: Context) -> Effects:
    """*Comment…*: on which section, and what, in a dialog."""
    opened(ctx, run)
    said = ctx.say("retro", run=run)
    sections = [
        (one.position, plain(shorten(one.title, OPTION_LIMIT)), one.id) for one in ctx.store.retro_sections(run.id)
    ]
    options = [Option(said["all_of_it"], "0"), *(Option(f"{at} {title}", str(id)) for at, title, id in sections)]
    which = entry(said, "section", "select", default="0", options=tuple(options))
    text = entry(said, "comment", "textarea", max_length=COMMENT_LIMIT)
    yield RETRO_NOTE.ask(OfRun(run.id), said, which, text, title="comment_dialog", submit="comment_submit", intro="")


def comment_by_command(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`retro comment 2 It was the cache`, without a number on all of it; without words by dialog."""
    if not words and event.trigger_id:
        yield from comment_asked(event, run, ctx)
        return
    at, text = leading_number(words)
    found = [one.id for one in ctx.store.retro_sections(run.id) if one.position == at]
    section_id = found[0] if found and text else None
    yield from comment(ctx, run, section_id, text if section_id is not None else words, event.asker)
    yield ctx.answer("retro", "comment_kept", run=run)


def commented(event: Submission[OfRun, CommentForm], run: Run, ctx: Context) -> Effects:
    """The dialog of a comment, filled in."""
    section_id = number(event.form.section) or None
    with at_field("comment"):
        if section_id is not None:
            section_of(ctx, run, section_id)
        yield from comment(ctx, run, section_id, event.form.comment, event.asker)
    yield from told(event, [ctx.answer("retro", "comment_kept", run=run)])


def settled(event: CommandGiven, run: Run, words: str, ctx: Context) -> Effects:
    """`retro settle 3`: the comment with that number is dealt with."""
    permissions.require(ctx, "change", event.asker, run)
    found = dict(enumerate(ctx.store.retro_comments(run.id), 1))
    row = found.get(number(words))
    yield from settle_comment(ctx, run, row.id if row is not None else 0, event.asker)
    yield ctx.answer("retro", "settled", number=Safe(number(words)))


def settled_by_button(event: Press[CommentOfRun], run: Run, ctx: Context) -> Effects:
    """*Settle a comment…* below the draft."""
    done = yield from settle_comment(ctx, run, event.payload.comment_id or 0, event.asker)
    numbers = {one.id: number for number, one in enumerate(ctx.store.retro_comments(run.id), 1)}
    yield from told(event, [ctx.answer("retro", "settled", number=Safe(numbers[done.comment_id]))])


def _ask(ctx: Context, run: Run, people: list[Person], by: Person, words: str) -> Effects:
    done = yield from ask_for_review(ctx, run, people, by, words)
    names = Safe(", ".join(mention(one.username) for one in done.people))
    yield Answer(content=Content(ctx.say("retro", people=names, run=run)["review_sent"]))
