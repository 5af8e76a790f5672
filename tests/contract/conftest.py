"""The contract suite runs against each version of the sandbox, or against the one real server that is named."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from ground import Ground, ground
from stage import real_server

VERSIONS = ["real"] if real_server() else ["5.37", "10.0", "11.6"]


@pytest.fixture(params=VERSIONS)
async def on(request: pytest.FixtureRequest) -> AsyncIterator[Ground]:
    async with ground("" if request.param == "real" else request.param) as made:
        yield made
