"""Reading along before a retrospective is published: readers are asked, they comment, and comments are settled."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.context import Context
from handlers.controls import RETRO_COMMENT, RETRO_READ, RETRO_SEEN
from handlers.effects import Card, Content, Doing, Effects
from handlers.events import Person
from handlers.payloads import OfRun
from handlers.rules import permissions, teams
from handlers.rules.retrospective import COMMENT_LIMIT, opened, section_of
from handlers.text.words import Safe, mention
from handlers.views.keep import show, tell, tell_about
from handlers.views.retro_shown import refresh_retrospective
from store import Message, RetroComment, RetroReader, Run


@dataclass(frozen=True, slots=True)
class ReadersAsked:
    """Who was asked to read a draft."""

    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class CommentMade:
    """A comment on a section, or on all of a draft."""

    comment_id: int
    section_id: int | None


def ask_for_review(
    ctx: Context, run: Run, people: Sequence[Person], by: Person, words: str = ""
) -> Doing[ReadersAsked]:
    """Ask people to read a draft and to comment on it; who was asked before is asked anew.

    Raises `Refused` where there is nothing to be read, somebody is a bot, or may not see the run.
    """
    opened(ctx, run)
    if len(words) > COMMENT_LIMIT:
        raise ctx.refused("retro", "too_long", limit=COMMENT_LIMIT, count=len(words))
    teams.require(ctx, run, [one.id for one in people])
    blind = [one for one in people if one.is_bot or not permissions.is_listed(ctx, one, run)]
    if blind:
        names = Safe(", ".join(mention(one.username) for one in blind))
        raise ctx.refused("retro", "cannot_read", people=names, run=run, bots=any(one.is_bot for one in blind))
    asked = {row.person_id: row for row in ctx.store.retro_readers(run.id)}
    for person in people:
        row = asked.get(person.id) or ctx.store.add(
            RetroReader(run_id=run.id, person_id=person.id, asked_by=by.id, asked_at=ctx.now)
        )
        row.asked_by, row.asked_at, row.answered_at = by.id, ctx.now, None
        if person.id != by.id:
            yield from _ask(ctx, run, person, by, words)
    yield from refresh_retrospective(ctx, run)
    return ReadersAsked(tuple(people))


def answer_review(ctx: Context, run: Run, by: Person) -> Effects:
    """Take note that somebody who was asked has read the draft, and tell who asked. Raises `Refused` for others."""
    row = next((row for row in ctx.store.retro_readers(run.id) if row.person_id == by.id), None)
    if row is None:
        raise ctx.refused("retro", "not_asked", run=run)
    if row.answered_at is not None:
        return
    row.answered_at = ctx.now
    for message in ctx.store.messages("retro_review", run_id=run.id):
        if message.person_id == by.id:
            said = ctx.say("retro", ctx.reader_of(by), run=run, link=ctx.run_link(run))
            yield from show(message, Content("", (Card(colour="green", text=said["review_seen"]),)))
    if row.asked_by != by.id:
        said = ctx.say("retro", run=run, link=ctx.run_link(run), who=by.username)
        yield from tell_about(ctx, run, row.asked_by, said, "review_answered")
    yield from refresh_retrospective(ctx, run)


def comment(ctx: Context, run: Run, section_id: int | None, text: str, by: Person) -> Doing[CommentMade]:
    """Comment on a section, or on all of a draft, and tell its owner and who asked for it.

    Raises `Refused` where it is published, and where the comment is empty or too long.
    """
    opened(ctx, run)
    section = section_of(ctx, run, section_id) if section_id is not None else None
    text = text.strip()
    if not 0 < len(text) <= COMMENT_LIMIT:
        raise ctx.refused("retro", "comment_wrong", "comment", limit=COMMENT_LIMIT)
    row = ctx.store.add(RetroComment(run_id=run.id, section_id=section_id, text=text, by=by.id, at=ctx.now))
    concerned = [run.owner_id, *(one.asked_by for one in ctx.store.retro_readers(run.id) if one.person_id == by.id)]
    concerned += [section.written_by] if section is not None and section.written_by else []
    said = ctx.say("retro", run=run, link=ctx.run_link(run), who=by.username, section=section, words=text)
    for person_id in dict.fromkeys(concerned):
        if person_id != by.id:
            yield from tell_about(ctx, run, person_id, said, "commented")
    yield from refresh_retrospective(ctx, run)
    return CommentMade(row.id, section_id)


def settle_comment(ctx: Context, run: Run, comment_id: int, by: Person) -> Doing[CommentMade]:
    """Take note that a comment is dealt with. Raises `Refused` where there is no such comment."""
    row = ctx.store.retro_comment(comment_id)
    if row is None or row.run_id != run.id:
        raise ctx.refused("retro", "no_comment", "comment", count=len(ctx.store.retro_comments(run.id)))
    if row.settled_at is None:
        row.settled_at, row.settled_by = ctx.now, by.id
        yield from refresh_retrospective(ctx, run)
    return CommentMade(row.id, row.section_id)


def _ask(ctx: Context, run: Run, person: Person, by: Person, words: str) -> Effects:
    said = ctx.say("retro", ctx.reader_of(person), run=run, link=ctx.run_link(run), who=by.username, words=words)
    controls = (
        RETRO_READ.button(said["read_button"], OfRun(run.id), "primary"),
        RETRO_COMMENT.button(said["comment_button"], OfRun(run.id)),
        RETRO_SEEN.button(said["seen_button"], OfRun(run.id), "good"),
    )
    message = Message(kind="retro_review", run_id=run.id, person_id=person.id)
    text = said["review_asked"] if ctx.here.buttons else f"{said['review_asked']}\n\n{said['review_in_words']}"
    yield from tell(ctx, message, Content(text, (Card(colour="amber", controls=controls),)))
