"""The bot joins what it shall, slowly, and never twice."""

import asyncio
from dataclasses import replace

import pytest

from bot.listening.auto_join import Join, Joiner
from bot.listening.memberships import Memberships
from handlers.events import PlaceUnknown
from tests.listening import IN_TIME, QUICK, Scene, scene


def _joiner(here: Scene, memberships: Memberships, join: Join, **options: float) -> Joiner:
    return Joiner(here.bot, memberships, here.me, join, patience=QUICK, **{"per_second": 1000, "every": 0.01} | options)


async def _names(here: Scene) -> set[str]:
    return {each["name"] for each in await here.bot.get(f"/users/me/teams/{here.team_id}/channels")}


@pytest.mark.parametrize(
    ("join", "joined"),
    [
        ("all", {"inc-1", "inc-2", "pets"}),
        (["inc-*", "~pets"], {"inc-1", "inc-2", "pets"}),
        (["inc-?"], {"inc-1", "inc-2"}),
        ("invited", set()),
    ],
)
async def test_channels_are_joined_as_the_installation_wants(join: Join, joined: set[str]):
    """By the patterns of a shell; private channels never."""
    async with scene() as here, here.listening() as listener:
        for name in ("inc-1", "inc-2", "pets"):
            await here.channel(name, with_bot=False)
        await here.channel("inc-secret", with_bot=False, kind="P")
        before = await _names(here)
        assert await _joiner(here, listener.memberships, join).look() == len(joined)
        assert await _names(here) - before == joined


async def test_a_joined_channel_is_heard():
    """And found when it is new."""
    async with scene() as here, here.listening() as listener:
        task = asyncio.create_task(_joiner(here, listener.memberships, "all").run())
        await here.channel("new", with_bot=False)
        async with asyncio.timeout(IN_TIME):
            while here.channels["new"] not in listener.memberships.mine:
                await asyncio.wait({asyncio.create_task(here.say("nothing"))})
        await here.say("outage", "new")
        await here.desk.hears("outage")
        task.cancel()
        await asyncio.wait({task})


async def test_a_channel_that_the_bot_was_removed_from_is_left_alone():
    """Until somebody adds it again."""
    async with scene() as here:
        async with here.listening() as listener:
            side = here.channels["side"]
            await here.alice.delete(f"/channels/{side}/members/{here.me.id}")
            await here.desk.told(PlaceUnknown)
            joiner = _joiner(here, listener.memberships, "all")
            assert await joiner.look() == 0
        async with here.listening() as listener:
            assert await _joiner(here, listener.memberships, "all").look() == 0


async def test_joining_is_slow():
    """A wait after each channel, and none is asked for a second time."""
    waits: list[float] = []

    async def wait(seconds: float) -> None:
        waits.append(seconds)

    async with scene() as here, here.listening() as listener:
        for number in range(4):
            await here.channel(f"c{number}", with_bot=False)
        joiner = Joiner(
            here.bot, listener.memberships, here.me, "all", patience=replace(QUICK, sleep=wait), per_second=4
        )
        assert await joiner.look() == 4
        assert waits == [0.25] * 4


async def test_a_refused_channel_does_not_stop_the_others():
    """It is tried again when the bot looks the next time."""
    async with scene() as here, here.listening() as listener:
        for number in range(3):
            await here.channel(f"c{number}", with_bot=False)
        here.mm.faults.server_error("POST /channels/*/members", user="muster", status=403, body="{}")
        assert await _joiner(here, listener.memberships, "all").look() == 2
