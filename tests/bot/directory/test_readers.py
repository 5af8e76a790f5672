"""Who reads a channel decides which runs a figure counts there: the server is asked who that is."""

from collections.abc import AsyncIterator

import pytest
from wayout import Stage, staged

from bot.directory.readers import readers_of
from handlers.context import Context, Installation
from handlers.events import Person, Readers
from handlers.figures.audience import seen_in
from handlers.figures.many_runs import Seen
from store import Database, KnownTeam, TeamMember
from store.queries.visible import NOTHING
from tests.rows import NOW

HERE = Installation(bot=Person(id="bot", username="muster"), site_url="", menus={})


@pytest.fixture(params=["5.37", "11.6"])
async def stage(request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    async with staged(request.param) as made:
        yield made


async def joins(stage: Stage, channel_id: str, *people: Person) -> None:
    for person in people:
        await stage.admin.post(f"/channels/{channel_id}/members", options={"user_id": person.id})


def is_guest(stage: Stage, person: Person) -> None:
    stage.mm.world.users[person.id].roles = "system_guest"


async def test_of_a_public_channel_without_guests_nobody_is_asked_by_name(stage: Stage) -> None:
    channel = await stage.channel()
    await joins(stage, channel, stage.ann)
    assert await readers_of(stage.driver.client, channel, "O") == Readers(people=())
    assert not any((seen.method, seen.path) == ("GET", "/users") for seen in stage.mm.requests)


async def test_guests_of_a_public_channel_are_asked_by_name(stage: Stage) -> None:
    channel = await stage.channel()
    await joins(stage, channel, stage.ann, stage.ben)
    is_guest(stage, stage.ben)
    found = await readers_of(stage.driver.client, channel, "O")
    assert ([one.id for one in found.people or ()], found.are_all) == ([stage.ben.id], False)


async def test_of_a_private_channel_of_a_few_all_are_asked_but_bots(stage: Stage) -> None:
    channel = await stage.channel("secret", private=True)
    await joins(stage, channel, stage.ann, stage.ben)
    found = await readers_of(stage.driver.client, channel, "P")
    assert {one.id for one in found.people or ()} == {stage.ann.id, stage.ben.id}
    assert found.are_all


async def test_in_front_of_too_many_to_look_for_guests_nothing_is_counted(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = await stage.channel()
    await joins(stage, channel, stage.ann, stage.ben)
    is_guest(stage, stage.ben)
    monkeypatch.setattr("bot.directory.readers.MOST", 1)
    found = await readers_of(stage.driver.client, channel, "O")
    assert found.people is None
    assert seen(found).where == (NOTHING,)


def seen(readers: Readers) -> Seen:
    database = Database("sqlite://")
    database.migrate()
    with database.transaction() as store:
        store.learn(KnownTeam(id="t1", name="ops", title="Ops", seen_at=NOW))
        for one in readers.people or ():
            store.add(TeamMember(id=f"t1 {one.id}", team_id="t1", person_id=one.id, is_member=True, seen_at=NOW))
        return seen_in(Context(NOW, store, HERE, asks=False), "t1", readers)


def test_where_nobody_or_only_admins_read_not_everything_is_counted() -> None:
    """Whoever comes into the channel later reads what stands there."""
    root, ann = Person(id="r", username="root", is_admin=True), Person(id="a", username="ann")
    assert seen(Readers(people=(), are_all=True)).where == (NOTHING,)
    assert len(seen(Readers(people=(root,), are_all=True)).where) == 2
    assert len(seen(Readers(people=(root, ann), are_all=True)).where) == 1


def test_where_guests_read_no_keyword_is_counted() -> None:
    ann, ben = Person(id="a", username="ann"), Person(id="b", username="ben", is_guest=True)
    members = seen(Readers(people=(ann,), are_all=True))
    assert members.team_ids == frozenset({"t1"})
    with_guest = seen(Readers(people=(ann, ben), are_all=True))
    assert with_guest.team_ids == frozenset()
    assert len(seen(Readers(people=(ben,))).where) == 2
