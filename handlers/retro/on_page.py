"""What is done on the page of a retrospective: written, previewed, read by others, published or skipped."""

from typing import Annotated

from handlers.context import Context
from handlers.effects import Correct, Effects
from handlers.events import Acted, Person
from handlers.forms import Filled, Line, Text, at_field
from handlers.operations.publish_retrospective import publish_retrospective, skip_retrospective
from handlers.operations.review_retrospective import answer_review, ask_for_review, comment, settle_comment
from handlers.operations.write_retrospective import Overtaken, note_writing, write_section
from handlers.retro.publishing import PublishForm, SkipForm, published_answer
from handlers.rules import people_named
from handlers.rules.retrospective import COMMENT_LIMIT, SECTION_LIMIT, section_of
from handlers.text.arguments import names
from handlers.text.numbers import number
from handlers.text.words import Safe, mention
from handlers.views.announcement import tell_kept
from handlers.views.retro_text import known_by, text_of
from store import RetroSection, Run


class BeginForm(Filled, frozen=True):
    """*Write…* below a section."""

    section: str = ""


class WriteForm(Filled, frozen=True):
    """A section in a page's field; `known` is what the words were known by that it was opened with.

    `do` is "save", "preview", "both" to keep what somebody else wrote meanwhile, too, or "auto" as the page itself
    does while somebody writes.
    """

    section: str = ""
    known: Annotated[str, Line(40)] = ""
    text: Annotated[str, Text(SECTION_LIMIT)] = ""
    do: Annotated[str, Line(10)] = "save"


class ReviewForm(Filled, frozen=True):
    """Who is asked to read, by their names, and with which words."""

    people: Annotated[str, Line(500)] = ""
    words: Annotated[str, Text(COMMENT_LIMIT)] = ""


class CommentForm(Filled, frozen=True):
    """A comment on a section, or on all of it."""

    section: str = ""
    comment: Annotated[str, Text(COMMENT_LIMIT)] = ""


class SettleForm(Filled, frozen=True):
    """*Settled* below a comment."""

    comment: str = ""


def begun(event: Acted[BeginForm], run: Run, ctx: Context) -> Effects:
    """Somebody opens a section to write it, which others see."""
    yield from note_writing(ctx, run, _section(event.form.section, run, ctx).id, event.asker)


def written(event: Acted[WriteForm], run: Run, ctx: Context) -> Effects:
    """Save what was written, or show it as it will look; of two who write at once each sees both texts."""
    form, section = event.form, _section(event.form.section, run, ctx)
    if form.do == "preview":
        yield from note_writing(ctx, run, section.id, event.asker)
        yield Correct()
        return
    if form.do == "auto" and section.published_at is not None:
        # What is published is told at once, so it is not to be told half written.
        yield Correct(errors={"text": ctx.say("retro", section=section)["published_meanwhile"]})
        return
    text, known = form.text, form.known
    if form.do == "both":
        before = text_of(ctx, run, section)
        text, known = "\n\n".join(part for part in (before, text) if part), known_by(section, before)
    with at_field("text"):
        done = yield from write_section(ctx, run, section.id, text, event.asker, known)
    if isinstance(done, Overtaken):
        who = ctx.username(done.by_id) if done.by_id else ""
        yield Correct(errors={"text": ctx.say("retro", section=section, who=who)["overtaken_here"]})
    elif form.do == "auto":
        yield from note_writing(ctx, run, section.id, event.asker)
    else:
        # It may be saved already, as the page itself does meanwhile.
        yield ctx.answer("retro", "written", run=run, section=section, added=done.added)


def review_asked(event: Acted[ReviewForm], run: Run, ctx: Context) -> Effects:
    """Ask somebody to read the draft."""
    with at_field("people"):
        people = [_called(ctx, word, event.asker) for word in names(event.form.people)]
        if not people:
            raise ctx.refused("retro", "review_whom", "review")
        done = yield from ask_for_review(ctx, run, people, event.asker, event.form.words)
    told = Safe(", ".join(mention(one.username) for one in done.people))
    yield ctx.answer("retro", "review_sent", people=told, run=run)


def read(event: Acted[Filled], run: Run, ctx: Context) -> Effects:
    """*I have read it*."""
    yield from answer_review(ctx, run, event.asker)
    yield ctx.answer("retro", "seen", run=run)


def commented(event: Acted[CommentForm], run: Run, ctx: Context) -> Effects:
    """Comment on a section, or on all of the draft."""
    section = _section(event.form.section, run, ctx) if event.form.section else None
    with at_field("comment"):
        yield from comment(ctx, run, section.id if section is not None else None, event.form.comment, event.asker)
    yield ctx.answer("retro", "comment_kept", run=run)


def settled(event: Acted[SettleForm], run: Run, ctx: Context) -> Effects:
    """A comment is dealt with."""
    yield from settle_comment(ctx, run, number(event.form.comment), event.asker)


def published(event: Acted[PublishForm], run: Run, ctx: Context) -> Effects:
    """Publish it, once it was shown to whom it goes and what is missing."""
    form = event.form
    with at_field("anyway" if not form.anyway else "lead"):
        done = yield from publish_retrospective(
            ctx, run, event.asker, lead=form.lead, to_channels=form.channels, anyway=form.anyway
        )
    yield from tell_kept(ctx, run, done.kept)
    yield published_answer(ctx, run, done)


def skipped(event: Acted[SkipForm], run: Run, ctx: Context) -> Effects:
    """Skip it, with a reason."""
    with at_field("reason"):
        done = yield from skip_retrospective(ctx, run, event.form.reason, event.asker)
    yield ctx.answer("retro", "skipped", run=run, reason=done.reason)


def _section(written: str, run: Run, ctx: Context) -> RetroSection:
    """Return a section by its number, as it stands in the page."""
    at = number(written)
    found = next((one.id for one in ctx.store.retro_sections(run.id) if one.position == at), None)
    return section_of(ctx, run, found)


def _called(ctx: Context, word: str, asker: Person) -> Person:
    person = people_named.called(ctx, word, asker)
    if person is None:
        raise ctx.refused("retro", "review_whom", "review")
    return person
