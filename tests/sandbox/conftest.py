"""The stage of the sandbox's tests, once per server version."""

from collections.abc import AsyncIterator

import pytest
from sandbox_people import Integration, Stage, staged


@pytest.fixture(params=["5.37", "10.0", "11.6"])
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def stage(version: str) -> AsyncIterator[Stage]:
    async with staged(version) as found:
        yield found


@pytest.fixture
async def integration() -> AsyncIterator[Integration]:
    async with Integration() as found:
        yield found
