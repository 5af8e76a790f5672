"""What has changed in a retrospective since it was published: who made which section say what else, and when."""

import difflib
from dataclasses import dataclass
from datetime import datetime

from handlers.context import Context
from store import RetroSection, Run


@dataclass(frozen=True, slots=True)
class Changed:
    """One change of a section: the lines that came, and those that went; `by_id` is empty for the bot."""

    section_id: int
    title: str
    version: int
    by_id: str
    at: datetime
    added: tuple[str, ...]
    removed: tuple[str, ...]
    is_later: bool


def changes(ctx: Context, run: Run) -> list[Changed]:
    """Return all changes of a run's sections that were kept, the latest first; `is_later` is one after publishing."""
    sections = {one.id: one for one in ctx.store.retro_sections(run.id)}
    before: dict[int, str] = {}
    found: list[Changed] = []
    for one in reversed(ctx.store.retro_versions(run.id)):
        section, old = sections[one.section_id], before.get(one.section_id)
        before[one.section_id] = one.text
        added, removed = _lines(old or "", one.text)
        if one.by or old is not None:
            later = _is_later(section, one.at)
            found.append(Changed(section.id, section.title, one.version, one.by, one.at, added, removed, later))
    return found[::-1]


def _is_later(section: RetroSection, at: datetime) -> bool:
    return section.published_at is not None and at > section.published_at


def _lines(old: str, new: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the lines that are only in the new text, and those only in the old one."""
    differing = list(difflib.ndiff(old.splitlines(), new.splitlines()))
    return tuple(line[2:] for line in differing if line[:2] == "+ "), tuple(
        line[2:] for line in differing if line[:2] == "- "
    )
