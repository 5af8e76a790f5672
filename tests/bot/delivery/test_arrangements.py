"""Groups are invited, and channels get a header and a category, as far as the server has such things."""

import secrets
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from wayout import Stage, staged

from bot.delivery.gateway import Gateway
from bot.transaction.parcel import Parcel
from bot.wire.outgoing import Writer
from bot.wire.signing import Signer
from handlers.effects import ArrangeChannel, Invite, Lasting, RunCommand
from handlers.events import ChannelArranged, CommandRan, PeopleInvited, Undeliverable
from sandbox.ids import new_id
from sandbox.model import Group

SORTED = {"TeamSettings": {"ExperimentalChannelCategorySorting": True}}


@pytest.fixture(params=["5.37", "10.0", "11.6"])
async def stage(request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    async with staged(request.param) as made:
        yield made


async def performed(stage: Stage, effect: Lasting) -> Any:
    """Deliver an effect; return what was learnt."""
    gateway = Gateway(stage.driver, Writer(Signer("a secret of the tests"), "http://127.0.0.1:9"))
    await gateway.learn_server()
    parcel = Parcel(
        row_id=1, lane="l", key=secrets.token_hex(13), effect=effect, attempts=1, created_at=datetime.now(UTC)
    )
    return (await gateway.perform(parcel)).event


def group(stage: Stage, name: str, *user_ids: str) -> None:
    made = Group(new_id(), name, list(user_ids))
    stage.mm.world.groups[made.id] = made


def everybody_of(place_id: str, name: str) -> Invite:
    return Invite(run_id=1, place_id=place_id, group=name, action_id=7)


async def test_everybody_of_a_group_is_added_whose_account_is_active(stage: Stage) -> None:
    place_id = await stage.channel()
    group(stage, "sre-night", stage.eve.id)
    group(stage, "sre", stage.ann.id, stage.ben.id, stage.eve.id, stage.tom.id)
    event = await performed(stage, everybody_of(place_id, "sre"))
    assert isinstance(event, PeopleInvited)
    assert {one.username for one in event.added} == {"ann", "ben"}
    assert (event.refused, event.action_id, event.no_group) == ({"tom": "not_in_team"}, 7, "")
    assert {stage.ann.id, stage.ben.id} <= stage.members(place_id)


async def test_a_group_of_several_pages_is_read_to_its_end(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.directory.groups.PAGE", 1)
    place_id = await stage.channel()
    group(stage, "sre", stage.ann.id, stage.ben.id)
    event = await performed(stage, everybody_of(place_id, "sre"))
    assert {one.username for one in event.added} == {"ann", "ben"}


async def test_a_server_without_a_license_has_no_groups_and_nobody_is_added(stage: Stage) -> None:
    event = await performed(stage, everybody_of(await stage.channel(), "sre"))
    assert (event.added, event.refused, event.no_group) == ((), {}, "no_groups")


async def test_a_group_that_is_not_there_is_told_so(stage: Stage) -> None:
    group(stage, "sre-night", stage.ann.id)
    event = await performed(stage, everybody_of(await stage.channel(), "sre"))
    assert (event.added, event.no_group) == ((), "no_group")


async def test_a_channel_gets_a_header_on_every_server(stage: Stage) -> None:
    place_id = await stage.channel()
    event = await performed(stage, ArrangeChannel(run_id=1, place_id=place_id, action_id=7, header="Be kind"))
    assert event == ChannelArranged(at=event.at, action_id=7, is_done=True)
    assert stage.mm.world.channels[place_id].header == "Be kind"


async def test_a_server_without_categories_says_that_it_has_none(stage: Stage) -> None:
    wish = ArrangeChannel(run_id=1, place_id=await stage.channel(), action_id=7, category="Incidents")
    assert (await performed(stage, wish)).is_done is False


async def test_a_channel_gets_its_category_where_the_server_lets_a_bot() -> None:
    async with staged("11.6", config=SORTED) as stage:
        place_id = await stage.channel()
        wish = ArrangeChannel(run_id=1, place_id=place_id, action_id=7, category="Incidents")
        assert (await performed(stage, wish)).is_done
        assert stage.mm.world.channels[place_id].default_category_name == "Incidents"


async def test_a_channel_that_is_gone_makes_the_action_undeliverable(stage: Stage) -> None:
    event = await performed(stage, ArrangeChannel(run_id=1, place_id=new_id(), action_id=7, header="Be kind"))
    assert isinstance(event, Undeliverable)
    assert (event.effect, event.action_id) == ("ArrangeChannel", 7)


async def test_a_command_of_an_action_is_told_by_it(stage: Stage) -> None:
    wish = RunCommand(
        task_id=0, place_id=await stage.channel(), command="/nothing", by_id="b", is_allowed=True, action_id=7
    )
    event = await performed(stage, wish)
    assert isinstance(event, CommandRan)
    assert (event.action_id, event.trouble) == (7, "unknown")
