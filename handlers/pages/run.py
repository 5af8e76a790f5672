"""The page of one run: everything that chat shows of it, for somebody who may see it."""

from dataclasses import dataclass
from datetime import datetime

from handlers.context import Context
from handlers.events import Person
from handlers.pages.asked import Asked, NotThere
from handlers.pages.books import is_for
from handlers.pages.run_attributes import Attributes, attributes_shown
from handlers.pages.run_people import Taking, people_of_run
from handlers.pages.run_said import Happened, Said, happened, updates_of
from handlers.pages.run_tasks import ListShown, lists_of
from handlers.pages.run_times import Measures, measures_of
from handlers.pages.standing import Standing, standing_of
from handlers.playbooks.playbook import playbook_of
from handlers.rules import permissions
from handlers.rules.permission_table import Action
from handlers.rules.retrospective import unanswered
from handlers.rules.run_values import update_template
from handlers.text.escaping import as_typed
from handlers.text.words import Safe
from handlers.views.action_words import ActionShown, shown_actions
from store import Run

FOLDED = 12
"""How many of the latest entries of the timeline are seen at once."""
UPDATES = 50
"""How many of the latest updates the page has."""
AT_MOST = 500
"""How many entries of the timeline the page has."""
NEXT_IN = (15 * 60, 30 * 60, 3600, 4 * 3600, 86400, 7 * 86400)
ACTIONS: tuple[Action, ...] = ("change", "join", "finish", "own")


@dataclass(frozen=True, slots=True)
class Retro:
    """How a run's retrospective stands: `open` questions are not answered yet."""

    state: str
    published_at: datetime | None
    has_more: bool
    reason: str
    open: int


@dataclass(frozen=True, slots=True)
class RunPage:
    """One run; `may` is what who looks may do to it, `link` where it is in Mattermost.

    The updates and the timeline begin with the latest; `older` of them and `earlier` entries are not on the page.
    """

    run: Standing
    playbook: str
    playbook_key: str
    team: str
    updates: tuple[Said, ...]
    older: int
    lists: tuple[ListShown, ...]
    people: Taking
    variables: tuple[tuple[str, str], ...]
    attributes: Attributes
    timeline: tuple[Happened, ...]
    earlier: int
    measures: Measures
    retro: Retro | None
    actions: tuple[ActionShown, ...]
    link: str
    origin: str
    may: frozenset[Action]
    takes_part: bool
    follows: bool
    template: str
    every: int
    is_own: bool

    @property
    def number(self) -> int:
        return self.run.number

    @property
    def folded(self) -> int:
        return FOLDED

    @property
    def choices(self) -> list[int]:
        """In how many seconds the next update can be said to be due."""
        return sorted({*NEXT_IN, self.every} - {0})


def run_page(ctx: Context, asked: Asked) -> RunPage:
    """Return a run. Raises `NotThere` where there is none, or who asks may not see it."""
    run = run_for(ctx, asked.asker, asked.number("run"))
    book, asker = playbook_of(run.definition), asked.asker
    moments = [one for one in reversed(ctx.store.moments(run.id)) if one.removed_at is None]
    row, team = ctx.store.playbook(run.playbook_id) if run.playbook_id else None, ctx.store.team(run.team_id)
    participant, updates = ctx.store.participant(run.id, asker.id), updates_of(ctx, moments)
    ctx.store.people({*(one.person_id for one in moments if one.person_id), run.owner_id, run.creator_id})
    return RunPage(
        run=standing_of(ctx, run),
        playbook=book.title if row is not None else "",
        playbook_key=row.key
        if row is not None and is_for(ctx, asker, ctx.store.playbook_version(row).definition)
        else "",
        team=(team.title or team.name) if team is not None else "",
        updates=tuple(updates[:UPDATES]),
        older=max(0, len(updates) - UPDATES),
        lists=lists_of(ctx, run, asker),
        people=people_of_run(ctx, run),
        variables=tuple(sorted(run.attributes.items())),
        attributes=attributes_shown(ctx, run),
        timeline=tuple(happened(ctx, run, one) for one in moments[:AT_MOST]),
        earlier=max(0, len(moments) - AT_MOST),
        measures=measures_of(ctx, run, asker),
        retro=_retro(ctx, run),
        actions=tuple(shown_actions(ctx, run)),
        link=ctx.run_link(run),
        origin=_origin(ctx, run),
        may=frozenset(one for one in ACTIONS if permissions.is_offered(ctx, one, asker, run)),
        takes_part=participant is not None and participant.is_in,
        follows=ctx.store.follower(run.id, asker.id) is not None,
        template=as_typed(update_template(ctx, run)),
        every=run.update_every,
        is_own=run.owner_id == asker.id,
    )


def run_for(ctx: Context, asker: Person, number: int) -> Run:
    """Return a run that somebody may see. Raises `NotThere` where there is none, and where they may not."""
    run = ctx.store.run(number)
    if run is None or not permissions.may_see(ctx, asker, run):
        raise NotThere
    return run


def _retro(ctx: Context, run: Run) -> Retro | None:
    row = ctx.store.retrospective(run.id)
    if row is None or row.drafted_at is None:
        return None
    return Retro(
        row.state, row.published_at, row.has_more, row.reason, len(unanswered(ctx.store.retro_sections(run.id)))
    )


def _origin(ctx: Context, run: Run) -> Safe:
    return ctx.post_link(run.team_id, run.origin_post_id)
