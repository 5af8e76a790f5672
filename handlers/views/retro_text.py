"""What the sections of a retrospective say, what each version is known by, and all of them as one text."""

import hashlib
from collections.abc import Sequence

from handlers.context import Context
from handlers.text.words import Safe, prose
from handlers.views.retro_facts import facts
from store import RetroSection, Run


def text_of(ctx: Context, run: Run, section: RetroSection) -> str:
    """Return what a section says: what people wrote or what was published, else the facts as they are now."""
    return facts(ctx, run, section) if section.is_generated and not section.text else section.text


def known_of(ctx: Context, run: Run, section: RetroSection) -> str:
    """Return what a section's present words are known by, so that who writes over them says what they have seen."""
    if not section.is_generated:
        return str(section.version)
    text = text_of(ctx, run, section)
    return f"g{hashlib.blake2b(text.encode(), digest_size=6).hexdigest()}"


def whole(
    ctx: Context, run: Run, sections: Sequence[RetroSection], *, unanswered: bool = False, numbered: bool = False
) -> str:
    """Return sections as one Markdown text: lessons first, then the facts, marked as what they are.

    Questions that nobody has answered are left out, unless they are wanted.
    """
    said = ctx.say("retro")
    parts: list[str] = []
    is_fact = False
    for section in sections:
        text = prose(text_of(ctx, run, section))
        if not text and not unanswered:
            continue
        if section.kind == "facts" and not is_fact:
            parts.append(said["facts_head"])
        is_fact = section.kind == "facts"
        mark = said["generated"] if section.is_generated else ""
        number = section.position if numbered else 0
        heading = ctx.say("retro", title=section.title, mark=Safe(mark), number=number)["heading"]
        parts.append(f"{heading}\n{text or said['not_answered']}")
    return "\n\n".join(parts)
