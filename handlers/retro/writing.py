"""Writing a section of a retrospective, in a dialog or by a command; whoever was overtaken sees both texts."""

from typing import Annotated

from handlers.context import Context
from handlers.controls import RETRO_OVER, RETRO_SAVE, entry
from handlers.effects import Answer, Card, Content, Effects
from handlers.events import ButtonPressed, CommandGiven, Press, Submission
from handlers.forms import LONGEST, Filled, Text, at_field
from handlers.messages.as_direct_message import told
from handlers.operations.write_retrospective import (
    Overtaken,
    Written,
    add_to_section,
    note_writing,
    write_section,
)
from handlers.payloads import SectionOfRun, TextOfSection
from handlers.rules import permissions
from handlers.rules.retrospective import section_of
from handlers.text.words import Safe, mention, prose
from handlers.views.retro_reading import writing
from handlers.views.retro_text import comments, known_by, text_of
from store import RetroSection, Run


class SectionForm(Filled, frozen=True):
    """The dialog of a section."""

    text: Annotated[str, Text(LONGEST)]


def chosen(event: Press[SectionOfRun], run: Run, ctx: Context) -> Effects:
    """*Write…*: a section in a dialog."""
    yield from asked(event, run, section_of(ctx, run, event.payload.section_id), ctx)


def asked(event: ButtonPressed | CommandGiven, run: Run, section: RetroSection, ctx: Context) -> Effects:
    """Open a section in a dialog. Raises `Refused` for one that is longer than any dialog holds."""
    text = text_of(ctx, run, section)
    if len(text) > LONGEST:
        raise ctx.refused("retro", "dialog_full", "too_long", run=run, number=section.position, limit=LONGEST)
    yield from note_writing(ctx, run, section.id, event.asker)
    others = Safe(", ".join(mention(name) for name in writing(ctx, run, section.id, event.asker.id)))
    said_of_it = Safe("\n".join(comments(ctx, run).get(section.id, ())))
    said = ctx.say("retro", run=run, section=section, others=others, comments=said_of_it)
    field = entry(
        said, "text", "textarea", default=text, optional=True, max_length=LONGEST, placeholder=section.hint[:150]
    )
    payload = SectionOfRun(run.id, section.id, known_by(section, text))
    yield RETRO_SAVE.ask(payload, said, field, title="write_title", submit="write_submit", intro=said["write_intro"])


def saved(event: Submission[SectionOfRun, SectionForm], run: Run, ctx: Context) -> Effects:
    """The dialog of a section, filled in."""
    payload = event.payload
    with at_field("text"):
        section = section_of(ctx, run, payload.section_id)
        done = yield from write_section(ctx, run, section.id, event.form.text, event.asker, payload.known or "")
    if isinstance(done, Overtaken):
        yield from told(event, [_both(ctx, run, section, done)])


def added(event: CommandGiven, run: Run, section: RetroSection, words: str, ctx: Context) -> Effects:
    """`retro 2 The probe was blind`: added to the section's end."""
    done = yield from add_to_section(ctx, run, section.id, words, event.asker)
    yield _written(ctx, run, section, done)


def over(event: Press[TextOfSection], run: Run, ctx: Context) -> Effects:
    """*Keep both* or *Only mine* below what somebody wrote and was overtaken with."""
    section, mine = section_of(ctx, run, event.payload.section_id), ctx.store.question(event.payload.key)
    if mine is None:
        raise permissions.gone(ctx)
    theirs = text_of(ctx, run, section)
    text = mine if event.payload.what == "mine" else "\n\n".join(part for part in (theirs, mine) if part)
    done = yield from write_section(ctx, run, section.id, text, event.asker, event.payload.known)
    answer = _both(ctx, run, section, done) if isinstance(done, Overtaken) else _written(ctx, run, section, done)
    yield from told(event, [answer])


def _written(ctx: Context, run: Run, section: RetroSection, done: Written) -> Answer:
    block = "written" if done.is_changed else "unchanged"
    return ctx.answer("retro", block, run=run, section=section, added=done.added)


def _both(ctx: Context, run: Run, section: RetroSection, done: Overtaken) -> Answer:
    """Show both texts, with a way to keep either."""
    said = ctx.say(
        "retro",
        section=section,
        who=ctx.username(done.by_id) if done.by_id else "",
        theirs=Safe(prose(done.theirs)),
        yours=Safe(prose(done.yours)),
    )
    key = ctx.store.keep_question(done.yours, ctx.now)
    buttons = tuple(
        RETRO_OVER.button(said[f"over_{what}"], TextOfSection(run.id, section.id, what, key, done.known))
        for what in ("both", "mine")
    )
    return Answer(content=Content(said["overtaken"], (Card(colour="amber", controls=buttons),)), to_read=True)
