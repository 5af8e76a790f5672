"""What publishing a retrospective would do: to whom it goes, and what is missing of it."""

from dataclasses import dataclass

from handlers.context import Context
from handlers.figures.facts import facts_of
from handlers.playbooks.playbook import playbook_of
from handlers.rules import follow_ups
from handlers.rules.follow_ups import FollowUp
from handlers.rules.places import place_of
from handlers.rules.planned_actions import broadcast_on
from handlers.rules.retrospective import all_unanswered, unanswered
from handlers.views.announcement import targets
from store import Run


@dataclass(frozen=True, slots=True)
class Outlook:
    """`place` is the name of the channel that it is posted in, empty where there is none that can be used.

    `followers` are user names; `channels` those of the playbook that could be told, `kept` those that may not be,
    `lost` those that are not found; with `tells_channels` the playbook has them told in any case. `unanswered` are the
    titles of questions, which are left out. `comments` counts those that nobody has settled, `awaited` are readers who
    have not answered. `valueless` are the titles of metrics.
    """

    place: str
    is_direct: bool
    followers: tuple[str, ...]
    channels: tuple[str, ...]
    kept: tuple[str, ...]
    lost: tuple[str, ...]
    unanswered: tuple[str, ...]
    all_unanswered: bool
    follow_ups: tuple[FollowUp, ...]
    comments: int
    awaited: tuple[str, ...]
    valueless: tuple[str, ...] = ()
    tells_channels: bool = False

    @property
    def vague(self) -> tuple[FollowUp, ...]:
        """Return the follow-ups that have no owner or no date, a date that is over, or a name of nobody."""
        return tuple(one for one in self.follow_ups if one.is_vague)


def outlook(ctx: Context, run: Run) -> Outlook:
    """Return what publishing would do now. Raises `Unsure` where it is not known who is in the run's team."""
    sections, there = ctx.store.retro_sections(run.id), targets(ctx, run)
    place = place_of(ctx, run) if not run.closed_place else None
    return Outlook(
        place=place.name if place is not None else "",
        is_direct=ctx.is_direct(run),
        followers=tuple(ctx.username(one.person_id) for one in ctx.store.followers(run.id)),
        channels=tuple(f"~{one.name}" for one in there.places),
        kept=there.kept,
        lost=there.lost,
        unanswered=tuple(one.title for one in unanswered(sections)),
        all_unanswered=all_unanswered(sections),
        follow_ups=tuple(follow_ups.written_in(ctx, run, sections)),
        comments=sum(one.settled_at is None for one in ctx.store.retro_comments(run.id)),
        awaited=tuple(ctx.username(one.person_id) for one in ctx.store.retro_readers(run.id) if not one.answered_at),
        valueless=tuple(one.metric.title for one in facts_of(ctx, run).metrics if one.amount is None),
        tells_channels="retrospective" in broadcast_on(playbook_of(run.definition)),
    )
