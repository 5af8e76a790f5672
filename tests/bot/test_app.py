"""The bot starts where it can work, and its callback door with it; what fails later is told as what it is."""

import socket

import pytest
from aiohttp import web
from installing import Place, place, server
from structlog.testing import capture_logs

from bot.admin.setup_files import write_settings
from bot.app import running
from bot.doors.doorway import listening
from bot.settings.config import load
from bot.trouble import Trouble

__all__ = ["place"]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])


async def test_a_port_that_is_taken_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(Trouble, match=f"cannot listen at 127.0.0.1:{port}"):
            async with listening("127.0.0.1", port, web.Application()):
                pass


async def test_a_failure_while_it_listens_is_told_as_it_is() -> None:
    with pytest.raises(OSError, match="disk"):
        async with listening("127.0.0.1", free_port(), web.Application()):
            raise OSError("the disk is broken")


async def test_who_is_in_none_of_the_teams_to_work_in_ends_and_says_so(place: Place) -> None:
    async with server() as (mm, admin):
        await place.set_up(mm.url)
        write_settings(place.local, {("server", "teams"): ["sales", "opps"]})
        with pytest.raises(Trouble, match=r"none of the teams to work in \(sales, opps\); it is in ops\. Add it there"):
            async with running(load()):
                pass
        bot = next(user for user in mm.users if user.is_bot)
        await admin.rest("DELETE", f"/teams/{admin.team_id}/members/{bot.id}")
        with pytest.raises(Trouble, match=r"\(sales, opps\); it is in no team\."):
            async with running(load()):
                pass
        write_settings(place.local, {("server", "teams"): []})
        with pytest.raises(Trouble, match=r"The bot is in no team, so there is nothing to do\."):
            async with running(load()):
                pass


async def test_a_team_that_is_missing_among_others_is_logged(place: Place) -> None:
    async with server() as (mm, _):
        await place.set_up(mm.url)
        write_settings(place.local, {("server", "teams"): ["ops", "sales"]})
        with capture_logs() as logged:
            async with running(load()):
                pass
        assert [line["teams"] for line in logged if line.get("action") == "team_missing"] == [["sales"]]
