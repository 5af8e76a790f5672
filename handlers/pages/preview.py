"""The page of what a playbook's runs will say: a run is begun where nothing stays, and its messages are collected."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from handlers.context import Context
from handlers.editor.starters import Starter, starter_called
from handlers.effects import Content, Effects, Post, Tell
from handlers.events import Person, Place
from handlers.operations.create_run import make_run, open_channel
from handlers.operations.enter_channel import arrive
from handlers.operations.post_update import ask_for_update
from handlers.pages.asked import Asked, NotThere
from handlers.pages.books import teams_of
from handlers.pages.editor import Standing, book_for, standing
from handlers.pages.gallery import Home, home_of
from handlers.playbooks.playbook import Playbook
from handlers.rules import teams
from handlers.rules.groups import GROUP, members_of
from handlers.rules.run_request import Wish
from handlers.text.words import shorten
from handlers.views.prompt import asking
from store import (
    Job,
    KnownPerson,
    KnownPlace,
    KnownTeam,
    PlaybookRow,
    PlaybookVersion,
    Prompt,
    PromptOffer,
    Run,
)

_GROUPS = re.compile(rf"{GROUP}([a-z0-9][a-z0-9._-]*)")
_NAMES = re.compile(r"[@~][a-z0-9][a-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run of a playbook is begun with, and whom and which channels it names, as they are known.

    `members` are the ids of those people who are in the team, `groups` those of who is in each group.
    """

    book: Playbook
    asker: Person
    team: KnownTeam | None
    people: tuple[KnownPerson, ...]
    places: tuple[KnownPlace, ...]
    members: frozenset[str] = frozenset()
    groups: tuple[tuple[str, frozenset[str]], ...] = ()
    stands: Standing | None = None
    starter: Starter | None = None
    home: Home | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """A message as it will look: `when` is a word for the occasion, `place` the channel, empty for the run's own.

    What somebody is told alone has their user name as `person`.
    """

    when: str
    content: Content
    place: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """All that a run says at its beginning, and the first reminder."""

    book: Playbook
    stands: Standing | None
    starter: Starter | None
    home: Home | None
    run: str
    channel: str
    said: tuple[Said, ...]


def draft_plan(ctx: Context, asked: Asked) -> Plan:
    """Return what a run of a playbook's draft would be begun with."""
    row, book = book_for(ctx, asked)
    return replace(_plan(ctx, asked, book), stands=standing(ctx, asked, row, book))


def starter_plan(ctx: Context, asked: Asked) -> Plan:
    """Return what a run of a starter would be begun with. Raises `NotThere`."""
    found = starter_called(asked.path.get("starter", ""))
    if found is None:
        raise NotThere
    return replace(_plan(ctx, asked, found.book), starter=found, home=home_of(ctx, asked))


def _plan(ctx: Context, asked: Asked, book: Playbook) -> Plan:
    there = [one for one in teams_of(ctx, asked.asker) if not book.teams or one.name in book.teams]
    team = there[0] if there else None
    said = book.model_dump_json()
    named = set(_NAMES.findall(said))
    people = (ctx.store.person_named(one[1:]) for one in named if one.startswith("@"))
    places = (ctx.store.place_named(team.id if team else "", one[1:]) for one in named if one.startswith("~"))
    myself = ctx.store.person(asked.asker.id)
    known = {one.id: one for one in (myself, *people) if one is not None}
    outside = teams.outside_team(ctx, team.id, list(known)) if team is not None else set(known)
    return Plan(
        book=book,
        asker=asked.asker,
        team=team,
        people=tuple(known.values()),
        places=tuple({one.id: one for one in places if one is not None}.values()),
        members=frozenset(known) - outside,
        groups=tuple((name, members_of(ctx, [f"{GROUP}{name}"])) for name in sorted(set(_GROUPS.findall(said)))),
    )


def rehearsed(ctx: Context, plan: Plan) -> PreviewPage:
    """Begin a run where nothing stays, and return all that it says."""
    # A link to the page of the run would lead to another one.
    ctx = replace(ctx, here=replace(ctx.here, pages_url=""))
    wish = _wish(ctx, plan)
    said = list(_asked(ctx, wish))
    run = make_run(ctx, wish)
    opened = [effect.name for effect in open_channel(ctx, run)]
    title = shorten(run.name, 64)
    place = Place(id="preview", team_id=run.team_id, kind="O", name=opened[0], title=title)
    said += _spoken(ctx, "start", arrive(ctx, run, place))
    if run.update_every:
        said += _spoken(ctx, "reminder", _reminded(ctx, run))
    return PreviewPage(plan.book, plan.stands, plan.starter, plan.home, run.name, opened[0], tuple(said))


def _wish(ctx: Context, plan: Plan) -> Wish:
    """Put into the empty store what the run needs, and return the wish for it, as a keyword would bring it about."""
    known = (*plan.people, *plan.places, *((plan.team,) if plan.team is not None else ()))
    ctx.store.learn(*(type(one)(**one.model_dump()) for one in known))
    for name, ids in plan.groups:
        ctx.store.learn_group(name, ids, ctx.now)
    book, team_id = plan.book, plan.team.id if plan.team is not None else ""
    ctx.store.learn_members(team_id, {one.id: one.id in plan.members for one in plan.people}, ctx.now)
    row = ctx.store.add(PlaybookRow(key=book.key, title=book.title, prefix=book.prefix))
    ctx.store.add(
        PlaybookVersion(playbook_id=row.id, version=1, definition=book.definition(), digest="", created_at=ctx.now)
    )
    wish = Wish(row=row, book=book, asker=plan.asker, team_id=team_id)
    if not book.keywords:
        return wish
    word = book.keywords[0]
    text = ctx.say("editor", word=word)["example"]
    made = Prompt(place_id="", team_id=team_id, thread_id="", post_id="", author_id="", text=text, created_at=ctx.now)
    prompt = ctx.store.add(made)
    ctx.store.add(PromptOffer(prompt_id=prompt.id, thread_id="", playbook_id=row.id, keywords=word))
    return replace(wish, prompt=prompt, keywords=(word,))


def _asked(ctx: Context, wish: Wish) -> Iterator[Said]:
    if wish.prompt is not None:
        offers = [(wish.row, wish.book, one) for one in ctx.store.offers(wish.prompt.id)]
        yield Said("keyword", asking(ctx, wish.prompt, offers))


def _reminded(ctx: Context, run: Run) -> Effects:
    later = replace(ctx, now=ctx.now + timedelta(seconds=run.update_every))
    job = Job(kind="update", subject=f"run:{run.id}", due_at=later.now, payload={})
    yield from ask_for_update(later, run, ctx.store.add(job))


def _spoken(ctx: Context, when: str, effects: Effects) -> Iterator[Said]:
    """Yield the messages among what a run does."""
    for effect in effects:
        match effect:
            case Post(place_id="preview", content=content):
                yield Said(when, content)
            case Post(place_id=place_id, content=content):
                place = ctx.store.place(place_id)
                yield Said(when, content, place=place.name if place is not None else "")
            case Tell(person_id=person_id, content=content):
                yield Said(when, content, person=ctx.username(person_id))
            case _:
                pass
