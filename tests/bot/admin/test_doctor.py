"""`muster doctor`: a sentence for everything that Muster needs, and a remedy for everything that is missing."""

import asyncio
import json
import sqlite3
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager, closing
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from installing import VERSIONS, Place, environment, listening, place, plugin_holds, server
from stage import free_port

from bot.admin.doctor import examine_books
from bot.admin.findings import Finding
from bot.admin.setup_files import write_secrets, write_settings
from bot.app import running
from bot.library.shelf import Found, Shelf
from bot.settings.config import load
from handlers.playbooks.file import read_playbook
from sandbox import Sandbox
from sandbox.human import Human
from sandbox.model import User
from store import Database, Unavailable

__all__ = ["place"]


@asynccontextmanager
async def installed(place: Place, version: str = "11.6") -> AsyncIterator[tuple[Sandbox, Human]]:
    """Give a server on which Muster was set up."""
    async with server(version) as (mm, admin):
        await place.set_up(mm.url)
        yield mm, admin


def ill(findings: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.state == "ill"]


def words(findings: Iterable[Finding]) -> str:
    return "\n".join(f"{finding.state}: {finding.words} → {finding.remedy}" for finding in findings)


async def only_trouble(place: Place) -> Finding:
    """Return the one thing that is not well."""
    findings = await place.examine()
    troubles = ill(findings)
    assert len(troubles) == 1, words(findings)
    return troubles[0]


@pytest.mark.parametrize("version", VERSIONS)
async def test_all_is_well_while_nothing_runs(place: Place, version: str) -> None:
    async with installed(place, version) as (mm, _):
        findings = await place.examine()
        said = words(findings)
        assert ill(findings) == [], said
        for sentence in (
            f"is Mattermost {version}.0, which Muster works with",
            "The access token works; the bot is @muster",
            "The websocket works; " + ("what is missed" if version == "5.37" else "a connection that breaks"),
            "In ops the bot hears 2 channels: ~off-topic, ~town-square",
            "In ops the bot may create channels, and add people to them",
            "the doctor listens there for the moment",
            "a pressed button arrives",
            "In ops, /playbook arrives, and its token is the right one",
        ):
            assert sentence in said
        assert not [value for value in place.kept().values() if value in said]
        own = [channel.id for channel in mm.channels if channel.type == "D" and channel.name.count(_bot(mm).id) == 2]
        assert [mm.posts(channel) for channel in own] == [[]]


@pytest.mark.parametrize("version", VERSIONS)
async def test_all_is_well_while_muster_runs(place: Place, version: str) -> None:
    async with installed(place, version), running(load()) as bot:
        findings = await place.examine()
        assert ill(findings) == [], words(findings)
        assert "Muster runs, and answers at" in words(findings)
        assert "a pressed button arrives" in words(findings)
        assert "In ops, /playbook arrives" in words(findings)
        assert bot.listener.line.is_up


async def test_a_running_muster_whose_database_is_away_says_since_when(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.engine.LOCKED_FOR", 0.02)
    async with installed(place), running(load()) as bot:
        path = bot.desk.database.url.database
        assert path is not None
        with closing(sqlite3.connect(path, isolation_level=None, timeout=10)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(Unavailable):
                await bot.desk.ask(lambda store: store.next_due())
            findings = await place.examine()
            # Whoever asks once the other is gone finds that it works again.
            since = bot.desk.storage.since
        assert since is not None
        assert f"it cannot use its database since {since.isoformat(timespec='seconds')}" in words(ill(findings))


# Here


async def test_a_configuration_that_cannot_be_read(place: Place) -> None:
    place.toml.write_text("[server]\nurll = 'x'\n")
    found = await only_trouble(place)
    assert "urll" in found.words


async def test_without_a_set_up_everything_missing_is_named(place: Place) -> None:
    place.toml.write_text("")
    found = await only_trouble(place)
    assert "MUSTER_TOKEN is missing" in found.words
    assert "muster setup" in found.remedy


async def test_secrets_that_others_can_read(place: Place) -> None:
    async with installed(place):
        place.secrets.chmod(0o640)
        found = await only_trouble(place)
        assert found.remedy == f"Run: chmod 600 {place.secrets}"


async def test_a_database_that_cannot_be_opened(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    async with installed(place):
        monkeypatch.setenv("MUSTER_STORE_URL", "sqlite:////nowhere/at/all.sqlite")
        assert "/nowhere/at is no folder in which Muster may write" in (await only_trouble(place)).words
        monkeypatch.setenv("MUSTER_STORE_URL", f"sqlite:///{place.toml}")
        assert "file is not a database" in (await only_trouble(place)).words


async def test_no_database_is_made_by_looking_for_it(place: Place) -> None:
    async with installed(place):
        before = {path.name for path in place.folder.iterdir()}
        said = f"well: There is no database {place.folder.resolve()}/muster.sqlite yet; the first muster run makes it."
        assert said in words(await place.examine())
        assert {path.name for path in place.folder.iterdir()} == before


async def test_a_database_of_an_older_muster_stays_as_it_is(place: Place) -> None:
    async with installed(place):
        with closing(Database(load().store.url)) as database:
            database.migrate()
            with database.engine.begin() as connection:
                connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0010'")
            findings = await place.examine()
            assert ill(findings) == [], words(findings)
            assert "can be written. The database has the schema of an older version of Muster" in words(findings)
            assert database.schema()[0] == "0010"


async def test_a_database_that_cannot_be_written(place: Place) -> None:
    async with installed(place):
        database = Database(load().store.url)
        database.migrate()
        with database.engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE muster_doctor (tried INTEGER)")
        database.close()
        found = await only_trouble(place)
        assert "cannot be written" in found.words


async def test_a_database_for_reading_only(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    async with installed(place):
        with closing(Database(load().store.url)) as database:
            database.migrate()
        monkeypatch.setenv("MUSTER_STORE_URL", f"sqlite:///file:{place.folder}/muster.sqlite?mode=ro&uri=true")
        assert "attempt to write a readonly database" in (await only_trouble(place)).words


async def test_a_database_of_a_newer_muster(place: Place) -> None:
    async with installed(place):
        database = Database(load().store.url)
        database.migrate()
        with database.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        database.close()
        assert "was written by a newer version of Muster" in (await only_trouble(place)).words


async def test_a_playbook_with_a_mistake(place: Place) -> None:
    (place.folder / "playbooks").mkdir()
    (place.folder / "playbooks" / "x.yaml").write_text("titel: x")
    async with installed(place):
        found = await only_trouble(place)
        assert "playbooks/x.yaml has 2 mistakes" in found.words
        assert found.still == "all others, and this one as it was before the mistake."


# The server and the account


async def test_a_server_that_is_down(place: Place) -> None:
    async with installed(place) as (mm, _):
        await mm.stop()
        found = await only_trouble(place)
        assert "The server cannot be reached" in found.words
        assert "[server] url" in found.remedy


async def test_a_server_that_is_too_old(place: Place) -> None:
    async with installed(place) as (mm, _):
        mm.faults.server_error("GET /config/client", status=200, body='{"Version": "5.30.0"}')
        assert (await only_trouble(place)).remedy == "Muster needs 5.37 or newer."


async def test_a_token_that_was_revoked(place: Place) -> None:
    async with installed(place) as (mm, _):
        mm.faults.revoke_tokens("muster")
        found = await only_trouble(place)
        assert found.words == "The server refuses the bot's access token."
        assert "muster setup" in found.remedy


async def test_a_token_of_a_persons(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    async with installed(place) as (_, admin):
        made = await admin.rest("POST", f"/users/{admin.id}/tokens", {"description": "x"})
        monkeypatch.setenv("MUSTER_TOKEN", made["token"])
        assert "belongs to @admin, a person's account" in (await only_trouble(place)).words


async def test_a_websocket_that_a_proxy_does_not_pass_on(place: Place) -> None:
    async with installed(place) as (mm, _):
        mm.faults.server_error("GET /websocket", status=502)
        found = await only_trouble(place)
        assert "The websocket does not work" in found.words
        assert "Upgrade" in found.remedy


async def test_clocks_that_differ(place: Place) -> None:
    async with installed(place) as (mm, _):
        mm.clock.advance(minutes=5)
        findings = await place.examine()
        assert ill(findings) == []
        assert "note: The server's clock is 300 s ahead of this one." in words(findings)


# Places and rights


async def test_a_team_that_the_bot_is_not_in(place: Place) -> None:
    async with installed(place) as (_, admin):
        await admin.rest("POST", "/teams", {"name": "sales", "display_name": "Sales", "type": "O"})
        write_settings(place.local, {("server", "teams"): ["ops", "sales"]})
        found = await only_trouble(place)
        assert (found.words, found.still) == ("The bot is not in the team sales.", "everything in ops")
        write_settings(place.local, {("server", "teams"): ["sales"]})
        assert [trouble.still for trouble in ill(await place.examine())][:2] == ["", ""]


# Whom and what playbooks name

NAMING = """
title: Outage
teams: [{teams}]
owner: "@lead"
invite: ["@dana", "@Gone", "@away"]
admins: ["@dana"]
members: ["@nobody", "@dana", "@lead"]
roles:
  - {{name: scribe, rota: {{people: ["@dana", "@turn"], from: 2026-01-05}}}}
channel: {{use: ~war-room}}
updates: {{broadcast: [~town-square, ~statsu, ~old]}}
checklists:
  - title: A
    tasks: [{{title: T, assignees: ["@dana", "@worker"], done_when: {{says: [green], by: ["@judge"]}}}}]
"""


def names(place: Place, teams: str) -> None:
    (place.folder / "playbooks").mkdir(exist_ok=True)
    (place.folder / "playbooks" / "outage.yaml").write_text(NAMING.format(teams=teams))


@pytest.mark.parametrize("version", VERSIONS)
async def test_every_person_channel_and_team_that_a_playbook_names_is_looked_up(place: Place, version: str) -> None:
    names(place, "ops, nowhere")
    async with installed(place, version) as (_, admin):
        for name in ("dana", "gone", "away"):
            body = {"username": name, "email": f"{name}@example.com", "password": "Some-pass-2026"}
            user = await admin.rest("POST", "/users", body)
            if name != "away":
                team = f"/teams/{admin.team_id}/members"
                await admin.rest("POST", team, {"team_id": admin.team_id, "user_id": user["id"]})
            if name == "gone":
                await admin.rest("DELETE", f"/users/{user['id']}")
        body = {"team_id": admin.team_id, "name": "old", "display_name": "Old", "type": "O"}
        old = await admin.rest("POST", "/channels", body)
        await admin.rest("DELETE", f"/channels/{old['id']}")
        body = {"team_id": admin.team_id, "name": "war-room", "display_name": "War room", "type": "P"}
        await admin.rest("POST", "/channels", body)
        teams, people, channels = ill(await place.examine())
        assert teams.words == "outage names teams in which Muster does not work: nowhere."
        assert teams.still == "runs of it in ops."
        assert people.words == (
            "outage names people who cannot take part: "
            + "".join(
                f"@{name}, whom the server does not know; " for name in ("judge", "lead", "nobody", "turn", "worker")
            )
            + "@gone, who is deactivated; @away, who is not in ops."
        )
        assert channels.words == (
            "outage names channels that cannot be used: ~old, which is archived in ops; "
            "~statsu, which is not in ops, or is private without the bot; "
            "~war-room, which is not in ops, or is private without the bot."
        )
        assert channels.still == "all other playbooks."


async def test_where_all_that_is_named_is_there_it_is_said(place: Place) -> None:
    (place.folder / "playbooks").mkdir()
    book = {"title": "Outage", "invite": ["@admin"], "updates": {"broadcast": ["~town-square"]}}
    (place.folder / "playbooks" / "outage.yaml").write_text(json.dumps(book))
    async with installed(place):
        findings = await place.examine()
        assert ill(findings) == [], words(findings)
        assert "well: Every person and channel that playbooks name is there." in words(findings)


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_right_that_was_taken_away(place: Place, version: str) -> None:
    async with installed(place, version) as (mm, _):
        mm.world.roles["team_user"].permissions.remove("create_private_channel")
        found = await only_trouble(place)
        assert found.words == "In ops the bot may not create private channels."
        assert "System Console > User Management > Permissions" in found.remedy


async def test_ephemeral_messages_are_only_a_matter_of_taste(place: Place) -> None:
    async with installed(place) as (mm, _):
        findings = await place.examine()
        assert "note: The bot may not show a message to one person alone" in words(findings)
        await place.set_up(mm.url, grant_ephemeral=True)
        assert "well: The bot may show a message to one person alone." in words(await place.examine())


# The command


async def test_a_command_that_is_gone(place: Place) -> None:
    async with installed(place) as (_, admin):
        (command,) = await admin.rest("GET", "/commands", team_id=admin.team_id, custom_only="true")
        await admin.rest("DELETE", f"/commands/{command['id']}")
        found = await only_trouble(place)
        assert (found.words, found.remedy) == (
            "In ops there is no command /playbook.",
            "Run muster setup to create it.",
        )
        assert found.still.startswith("buttons, keywords, and all commands in a message to the bot")


@pytest.mark.parametrize("runs", [False, True])
async def test_a_command_with_another_token(place: Place, runs: bool) -> None:
    async with installed(place) as (mm, _), AsyncExitStack() as stack:
        mm.faults.regenerate_command_token("playbook")
        if runs:
            await stack.enter_async_context(running(load()))
        assert "its token is not the one" in words([await only_trouble(place)])


async def test_a_command_that_leads_elsewhere(place: Place) -> None:
    async with installed(place) as (_, admin):
        (command,) = await admin.rest("GET", "/commands", team_id=admin.team_id, custom_only="true")
        await admin.rest("PUT", f"/commands/{command['id']}", command | {"url": f"http://127.0.0.1:{free_port()}/x"})
        assert "It leads to another address" in (await only_trouble(place)).remedy


async def test_a_plugin_that_answers_instead(place: Place) -> None:
    async with installed(place) as (mm, _):
        plugin_holds(mm, "playbook")
        found = await only_trouble(place)
        assert "answered by a plugin or by Mattermost itself" in found.words
        assert "muster setup --trigger muster" in found.remedy


async def test_commands_that_are_switched_off(place: Place) -> None:
    async with installed(place) as (mm, _):
        refusal = json.dumps({"id": "api.command.disabled.app_error", "message": "Commands have been disabled."})
        mm.faults.server_error("POST /commands/execute", status=501, body=refusal)
        assert "Enable Custom Slash Commands (ServiceSettings.EnableCommands)" in (await only_trouble(place)).remedy


# The way back


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_server_that_may_not_call_private_addresses(place: Place, version: str) -> None:
    async with installed(place, version) as (mm, _):
        mm.world.config["ServiceSettings"]["AllowedUntrustedInternalConnections"] = ""
        found = await only_trouble(place)
        assert found.words.startswith("The server does not reach Muster at http://127.0.0.1:")
        assert "(ServiceSettings.AllowedUntrustedInternalConnections) name 127.0.0.1" in found.remedy


async def test_a_redirect_that_turns_a_press_into_nothing(place: Place) -> None:
    async with installed(place):
        own = load().callbacks.url

        async def away(request: web.Request) -> web.Response:
            raise web.HTTPFound(own + request.path)

        async with listening(away) as url:
            write_settings(place.local, {("callbacks", "url"): url})
            found = await only_trouble(place)
            assert "was redirected on the way, and arrived as GET /actions" in found.words
            assert "final address" in found.remedy


async def test_a_proxy_that_takes_off_the_path(place: Place) -> None:
    async with installed(place):
        own = load().callbacks.url

        async def pass_on(request: web.Request) -> web.Response:
            path = request.path.removeprefix("/muster")
            async with (
                aiohttp.ClientSession() as session,
                session.post(own + path, data=await request.read()) as answer,
            ):
                return web.Response(status=answer.status, body=await answer.read())

        async with listening(pass_on) as url:
            write_settings(place.local, {("callbacks", "url"): f"{url}/muster"})
            found = await only_trouble(place)
            assert "its call arrived, but at /actions instead of /muster/actions" in found.words


async def test_something_else_that_answers(place: Place) -> None:
    async def yes(_request: web.Request) -> web.Response:
        return web.json_response({})

    async with installed(place), listening(yes) as url:
        write_settings(place.local, {("callbacks", "url"): url})
        assert "something else answers there" in (await only_trouble(place)).words


async def test_a_port_that_another_program_uses(place: Place) -> None:
    async def no(_request: web.Request) -> web.Response:
        return web.Response(status=404)

    async with installed(place), listening(no, load().callbacks.listen_port):
        found = await only_trouble(place)
        assert "Another program uses the port" in found.words
        assert "listen_port" in found.remedy


async def test_a_muster_that_runs_with_another_secret(place: Place) -> None:
    async with installed(place), running(load()):
        write_secrets(place.toml, {"MUSTER_CALLBACKS_SECRET": "another secret of the same size"})
        found = await only_trouble(place)
        assert "A Muster with another signing secret runs" in found.words
        assert "Restart it" in found.remedy


async def test_an_address_to_listen_at_that_is_not_this_machines(place: Place) -> None:
    async with installed(place):
        write_settings(place.local, {("callbacks", "listen_host"): "192.0.2.1"})
        assert "Muster cannot listen at 192.0.2.1" in (await only_trouble(place)).words


async def test_a_stranger_cannot_make_the_door_say_pong(place: Place) -> None:
    async with installed(place), running(load()):
        url = load().callbacks.url
        body = {"user_id": "x" * 26, "channel_id": "x" * 26, "context": {"m": "doctor.ping"}}
        async with aiohttp.ClientSession() as session:
            async with session.post(f"{url}/actions", json=body) as answer:
                assert answer.status == 403
            fields = {"token": "x", "user_id": "x" * 26, "channel_id": "x" * 26, "text": "doctor.ping x"}
            async with session.post(f"{url}/commands", data=fields) as answer:
                assert "doctor.pong" not in json.dumps(await answer.json())


# The command line


async def _doctor(folder: Path) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "doctor",
        cwd=folder,
        env=environment(),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out, _ = await process.communicate()
    return process.returncode or 0, out.decode()


@pytest.mark.parametrize(
    ("mode", "still"), [("auto", "messages to the bot and reactions"), ("on", "keywords, and all")]
)
async def test_what_works_without_the_way_back_is_said(place: Place, mode: str, still: str) -> None:
    async with installed(place) as (mm, _):
        mm.world.config["ServiceSettings"]["AllowedUntrustedInternalConnections"] = ""
        write_settings(place.local, {("callbacks", "mode"): mode})
        code, out = await _doctor(place.folder)
        assert code == 1
        assert f"\n    Works all the same: {still}" in out
        assert out.splitlines()[-1].startswith("Muster can work, but not all of it does; see what stands behind ✗")


async def test_the_exit_code_tells_whether_all_is_well(place: Place) -> None:
    async with installed(place) as (mm, _):
        code, out = await _doctor(place.folder)
        assert (code, out.splitlines()[-1]) == (0, "Muster can work."), out
        assert "✓ The access token works; the bot is @muster." in out
        assert not [value for value in place.kept().values() if value in out]
        mm.faults.revoke_tokens("muster")
        code, out = await _doctor(place.folder)
        assert code == 1
        assert "✗ The server refuses the bot's access token.\n    → It was revoked" in out
        assert out.splitlines()[-1] == "Muster cannot work like this; see what stands behind ✗."


def _bot(mm: Sandbox) -> User:
    return next(user for user in mm.users if user.is_bot)


async def test_commands_of_playbooks_that_are_not_run_are_named_with_what_would_let_them(place: Place) -> None:
    (place.folder / "playbooks").mkdir()
    commands = ["/jira create $ticket", "/deploy staging", "/jira create $ticket", "/$tool now", "/playbook finish"]
    book = {"title": "Ship", "checklists": [{"title": "A", "tasks": [{"title": "T", "command": c} for c in commands]}]}
    (place.folder / "playbooks" / "ship.yaml").write_text(json.dumps(book))
    place.toml.write_text('[commands]\nrun = ["/Deploy\u2003Staging"]\n', encoding="utf-8")
    findings = [finding for finding in await place.examine() if "Commands of" in finding.words]
    assert [finding.words for finding in findings] == [
        "Commands of ship are handed over to be pasted, not run: /jira create $ticket, /$tool now"
    ]
    assert 'run = ["/Deploy Staging", "/jira create"]' in findings[0].remedy
    place.toml.write_text('[commands]\nrun = ["/deploy", "/jira"]\n')
    findings = [finding for finding in await place.examine() if "Commands of" in finding.words]
    assert [finding.words.rpartition(": ")[2] for finding in findings] == ["/$tool now"]


async def test_files_are_checked_against_the_server(place: Place) -> None:
    async with installed(place):
        book = read_playbook(
            "title: Outage\nteams: [ops]\nowner: '@nobody'\ninvite: ['group:sre', '@muster']\n"
            "updates: {broadcast: [~nowhere]}\nactions: [{post: hi, channel: ~gone}]\n",
            "outage.yaml",
        )
        shelf = Shelf({"outage": Found("file:outage.yaml", book)})
        found = [finding async for finding in examine_books(load(), shelf)]
        assert [finding.words for finding in ill(found)] == [
            "outage names people who cannot take part: @nobody, whom the server does not know.",
            "outage names groups in vain: sre, on a server whose license has no groups.",
            "outage names channels that cannot be used: ~gone, which is not in ops, or is private without the bot; "
            "~nowhere, which is not in ops, or is private without the bot.",
        ]


async def test_a_server_that_is_away_is_told_when_files_are_checked(place: Place) -> None:
    async with installed(place):
        pass
    found = [finding async for finding in examine_books(load(), Shelf())]
    assert [finding.state for finding in found] == ["ill"]
