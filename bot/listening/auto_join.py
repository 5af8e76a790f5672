"""Joins public channels by itself, as far as the installation wants it: slowly, and each of them once."""

from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Any, Literal

import structlog

from bot.directory.protocols import Rest
from bot.directory.retry import Passing, Patience
from bot.driver import ServerRefused
from bot.listening.memberships import Memberships
from bot.wire.reading import BadFrame, read_channels, read_teams
from bot.wire.things import Channel
from handlers.events import Person

log = structlog.get_logger()

PAGE = 200
Join = Literal["all", "invited"] | Sequence[str]


class Joiner:
    """Looks for public channels of the bot's teams and joins those whose name fits `join`.

    "all" means every one, "invited" none, and patterns are those of a shell (`inc-*`). It looks `every` so many
    seconds and joins `per_second` channels at most. A channel that the bot was removed from is left alone.
    """

    def __init__(
        self,
        client: Rest,
        memberships: Memberships,
        me: Person,
        join: Join,
        *,
        patience: Patience | None = None,
        per_second: float = 2.0,
        every: float = 300.0,
    ) -> None:
        self._client = client
        self._memberships = memberships
        self._me = me
        self._patterns = _patterns(join)
        self._patience = patience or Patience()
        self._pause = 1 / per_second
        self._every = every

    async def run(self) -> None:
        """Look and join until cancelled; with nothing to join it returns at once."""
        while self._patterns:
            try:
                await self.look()
            except (*Passing, BadFrame) as error:
                log.warning("joining failed", action="join_failed", error=str(error))
            await self._patience.sleep(self._every)

    async def look(self) -> int:
        """Join what is to be joined now; return how many channels that were."""
        joined = 0
        for team in read_teams(await self._get("/users/me/teams")):
            for channel in await self._wanted(team.id):
                joined += await self._join(channel)
                await self._patience.sleep(self._pause)
        return joined

    async def _wanted(self, team_id: str) -> list[Channel]:
        mine = self._memberships.mine
        fit = [each for each in await self._public(team_id) if self._fits(each) and each.id not in mine]
        left = await self._memberships.not_to_join([each.id for each in fit])
        return [each for each in fit if each.id not in left]

    async def _public(self, team_id: str) -> list[Channel]:
        found: dict[str, Channel] = {}
        page = 0
        while channels := await self._page(team_id, page):
            found |= {each.id: each for each in channels if each.delete_at == 0}
            page += 1
            if len(channels) < PAGE:
                break
        return list(found.values())

    async def _page(self, team_id: str, page: int) -> list[Channel]:
        return read_channels(await self._get(f"/teams/{team_id}/channels", {"page": page, "per_page": PAGE}))

    def _fits(self, channel: Channel) -> bool:
        return any(fnmatchcase(channel.name, pattern) for pattern in self._patterns)

    async def _join(self, channel: Channel) -> bool:
        body = {"user_id": self._me.id}
        try:
            await self._patience.insist(lambda: self._client.post(f"/channels/{channel.id}/members", body))
        except ServerRefused as error:
            log.info("not joined", action="join_refused", channel=channel.name, error=error.id)
            return False
        log.info("joined", action="joined", channel=channel.name)
        return True

    async def _get(self, path: str, params: dict[str, Any] | None = None) -> Any:
        return await self._patience.insist(lambda: self._client.get(path, params=params))


def _patterns(join: Join) -> tuple[str, ...]:
    if join == "invited":
        return ()
    return ("*",) if join == "all" else tuple(pattern.lstrip("~") for pattern in join)
