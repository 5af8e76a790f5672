"""The pages of imports: where a file is uploaded, and what would be done with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from handlers.context import Context
from handlers.exchange.plan import Plan, What
from handlers.operations.keep_import import wish_of
from handlers.operations.plan_import import planned
from handlers.pages.asked import Asked, NotThere
from handlers.playbooks.file import PlaybookMistake
from handlers.rules import teams
from handlers.text.sentences import Said
from handlers.text.words import Safe
from handlers.views.import_plan import details_of, head_of, title_of


@dataclass(frozen=True, slots=True)
class UploadPage:
    """Where a file is uploaded; guests make no playbooks."""

    is_guest: bool


@dataclass(frozen=True, slots=True)
class StepShown:
    """What becomes of one playbook, in words."""

    what: What
    title: str
    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class PlanPage:
    """A plan, and what is decided of it by now; `agreed` is its digest."""

    number: int
    head: str
    steps: tuple[StepShown, ...]
    team: str
    teams: tuple[tuple[str, str], ...]
    on_conflict: str
    leave_unknown: bool
    has_conflict: bool
    has_unknown: bool
    can_be_done: bool
    is_settled: bool
    agreed: str


def upload_page(ctx: Context, asked: Asked) -> UploadPage:
    """Return the page where a file is uploaded."""
    return UploadPage(asked.asker.is_guest)


def plan_page(ctx: Context, asked: Asked) -> PlanPage:
    """Return the plan of an import. Raises `NotThere` where it is over, or somebody else's."""
    kept = ctx.store.seen_import(asked.number("import"))
    if kept is None or kept.by != asked.asker.id:
        raise NotThere
    try:
        plan = planned(ctx, wish_of(kept, asked.asker))
    except PlaybookMistake:
        raise NotThere from None
    own = teams.of_person(ctx, asked.asker)
    return PlanPage(
        number=kept.id,
        head=head_of(plan, partial(_plainly, ctx)),
        steps=tuple(_shown(ctx, plan)),
        team=kept.team,
        teams=tuple((one.name, one.title or one.name) for one in own),
        on_conflict=kept.on_conflict,
        leave_unknown=kept.leave_unknown,
        has_conflict=any(step.why == "there" for step in plan.steps) or kept.on_conflict != "fail",
        has_unknown=any(one.how != "matched" for step in plan.steps for one in step.named),
        can_be_done=bool(plan.is_settled and plan.changes and not plan.lacks_team),
        is_settled=plan.is_settled,
        agreed=plan.digest,
    )


def _shown(ctx: Context, plan: Plan) -> list[StepShown]:
    say = partial(_plainly, ctx)
    return [StepShown(step.what, title_of(step, say), tuple(details_of(step, say))) for step in plan.steps]


def _plainly(ctx: Context, **values: object) -> Said:
    # A page escapes by itself.
    return ctx.say("exchange", **{name: Safe(one) if isinstance(one, str) else one for name, one in values.items()})
