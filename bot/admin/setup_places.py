"""In which teams the bot works, and where the server reaches it."""

import asyncio
import socket
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from bot.admin import server_settings
from bot.admin.account import explained
from bot.admin.setup_address import with_http
from bot.admin.setup_plan import Plan, Team
from bot.admin.setup_questions import Questions
from bot.admin.setup_wishes import Wishes, insist
from bot.driver import Driver
from bot.settings.config import Config
from bot.settings.sections import Callbacks
from bot.trouble import Trouble
from handlers.text.nearest import nearest

PAGE = 200
LOCAL = ("localhost", "127.0.0.1", "::1")


async def choose_teams(admin: Driver, plan: Plan, wishes: Wishes, present: Config, ask: Questions) -> None:
    """Fill in the plan's teams, and whether `bot.toml` is to name them. Raises `Trouble`."""
    with explained("list its teams"):
        teams = await _teams(admin)
    if not teams:
        raise Trouble("The server has no team yet. Create one, and run muster setup again.")
    names = [str(team["name"]) for team in teams]
    usual = [name for name in present.server.teams if name in names] or names
    chosen = list(wishes.teams) or ask.several("Teams to work in", names, usual)
    for name in chosen:
        if name not in names:
            like = nearest(name, names)
            raise Trouble(f"There is no team {name}." + (f" Did you mean {like}?" if like else ""))
    plan.teams = [team for team in teams if team["name"] in chosen]
    plan.names_teams = len(plan.teams) < len(teams)
    await _require_room(admin, plan)


async def choose_address(plan: Plan, wishes: Wishes, present: Callbacks, ask: Questions) -> None:
    """Fill in where the bot listens and is reached, and the host that the server is to be allowed to call, if any."""
    host = wishes.listen_host or ask.text("Address to listen at", present.listen_host, "--listen-host")
    port = insist(
        lambda: str(wishes.listen_port or ask.text("Port to listen at", str(present.listen_port), "--listen-port")),
        Callbacks,
        "listen_port",
        ask,
    )
    usual = present.url or f"http://{await _own_host(plan.server)}:{port}"
    url = insist(
        lambda: with_http(
            wishes.callback_url or ask.text("Address at which the server reaches Muster", usual, "--callback-url")
        ),
        Callbacks,
        "url",
        ask,
    )
    _warn_of_localhost(plan.server, url, ask)
    plan.callbacks = Callbacks(listen_host=host, listen_port=port, url=url)
    allowed = server_settings.value(plan.settings, server_settings.CONNECTIONS)
    plan.allow_host = await _host_to_allow(url, str(allowed or ""), wishes, ask)


async def _teams(admin: Driver) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    page = 0
    while rows := list(await admin.client.get("/teams", params={"page": page, "per_page": PAGE}) or []):
        found += [row for row in rows if not row.get("delete_at")]
        page += 1
        if len(rows) < PAGE:
            break
    return sorted(found, key=lambda team: str(team["name"]))


async def _require_room(admin: Driver, plan: Plan) -> None:
    limit = int(server_settings.value(plan.settings, server_settings.TEAM_SIZE) or 0)
    with explained("list who is in its teams"):
        mine = await admin.client.get(f"/users/{plan.bot['id']}/teams") if plan.bot else []
        inside = {team["id"] for team in mine or []}
        for team in plan.teams:
            if limit and team["id"] not in inside and await _has(admin, team, limit):
                place = server_settings.place(server_settings.TEAM_SIZE)
                raise Trouble(f"The team {team['name']} is full: it has {limit} members. Raise {place}.")


async def _has(admin: Driver, team: Team, members: int) -> bool:
    """Tell whether a team has so many members, by asking for the last of them."""
    last = {"page": members - 1, "per_page": 1, "exclude_deleted_users": True}
    return bool(await admin.client.get(f"/teams/{team['id']}/members", params=last))


async def _own_host(server: str) -> str:
    """Return this machine's address as the server is likely to reach it."""
    host = urlsplit(server).hostname or ""
    if host in LOCAL:
        return host
    return await asyncio.to_thread(_address_towards, host)


def _address_towards(host: str) -> str:
    # Nothing is sent: connecting a datagram socket only chooses the way.
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
            one.connect((host, 9))
            return str(one.getsockname()[0])
    except OSError:
        return socket.getfqdn()


def _warn_of_localhost(server: str, url: str, ask: Questions) -> None:
    if urlsplit(url).hostname in LOCAL and urlsplit(server).hostname not in LOCAL:
        ask.say(
            f"⚠ {url} is this machine only for itself; the server would look for Muster on its own machine. "
            "Unless both run on one machine, name this one as the server knows it."
        )


async def _host_to_allow(url: str, allowed: str, wishes: Wishes, ask: Questions) -> str:
    host = urlsplit(url).hostname or ""
    addresses = await server_settings.addresses_of(host)
    if not addresses:
        ask.say(f"⚠ {host} is not known on this machine. The server must know it.")
    if server_settings.may_call(allowed, host, addresses):
        return ""
    place = server_settings.place(server_settings.CONNECTIONS)
    ask.say(f"⚠ {host} is in a private network, and the server refuses to call such addresses unless they are named.")
    if wishes.allow_host or ask.yes(f"Add {host} to {place}?", default=False):
        return host
    ask.say(f"Until {host} is added to {place}, commands and buttons do not work. --allow-callback-host does so.")
    return ""
