"""Three episodes of chaos in each run of all tests; `make chaos` plays more of them, and longer ones."""

import pytest

from chaos.databases import SERVER
from chaos.episode import play
from chaos.planning import plan

KINDS = ("sqlite", "postgresql") if SERVER else ("sqlite",)
SEEDS = (22, 38, 58)
"""Between them they let almost everything fail that can."""
LENGTH = 5.0
"""Seconds for which things go on happening."""


@pytest.mark.parametrize("storage", KINDS)
@pytest.mark.parametrize("seed", SEEDS)
async def test_whatever_fails_nothing_is_lost_and_nothing_comes_twice(seed: int, storage: str) -> None:
    verdict = await play(plan(seed, storage, length=LENGTH))
    assert not verdict.violations, "\n".join([str(verdict), *verdict.trace])
