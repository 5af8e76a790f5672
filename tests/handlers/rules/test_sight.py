"""Which runs somebody may see is the same whether it is asked of one run or of all."""

from collections.abc import Mapping
from typing import Any

import pytest
from desk import ADMIN, ALICE, BOB, GUEST, PUBLIC, START, Desk
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from sqlmodel import col, select
from stage import KINDS, url_of

from handlers.context import Context, person_row
from handlers.events import Person
from handlers.rules import permissions
from handlers.rules.sight import viewer_of
from handlers.unsure import InTeam, Unsure
from store import KnownPlace, KnownTeam, Participant, Run, Store
from store.queries.visible import STANDING, Condition, visible_to, visible_to_all, visible_to_team

STRANGER = Person(id="stranger", username="stranger")
GONE = Person(id="gone", username="gone", is_active=False)
PEOPLE = (ALICE, BOB, GUEST, ADMIN, STRANGER, GONE)
TEAMS = ("t1", "t2")
PLACES: Mapping[str, Any] = {
    "open": {"kind": "O"},
    "left": {"kind": "O", "left_by_hand": True},
    "private": {"kind": "P"},
    "doubted": {"kind": ""},
    "direct": {"kind": "D"},
    "group": {"kind": "G"},
}

person_ids = st.sampled_from([one.id for one in PEOPLE])
names = st.sets(
    st.sampled_from(["@alice", "@bob", "@visitor", "@stranger", "@Alice", "@alice2", "group:sre", "group:none"]),
    max_size=2,
)
definitions = st.builds(
    lambda admins, members, sight, kind: {"admins": sorted(admins), "members": sorted(members), **sight, **kind},
    names,
    names,
    st.fixed_dictionaries(
        {},
        optional={
            "visibility": st.sampled_from(["", "public", "private"]),
            "see_runs": st.sampled_from(["", "members", "participants"]),
        },
    ),
    st.sampled_from([{}, {"channel": {"visibility": "public"}}, {"channel": {"visibility": "private"}}]),
)
runs = st.fixed_dictionaries(
    {
        "team_id": st.sampled_from([*TEAMS, "unheard-of", ""]),
        "channel_id": st.sampled_from([None, "never-seen", *PLACES]),
        "playbook_id": st.sampled_from([None, 1]),
        "definition": definitions,
        "owner_id": person_ids,
        "creator_id": person_ids,
        "removed_at": st.sampled_from([None, None, START]),
    }
)
parts = st.dictionaries(person_ids, st.sampled_from(["asked", "in", "left"]), max_size=3)
members = st.sets(st.tuples(st.sampled_from(TEAMS), person_ids))


@pytest.fixture(scope="module", params=KINDS)
def desk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    made = Desk(PUBLIC, url=url_of(request.param, tmp_path_factory.mktemp("sight")))
    made.ask(
        lambda store: (
            store.learn(KnownTeam(id="t2", name="sales", seen_at=START)),
            store.learn(*(KnownPlace(id=key, name=key, seen_at=START, **what) for key, what in PLACES.items())),
            store.learn(person_row(GONE, START), person_row(STRANGER, START)),
            store.learn_group("sre", ["alice", "stranger"], START),
        )
    )
    return made


class _Undone(Exception):
    """Ends an example, so that nothing of it stays."""


def add(store: Store, number: int, said: dict[str, Any], taken: dict[str, str]) -> Run:
    run = store.add(Run(key=f"k{number}", name="Run", created_at=START, **said))
    for person_id, how in taken.items():
        times = {"joined_at": None if how == "asked" else START, "left_at": START if how == "left" else None}
        store.add(Participant(run_id=run.id, person_id=person_id, **times))
    return run


def found(store: Store, condition: Condition) -> set[int]:
    return set(store.session.exec(select(col(Run.id)).where(condition)).all())


def listed(ctx: Context, person: Person, made: list[Run]) -> set[int]:
    return {run.id for run in made if run.removed_at is None and permissions.is_listed(ctx, person, run)}


@settings(max_examples=150, deadline=None)
@given(rows=st.lists(st.tuples(runs, parts), max_size=4), inside=members, heads=st.sets(st.sampled_from([*PLACES])))
def test_a_question_about_all_runs_finds_just_those_that_are_listed(
    desk: Desk, rows: list[Any], inside: set[tuple[str, str]], heads: set[str]
) -> None:
    try:
        with desk.database.transaction() as store:
            ctx = Context(START, store, desk.here, asks=False)
            for team_id in TEAMS:
                said = {one.id: (team_id, one.id) in inside for one in PEOPLE}
                store.learn_members(team_id, said, START)
            made = [add(store, number, said, taken) for number, (said, taken) in enumerate(rows)]
            people = [replace(one, heads=frozenset(heads)) if one is BOB else one for one in PEOPLE]
            seen = {}
            for person in people:
                seen[person.id] = found(store, visible_to(store, viewer_of(ctx, person)))
                assert seen[person.id] == listed(ctx, person, made), person.username
            both = visible_to_all(store, [viewer_of(ctx, one) for one in people[:2]])
            assert found(store, both) == seen["alice"] & seen["bob"]
            assert found(store, STANDING) == {run.id for run in made if run.removed_at is None}
            raise _Undone
    except _Undone:
        pass


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.tuples(runs, parts), max_size=4))
def test_what_a_team_may_see_is_what_its_least_concerned_member_may(desk: Desk, rows: list[Any]) -> None:
    member = Person(id="newcomer", username="newcomer")
    try:
        with desk.database.transaction() as store:
            ctx = Context(START, store, desk.here, asks=False)
            store.learn_members("t1", {"newcomer": True}, START)
            made = [add(store, number, said, taken) for number, (said, taken) in enumerate(rows)]
            theirs = [run for run in made if run.team_id == "t1"]
            assert found(store, visible_to_team(store, "t1")) == listed(ctx, member, theirs)
            raise _Undone
    except _Undone:
        pass


def test_the_server_is_asked_in_which_teams_somebody_is(desk: Desk) -> None:
    with desk.database.transaction() as store, pytest.raises(Unsure) as unsure:
        viewer_of(Context(START, store, desk.here), Person(id="new", username="new"))
    assert unsure.value.question in (InTeam("t1", ("new",)), InTeam("t2", ("new",)))
