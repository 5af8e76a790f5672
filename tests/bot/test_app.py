"""The callback door is opened with the bot; what fails later is told as what it is."""

import socket

import pytest
from aiohttp import web

from bot.doors.doorway import listening
from bot.trouble import Trouble


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
