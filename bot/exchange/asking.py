"""Questions to the REST API of Mattermost Playbooks, page by page."""

from collections.abc import AsyncIterator
from typing import Any

from bot.driver import Driver, ServerRefused

PLUGIN = "/plugins/playbooks/api/v0"
PER_PAGE = 100
MOST_PAGES = 1000
NOT_THERE = (403, 404, 501)
"""What older versions, or licenses without attributes and conditions, answer to a question about these."""


class Asking:
    """Asks one server, with the rights of whose token it is."""

    def __init__(self, driver: Driver) -> None:
        self._client = driver.client
        # The server may stand below a path.
        self._plugin = self._client.basepath.removesuffix("/api/v4") + PLUGIN

    async def of_plugin(self, path: str, **params: Any) -> Any:
        """Return an answer of the plugin. Raises `ServerRefused` and `ServerUnreachable`."""
        return await self._client.make_request("get", path, params=params, basepath=self._plugin)

    async def of_server(self, path: str, **params: Any) -> Any:
        """Return an answer of the server itself. Raises as `of_plugin` does."""
        return await self._client.make_request("get", path, params=params)

    async def people(self, ids: list[str]) -> list[dict[str, Any]]:
        """Return people by their ids, those that are there."""
        found: list[dict[str, Any]] = []
        for start in range(0, len(ids), PER_PAGE):
            found += groups_in(await self._client.post("/users/ids", ids[start : start + PER_PAGE]))
        return found

    async def pages(self, path: str, **params: Any) -> AsyncIterator[dict[str, Any]]:
        """Yield the entries of a list of the plugin's, of all its pages."""
        for page in range(MOST_PAGES):
            answer = await self.of_plugin(path, page=page, per_page=PER_PAGE, **params)
            found = groups_in(answer.get("items") if isinstance(answer, dict) else answer)
            for one in found:
                yield one
            if not isinstance(answer, dict) or not answer.get("has_more") or not found:
                return

    async def known(self, path: str) -> Any:
        """Return an answer of the plugin, None where this version or license has no such thing."""
        try:
            return await self.of_plugin(path)
        except ServerRefused as error:
            if error.status not in NOT_THERE:
                raise
            return None

    async def named(self, path: str) -> str:
        """Return the name of something of the server's, empty where it shows none."""
        try:
            answer = await self.of_server(path)
        except ServerRefused as error:
            if error.status not in (400, *NOT_THERE):
                raise
            return ""
        return str(answer.get("name", "")) if isinstance(answer, dict) else ""


def groups_in(answer: object) -> list[dict[str, Any]]:
    """Return the groups of keys in a list; nothing else that stands there."""
    return [one for one in answer if isinstance(one, dict)] if isinstance(answer, list) else []
