"""What was published of a run's facts follows what people correct or say later: as a version of its own, by the bot."""

from handlers.context import Context
from handlers.effects import Effects
from handlers.views.retro_facts import facts
from handlers.views.retro_shown import refresh_retrospective
from store import RetroVersion, Run


def correct_facts(ctx: Context, run: Run, *parts: str) -> Effects:
    """Let published facts say what is recorded now; those of all else stay as they were when they were published.

    What people wrote over is theirs. As long as a run goes on again, what was published of its end stays.
    """
    told = [
        one
        for one in ctx.store.retro_sections(run.id)
        if not run.is_active and one.published_at is not None and one.is_generated and one.part in (*parts, "again")
    ]
    found = facts(ctx, run, told) if told else {}
    for section in told:
        if (text := found[section.id]) != section.text:
            section.text, section.version = text, section.version + 1
            ctx.store.add(
                RetroVersion(run_id=run.id, section_id=section.id, version=section.version, text=text, at=ctx.now)
            )
    yield from refresh_retrospective(ctx, run)
