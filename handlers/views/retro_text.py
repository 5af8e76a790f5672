"""What the sections of a retrospective say, what each version is known by, and all of them as one text."""

import hashlib
from collections.abc import Sequence

from handlers.context import Context
from handlers.text.words import Safe, prose
from handlers.views.retro_facts import facts
from store import RetroSection, Run


def texts_of(ctx: Context, run: Run, sections: Sequence[RetroSection]) -> dict[int, str]:
    """Return what sections say, by id: what people wrote or what was published, else the facts as they are now."""
    texts = {one.id: one.text for one in sections}
    fresh = [one for one in sections if one.is_generated and not one.text]
    return texts | facts(ctx, run, fresh) if fresh else texts


def text_of(ctx: Context, run: Run, section: RetroSection) -> str:
    """Return what one section says."""
    return texts_of(ctx, run, [section])[section.id]


def known_by(section: RetroSection, text: str) -> str:
    """Return what a section's present words are known by, so that who writes over them says what they have seen."""
    if not section.is_generated:
        return str(section.version)
    return f"g{hashlib.blake2b(text.encode(), digest_size=6).hexdigest()}"


def whole(
    ctx: Context, run: Run, sections: Sequence[RetroSection], *, unanswered: bool = False, numbered: bool = False
) -> str:
    """Return sections as one Markdown text: lessons first, then the facts, marked as what they are.

    Questions that nobody has answered are left out, unless they are wanted; so are comments, which are numbered.
    """
    said = ctx.say("retro")
    parts, notes = list[str](), comments(ctx, run) if unanswered else {}
    texts, is_fact = texts_of(ctx, run, sections), False
    for section in sections:
        text = prose(texts[section.id])
        if not text and not unanswered:
            continue
        if section.kind == "facts" and not is_fact:
            parts.append(said["facts_head"])
        is_fact = section.kind == "facts"
        mark = said["generated"] if section.is_generated else ""
        number = section.position if numbered else 0
        heading = ctx.say("retro", title=section.title, mark=Safe(mark), number=number)["heading"]
        lines = [heading, text or said["not_answered"], *notes.get(section.id, ())]
        parts.append("\n".join(lines))
    parts += notes.get(None, ())
    return "\n\n".join(parts)


def comments(ctx: Context, run: Run) -> dict[int | None, list[str]]:
    """Return the comments on each section, and on all of it, each as a line with its number in the run."""
    found: dict[int | None, list[str]] = {}
    for number, one in enumerate(ctx.store.retro_comments(run.id), 1):
        by = ctx.username(one.settled_by) if one.settled_by else ""
        said = ctx.say("retro", number=number, who=ctx.username(one.by), words=one.text, by=by)
        found.setdefault(one.section_id, []).append(said["comment_line"])
    return found
