"""A server that has Mattermost Playbooks, as far as its REST API is asked, over a socket of its own."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from threading import Thread
from typing import Any

from aiohttp import web

TOKEN = "reads-playbooks"
PLUGIN = "/plugins/playbooks/api/v0"


@dataclass
class PluginServer:
    """What it has: playbooks, with attributes and conditions apart, runs with updates, people and channels."""

    playbooks: list[dict[str, Any]] = field(default_factory=list)
    runs: list[dict[str, Any]] = field(default_factory=list)
    properties: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)
    conditions: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)
    teams: Mapping[str, str] = field(default_factory=dict)
    updates: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)
    url: str = ""
    asked: list[str] = field(default_factory=list)

    def application(self) -> web.Application:
        app = web.Application(middlewares=[self._let_in])
        app.router.add_get("/api/v4/users/me/teams", self._teams)
        app.router.add_post("/api/v4/users/ids", self._people)
        app.router.add_get("/api/v4/channels/{id}", partial(self._named, names=self.channels))
        app.router.add_get("/api/v4/teams/{id}", partial(self._named, names=self.teams))
        app.router.add_get(f"{PLUGIN}/playbooks", self._playbooks)
        app.router.add_get(f"{PLUGIN}/playbooks/{{id}}", partial(self._one, among=self.playbooks))
        app.router.add_get(f"{PLUGIN}/playbooks/{{id}}/property_fields", self._properties)
        app.router.add_get(f"{PLUGIN}/playbooks/{{id}}/conditions", self._conditions)
        app.router.add_get(f"{PLUGIN}/runs", self._runs)
        app.router.add_get(f"{PLUGIN}/runs/{{id}}", partial(self._one, among=self.runs))
        app.router.add_get(f"{PLUGIN}/runs/{{id}}/status-updates", self._updates)
        return app

    @web.middleware
    async def _let_in(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.asked.append(request.path)
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return web.json_response({"id": "api.context.session_expired.app_error", "message": "no"}, status=401)
        answer: web.StreamResponse = await handler(request)
        return answer

    async def _teams(self, _request: web.Request) -> web.Response:
        return web.json_response([{"id": key, "name": name} for key, name in self.teams.items()])

    async def _people(self, request: web.Request) -> web.Response:
        ids = await request.json()
        return web.json_response([{"id": key, "username": self.people[key]} for key in ids if key in self.people])

    async def _named(self, request: web.Request, names: Mapping[str, str]) -> web.Response:
        key = request.match_info["id"]
        return web.json_response(
            {"id": key, "name": names[key]} if key in names else {}, status=200 if key in names else 404
        )

    async def _playbooks(self, request: web.Request) -> web.Response:
        found = [{"id": one["id"]} for one in self.playbooks if one.get("team_id") == request.query["team_id"]]
        return _page(request, found)

    async def _properties(self, request: web.Request) -> web.Response:
        key = request.match_info["id"]
        if key not in self.properties:
            return web.json_response({"error": "license"}, status=403)
        return web.json_response(self.properties[key])

    async def _conditions(self, request: web.Request) -> web.Response:
        return _page(request, self.conditions.get(request.match_info["id"], []))

    async def _updates(self, request: web.Request) -> web.Response:
        return web.json_response(self.updates.get(request.match_info["id"]))

    async def _runs(self, request: web.Request) -> web.Response:
        assert request.query["statuses"] == "Finished"
        of_playbook = [one for one in self.runs if one["playbook_id"] == request.query["playbook_id"]]
        over = [{"id": one["id"], "name": one["name"]} for one in of_playbook if one["current_status"] == "Finished"]
        return _page(request, over)

    async def _one(self, request: web.Request, among: list[dict[str, Any]]) -> web.Response:
        found = [one for one in among if one["id"] == request.match_info["id"]]
        return web.json_response(found[0]) if found else web.json_response({"error": "none"}, status=404)


def _page(request: web.Request, found: list[dict[str, Any]]) -> web.Response:
    """Return one page of a list, of two entries at most, as a server may that has its own idea of a page."""
    page, size = int(request.query.get("page", 0)), 2
    some = found[page * size : (page + 1) * size]
    more = len(found) > (page + 1) * size
    return web.json_response({"total_count": len(found), "page_count": 1, "has_more": more, "items": some})


@contextmanager
def serving_aside(server: PluginServer) -> Iterator[PluginServer]:
    """Let it be reached while something else has this thread."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()

    def run(work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, loop).result(20)

    there = serving(server)
    run(there.__aenter__())
    try:
        yield server
    finally:
        run(there.__aexit__(None, None, None))
        loop.call_soon_threadsafe(loop.stop)
        thread.join(20)
        loop.close()


@asynccontextmanager
async def serving(server: PluginServer) -> AsyncIterator[PluginServer]:
    """Let it be reached at its `url`."""
    runner = web.AppRunner(server.application())
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield server
    finally:
        await runner.cleanup()
