"""The tokens of the slash command, and the team that each of them is for."""

import hmac
from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import datetime, timedelta

from store import UTC_EPOCH, Store

Teams = dict[str, str]
FRESH_FOR = timedelta(minutes=1)
"""For how long a team that was read has its name, as what else is looked up of it."""


class CommandTokens:
    """The tokens that the server gave for the slash command, by team; `ask` reads the teams that the bot is in.

    One whose team the configuration does not name stands under a number, and counts where the bot is in one team alone.
    """

    def __init__(
        self,
        tokens: Mapping[str, str],
        ask: Callable[[Callable[[Store], Teams]], Awaitable[Teams]],
        clock: Callable[[], datetime],
    ) -> None:
        self._tokens = tokens
        self._ask = ask
        self._clock = clock
        self._teams: Teams = {}
        self._until = UTC_EPOCH

    async def fit(self, token: str, team_id: str) -> bool:
        """Return whether a token is that of the command in this very team."""
        # All are compared, so that the time taken tells nothing about any of them.
        names = [name for name, one in self._tokens.items() if hmac.compare_digest(token.encode(), one.encode())]
        if not names:
            return False
        # To read the teams anew for every command would be a transaction before each decision.
        if self._clock() >= self._until or not _are_for(names, team_id, self._teams):
            self._teams = await self._ask(lambda store: {team.id: team.name for team in store.teams()})
            self._until = self._clock() + FRESH_FOR
        return _are_for(names, team_id, self._teams)


def _are_for(names: Collection[str], team_id: str, teams: Teams) -> bool:
    return teams.get(team_id) in names or (set(teams) == {team_id} and any(name.isdecimal() for name in names))
