"""Whether a run is looked back on, and which of its sections are answered."""

from collections.abc import Sequence

from handlers.context import Context
from handlers.effects import Refused
from handlers.playbooks import retrospective as planned
from handlers.playbooks.playbook import playbook_of
from store import RetroSection, Retrospective, Run

SECTION_LIMIT = 12_000
"""The longest section, in characters."""
LEAD_LIMIT = 500
REASON_LIMIT = 500
COMMENT_LIMIT = 2000


def plan_of(run: Run) -> planned.Retrospective:
    """Return what a run's playbook says of its retrospective."""
    return playbook_of(run.definition).retrospective


def is_wanted(ctx: Context, run: Run) -> bool:
    """Return whether a run is looked back on: by what people decided for it, else by its playbook.

    Of one that was started by mistake, or only tries a playbook, there is nothing to be learnt, unless somebody says
    so.
    """
    row = ctx.store.retrospective(run.id)
    is_planned = plan_of(run).enabled and run.mistaken_at is None and not run.is_trial
    return row.wanted if row is not None and row.wanted is not None else is_planned


def row_of(ctx: Context, run: Run) -> Retrospective:
    """Return a run's retrospective, made where there is none."""
    return ctx.store.retrospective(run.id) or ctx.store.add(Retrospective(run_id=run.id))


def drafted(ctx: Context, run: Run) -> Retrospective:
    """Return the retrospective of a run of which there is a draft. Raises `Refused` where there is none."""
    row = ctx.store.retrospective(run.id)
    if row is None or row.drafted_at is None:
        raise no_draft(ctx, run)
    return row


def opened(ctx: Context, run: Run) -> Retrospective:
    """Return a retrospective that can be published or skipped. Raises `Refused` where there is nothing of it to be."""
    row = drafted(ctx, run)
    if not row.is_open:
        raise ctx.refused("retro", f"before_{row.state}", "before", run=run, retro=row, who=_who(ctx, row))
    return row


def no_draft(ctx: Context, run: Run) -> Refused:
    """Say that there is no draft yet, and how there comes to be one."""
    return ctx.refused("retro", "off" if not run.is_active else "not_yet", "not_yet", run=run)


def section_of(ctx: Context, run: Run, section_id: int | None) -> RetroSection:
    """Return a section of a run's draft. Raises `Refused` where it is none of its."""
    drafted(ctx, run)
    section = ctx.store.retro_section(section_id)
    if section is None or section.run_id != run.id:
        raise ctx.refused("retro", "no_section", "section", count=len(ctx.store.retro_sections(run.id)))
    return section


def is_answered(section: RetroSection) -> bool:
    """Return whether people have written something into a section that is theirs to write."""
    return section.kind != "facts" and bool(section.text.strip())


def unanswered(sections: Sequence[RetroSection]) -> list[RetroSection]:
    """Return the questions that nobody has answered."""
    return [one for one in sections if one.kind == "lesson" and not is_answered(one)]


def all_unanswered(sections: Sequence[RetroSection]) -> bool:
    """Return whether there are questions to be published, and none is answered."""
    lessons = [one for one in sections if one.kind == "lesson" and one.published_at is None]
    return bool(lessons) and len(unanswered(lessons)) == len(lessons)


def _who(ctx: Context, row: Retrospective) -> str:
    person_id = row.published_by if row.state == "published" else row.skipped_by
    return ctx.username(person_id) if person_id else ""
