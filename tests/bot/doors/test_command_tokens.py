"""Whose slash command a token is: of the team that it was made for, asked for once a minute at most."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from desk import START, Desk

from bot.doors.command_tokens import CommandTokens, Teams
from store import KnownTeam, Store

TOKENS = {"ops": "a" * 26, "1": "b" * 26}


class Asked:
    """Tokens at a desk whose clock is a value, and how often the teams were asked for."""

    def __init__(self) -> None:
        self.desk = Desk()
        self.times = 0
        self.tokens = CommandTokens(TOKENS, self.ask, lambda: self.desk.now)

    async def ask(self, question: Callable[[Store], Teams]) -> Teams:
        self.times += 1
        found: Teams = self.desk.ask(question)
        return found

    def learn(self, **team: str) -> None:
        self.desk.ask(lambda store: store.learn(KnownTeam(**team, title="", seen_at=START)))


@pytest.fixture
def asked() -> Asked:
    return Asked()


async def test_a_token_is_of_its_team_alone(asked: Asked) -> None:
    asked.learn(id="t2", name="sales")
    assert await asked.tokens.fit("a" * 26, "t1")
    assert not await asked.tokens.fit("a" * 26, "t2")
    assert not await asked.tokens.fit("b" * 26, "t1")
    assert not await asked.tokens.fit("c" * 26, "t1")


async def test_a_token_under_a_number_counts_where_there_is_one_team(asked: Asked) -> None:
    assert await asked.tokens.fit("b" * 26, "t1")
    assert not await asked.tokens.fit("b" * 26, "t2")


async def test_commands_of_one_minute_ask_for_teams_once(asked: Asked) -> None:
    for _ in range(50):
        assert await asked.tokens.fit("a" * 26, "t1")
    assert asked.times == 1


async def test_nothing_is_asked_for_a_token_that_nobody_has(asked: Asked) -> None:
    assert not await asked.tokens.fit("c" * 26, "t1")
    assert asked.times == 0


async def test_a_team_that_the_bot_comes_into_is_known_at_once(asked: Asked) -> None:
    asked.learn(id="t1", name="old")
    assert not await asked.tokens.fit("a" * 26, "t2")
    asked.learn(id="t2", name="ops")
    assert await asked.tokens.fit("a" * 26, "t2")


async def test_a_team_that_lost_its_name_lost_its_token_a_minute_later(asked: Asked) -> None:
    assert await asked.tokens.fit("a" * 26, "t1")
    asked.learn(id="t1", name="other")
    asked.desk.later(seconds=60)
    assert not await asked.tokens.fit("a" * 26, "t1")


async def test_a_desk_whose_clock_goes_on_asks_again(asked: Asked) -> None:
    assert await asked.tokens.fit("a" * 26, "t1")
    asked.desk.now = START + timedelta(hours=1)
    assert await asked.tokens.fit("a" * 26, "t1")
    assert asked.times == 2
