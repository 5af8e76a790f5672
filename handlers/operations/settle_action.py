"""Noting what became of an action of a run's playbook; who can mend a failure is told of it once."""

from collections.abc import Iterator
from typing import Literal

from handlers.context import Context, known_person
from handlers.effects import Tell
from handlers.playbooks.playbook import playbook_of
from handlers.rules import permissions
from handlers.rules.action_rows import position_of
from handlers.text.words import Safe
from handlers.views.action_words import what_in_words, why_in_words
from handlers.views.keep import tell_about
from store import ActionRow, ActionState, ActionWhy, Run


def settle(
    ctx: Context, run: Run, row: ActionRow, state: ActionState, why: ActionWhy | Literal[""] = "", about: str = ""
) -> Iterator[Tell]:
    """Note what became of an action; of one that failed who can mend it is told, unless they were told already."""
    row.settle(state, ctx.now, why, about)
    if state == "failed" and row.told_at is None:
        row.told_at = ctx.now
        for person_id in menders(ctx, run):
            to = ctx.to(ctx.reader_of(person_id))
            said = to.say(
                "why",
                run=run,
                link=ctx.run_link(run),
                what=Safe(what_in_words(to, run, row)),
                why=Safe(why_in_words(to, run, row)),
                position=position_of(ctx, row),
            )
            yield from tell_about(ctx, run, person_id, said, "failed_told")


def menders(ctx: Context, run: Run) -> list[str]:
    """Return the ids of who can mend a failure: the playbook's admins who may see the run, else its owner."""
    named = (ctx.store.person_named(name.removeprefix("@")) for name in playbook_of(run.definition).admins)
    people = [one for one in named if one is not None and one.is_active and not one.is_bot]
    found = [one.id for one in people if permissions.is_listed(ctx, known_person(one), run)]
    return found or [run.owner_id]
